import {
  hasIdentifier,
  heldSinceOf,
  identifiersOf,
  nearlyHasIdentifier,
  type Contact,
} from './contact';
import { verdictOnIdentifier, withAnswers, type Decision } from './decision';
import type { Verdict } from './verdicts';
import type { DoubtfulConversation, DoubtfulSummary } from './doubtful';
import { maskedIdentifier, maskedPhone, type Identifier, type IdentifierType } from './identifiers';
import { compareName, maskedName, type Comparison } from './names';
import type { NoContactEvidence } from './no-contact';
import { smsNumberOf } from './reachability';
import { identifiersInQuestion, resolveSubject, type ContactMatches } from './resolve-contact';
import { identifierKey } from './spellings';
import { noParts } from './withheld-parts';

/** What a privacy officer decides by: comparisons and counts, with every value masked. */

/** What is stored of a request that the evidence is made of. */
export interface EvidenceSource {
  identifiers: readonly Identifier[];
  name: string | null;
  contactMatches: ContactMatches | null;
  noContact?: NoContactEvidence | null;
  decision: Decision | null;
}

/** An identifier in question. Its number, from 1, is what calls and answers name it by. */
export interface IdentifierEvidenceView {
  number: number;
  type: IdentifierType;
  masked: string;
  /** Whether the request gives it. */
  isGiven: boolean;
  /** Whether contacts other than a candidate have it, too. */
  isShared: boolean;
  hasExtension: boolean;
  /** Numbers of the candidates that have it, or nearly the same. */
  candidates: number[];
  /** Those among them that have nearly the same only. */
  nearly: number[];
  answer: Verdict | null;
}

export interface CandidateView {
  number: number;
  contactId: string;
  createdAt: string | null;
  mergedContacts: number;
  name: Comparison;
  maskedName: string | null;
  /** One for each identifier that the request gives. */
  matches: { identifier: number; verdict: Comparison; since: string | null }[];
  phones: number;
  mailboxes: number;
  /** Its mailboxes by their numbers, in the order on file. */
  mailboxNumbers: number[];
  /** Where a code would go if this candidate were chosen, by the answers so far. */
  codeGoesTo: string | null;
  /** Whether it is the person: by an officer's answer, or as the only one that is clear without. */
  isChosen: boolean;
}

/** The identifiers in question, each with its number. */
export class IdentifierNumbers {
  readonly all: readonly Identifier[];
  private readonly numbers: ReadonlyMap<string, number>;

  constructor({ identifiers, contactMatches }: EvidenceSource) {
    this.all = identifiersInQuestion(identifiers, contactMatches?.candidates ?? []);
    this.numbers = new Map(this.all.map((one, i) => [identifierKey(one), i + 1]));
  }

  /** The identifier with a number; null without one. */
  at(number: number): Identifier | null {
    return this.all[number - 1] ?? null;
  }

  /** The number of the identifier with an `identifierKey`; null when it is not in question. */
  of(key: string): number | null {
    return this.numbers.get(key) ?? null;
  }

  /** The numbers of those that are in question, in their order. */
  ofAll(keys: readonly string[]): number[] {
    return keys.flatMap((key) => this.of(key) ?? []).sort((a, b) => a - b);
  }
}

/** How an identifier that the request gives compares with what a contact has of its type. */
export function compareIdentifier(contact: Contact, identifier: Identifier): Comparison {
  if (hasIdentifier(contact, identifier)) return 'same';
  if (nearlyHasIdentifier(contact, identifier)) return 'similar';
  const isOfItsType = ({ type }: Identifier): boolean => type === identifier.type;
  return identifiersOf(contact).some(isOfItsType) ? 'differs' : 'none';
}

/** The candidates beside what the request gives. */
export function candidateViews(
  { identifiers, name, contactMatches, decision }: EvidenceSource,
  numbers: IdentifierNumbers,
): CandidateView[] {
  const given = identifiersInQuestion(identifiers, []);
  if (contactMatches === null) return [];
  const isClear = resolveSubject(contactMatches, name, decision).contact !== null;
  const isAnswered = decision !== null && decision.contactIds.length > 0;
  return contactMatches.candidates.map((contact, i) => {
    const chosen = withAnswers(decision, { contactIds: [contact.id] }, 0, '');
    const { contact: asChosen } = resolveSubject(contactMatches, null, chosen);
    const smsNumber = asChosen && smsNumberOf(asChosen);
    return {
      number: i + 1,
      contactId: contact.id,
      createdAt: contact.createdAt,
      mergedContacts: contact.mergeSet.filter((id) => id !== contact.id).length,
      name: compareName(contact, name),
      maskedName: maskedName(contact),
      matches: given.map((identifier) => ({
        identifier: numbers.of(identifierKey(identifier)) ?? 0,
        verdict: compareIdentifier(contact, identifier),
        since: heldSinceOf(contact, identifier),
      })),
      phones: contact.phones.length,
      mailboxes: contact.emails.length,
      mailboxNumbers: contact.emails.flatMap(
        (value) => numbers.of(identifierKey({ type: 'email', value })) ?? [],
      ),
      codeGoesTo: smsNumber === null ? null : maskedPhone(smsNumber),
      isChosen: isAnswered ? decision.contactIds.includes(contact.id) : isClear,
    };
  });
}

/** The identifiers that an officer may answer by. */
export function identifierViews(
  { identifiers, contactMatches, decision }: EvidenceSource,
  numbers: IdentifierNumbers,
): IdentifierEvidenceView[] {
  const { candidates = [], shared = [] } = contactMatches ?? {};
  const given = new Set(identifiers.map(identifierKey));
  const spellings = [...identifiers, ...candidates.flatMap(identifiersOf)];
  return numbers.all.map((identifier, i) => {
    const key = identifierKey(identifier);
    const same = spellings.filter((one) => identifierKey(one) === key);
    const having = candidates.flatMap((contact, n) =>
      nearlyHasIdentifier(contact, identifier) ? [{ contact, number: n + 1 }] : [],
    );
    const isNear = ({ contact }: (typeof having)[number]): boolean =>
      !identifiersOf(contact).some((one) => identifierKey(one) === key);
    return {
      number: i + 1,
      type: identifier.type,
      masked: maskedIdentifier(identifier),
      isGiven: given.has(key),
      isShared: same.some(({ value }) => shared.includes(value)),
      hasExtension: same.some(({ extension }) => extension !== undefined),
      candidates: having.map(({ number }) => number),
      nearly: having.filter(isNear).map(({ number }) => number),
      answer: verdictOnIdentifier(identifier, decision),
    };
  });
}

/** What the source holds of a person of whom no contact was found; null where one was found. */
export const noContactView = (noContact: NoContactEvidence | null, numbers: IdentifierNumbers) =>
  noContact && {
    identifiers: noContact.identifiers.flatMap(({ key, conversations, from, to }) => {
      const identifier = numbers.of(key);
      return identifier === null ? [] : [{ identifier, conversations, from, to }];
    }),
    subjects: noContact.subjects,
  };

/**
 * How many doubtful conversations there are and what is decided on them: by identifier, of those that an
 * answer on it covers; by contact, of those that carry it.
 */
export const doubtfulView = (
  { byIdentifier, byContact, ...all }: DoubtfulSummary,
  numbers: IdentifierNumbers,
  decision: Decision | null,
) => ({
  ...all,
  byIdentifier: byIdentifier.flatMap(({ identifier: key, total, undecided }) => {
    const identifier = numbers.of(key);
    return identifier === null ? [] : [{ identifier, total, undecided }];
  }),
  byContact: byContact.map(({ contactId, total, undecided }) => ({
    ...{ contactId, total, undecided },
    answer: decision?.contacts[contactId]?.verdict ?? null,
  })),
});

/** A doubtful conversation with numbers in place of identifiers. */
export const conversationView = (
  conversation: DoubtfulConversation & { verdict: Verdict | null },
  numbers: IdentifierNumbers,
  decision: Decision | null,
) => ({
  conversationId: conversation.conversationId,
  startedAt: conversation.startedAt,
  channels: [...conversation.channels],
  direction: conversation.direction,
  queues: [...conversation.queues],
  doubt: conversation.doubt,
  tiedBy: numbers.ofAll(conversation.tiedBy),
  otherContacts: [...conversation.otherContacts],
  verdict: conversation.verdict,
  own: decision?.conversations[conversation.conversationId]?.verdict ?? null,
});

/** What officers have decided on the person, and withheld for others, with numbers in place of identifiers. */
export function decisionView(decision: Decision | null, numbers: IdentifierNumbers) {
  if (decision === null) return null;
  const { contactIds, method, codeTo, inviteTo, undecided, at } = decision;
  const { rightsOfOthers = noParts } = decision;
  const numberOf = (key: string | null): number | null => (key === null ? null : numbers.of(key));
  return {
    contactIds,
    method,
    codeTo: numberOf(codeTo),
    inviteTo: numberOf(inviteTo),
    undecided,
    rightsOfOthers,
    at,
  };
}

/** Names and identifiers in clear, for an officer who has said why they need them. */
export function revealed(
  { contactMatches, name }: EvidenceSource,
  numbers: IdentifierNumbers,
): {
  name: string | null;
  candidates: {
    number: number;
    contactId: string;
    firstName: string | null;
    lastName: string | null;
    identifiers: (Identifier & { number: number })[];
  }[];
  identifiers: (Identifier & { number: number })[];
} {
  const numbered = (identifier: Identifier): Identifier & { number: number } => {
    const { type, value, extension } = identifier;
    const number = numbers.of(identifierKey(identifier)) ?? 0;
    return { number, type, value, ...(extension === undefined ? {} : { extension }) };
  };
  return {
    name,
    candidates: (contactMatches?.candidates ?? []).map((contact, i) => ({
      number: i + 1,
      contactId: contact.id,
      firstName: contact.firstName,
      lastName: contact.lastName,
      identifiers: identifiersOf(contact).map(numbered),
    })),
    identifiers: numbers.all.map(numbered),
  };
}
