import { hasRecord, identifiersOf, type Contact, type UnsearchedIdentifier } from './contact';
import { verdictOnIdentifier, type Decision } from './decision';
import type { Identifier } from './identifiers';
import { currentNumber } from './number-plans';
import { smsNumberOf } from './reachability';
import {
  identifiersInQuestion,
  resolveSubject,
  type ContactMatches,
  type ResolveOutcome,
} from './resolve-contact';
import { identifierKey } from './spellings';

/** What the source holds under one identifier of a person without a contact record. */
export interface IdentifierEvidence {
  /** `identifierKey` of an identifier that the request gives. */
  key: string;
  /** Conversations that carry it, those that carry a contact as well included. */
  conversations: number;
  /** When the first and the last of them began (ISO 8601); null without one. */
  from: string | null;
  to: string | null;
}

/**
 * What is known of a person of whom no contact record was found: all that is read of conversations
 * before the person has proven who they are.
 */
export interface NoContactEvidence {
  /** In the order in which the request gives the identifiers, spellings of one identifier once. */
  identifiers: IdentifierEvidence[];
  /**
   * Data subjects that the source itself names for these identifiers (`GET /api/v2/gdpr/subjects`),
   * each once; null when it cannot be asked by any of them.
   */
  subjects: number | null;
}

/** An identifier under which nothing was found yet. */
export const noEvidence = (key: string): IdentifierEvidence => ({
  key,
  conversations: 0,
  from: null,
  to: null,
});

/**
 * The evidence with a further conversation.
 * @param startedAt null when the source does not say
 */
export const withConversation = (
  evidence: IdentifierEvidence,
  startedAt: string | null,
): IdentifierEvidence =>
  sumOf(evidence, { ...evidence, conversations: 1, from: startedAt, to: startedAt });

/** What two searches, none of whose conversations is one of the other's, have found by one identifier. */
export const sumOf = (a: IdentifierEvidence, b: IdentifierEvidence): IdentifierEvidence => ({
  key: a.key,
  conversations: a.conversations + b.conversations,
  from: boundOf(a.from, b.from, Math.min),
  to: boundOf(a.to, b.to, Math.max),
});

function boundOf(
  a: string | null,
  b: string | null,
  pick: (...times: number[]) => number,
): string | null {
  // What the source calls a time may be none.
  const times = [a, b].flatMap((time) => (time === null ? [] : Date.parse(time))).filter(isFinite);
  return times.length === 0 ? null : new Date(pick(...times)).toISOString();
}

const countOf = (evidence: NoContactEvidence | null, key: string): number =>
  evidence?.identifiers.find((one) => one.key === key)?.conversations ?? 0;

const isAnythingHeld = ({ identifiers, subjects }: NoContactEvidence): boolean =>
  (subjects ?? 0) > 0 || identifiers.some(({ conversations }) => conversations > 0);

/** What it takes to say who a request is about. */
export interface RequestToResolve {
  identifiers: readonly Identifier[];
  name: string | null;
  noContact?: NoContactEvidence | null;
  decision: Decision | null;
}

/**
 * Determines whom a request means: the contact that was found, or a person without a contact record by
 * the identifiers that an officer has named as theirs.
 * @param invited the person as they were invited to prove who they are; null before. They are written to,
 *   and sent codes, where they were then: what is proven since is proven of that
 */
export function resolveRequest(
  contactMatches: ContactMatches,
  request: RequestToResolve,
  invited: Contact | null,
): { outcome: ResolveOutcome; contact: Contact | null } {
  if (contactMatches.candidates.length > 0) {
    const { outcome, contact } = resolveSubject(contactMatches, request.name, request.decision);
    return { outcome, contact: contact && invited ? reachedAs(invited, contact) : contact };
  }
  const { noContact } = request;
  if (!noContact) return { outcome: 'nobodyFound', contact: null };
  if (!isAnythingHeld(noContact)) return { outcome: 'noDataFound', contact: null };
  const contact = personNamed(request, invited);
  return { outcome: contact === null ? 'noContact' : 'found', contact };
}

/** A contact with the number that codes went to, and the mailbox that was invited, before others. */
function reachedAs(invited: Contact, contact: Contact): Contact {
  const smsNumber = smsNumberOf(invited);
  const [mailbox] = invited.emails;
  return {
    ...contact,
    phones: firstOf(contact.phones, ({ number }) => currentNumber(number) === smsNumber),
    emails: firstOf(contact.emails, (one) => one === mailbox),
  };
}

const firstOf = <T>(all: readonly T[], isFirst: (one: T) => boolean): T[] => [
  ...all.filter(isFirst),
  ...all.filter((one) => !isFirst(one)),
];

/** A person without a contact record, by their identifiers; none of these is written to. */
export const personWithoutRecord = (identifiers: readonly Identifier[]): Contact => ({
  id: '',
  firstName: null,
  lastName: null,
  mergeSet: [],
  phones: [],
  emails: [],
  handles: [],
  former: [...identifiers],
  createdAt: null,
});

/** The person by the identifiers that an officer has named; null while none is. */
function personNamed(request: RequestToResolve, invited: Contact | null): Contact | null {
  const given = identifiersInQuestion(request.identifiers, []);
  const isNamed = (one: Identifier): boolean =>
    verdictOnIdentifier(one, request.decision) === 'include';
  const named = given.filter(isNamed);
  if (named.length === 0) return null;
  const { number, mailbox } =
    invited === null ? contactPointsOf(request, named) : keptOf(invited, named);
  const notSearched = given
    .filter((one) => !isNamed(one))
    .map((one): UnsearchedIdentifier => ({ ...one, reason: 'notConfirmed' }));
  return {
    ...personWithoutRecord(named.filter((one) => one !== number && one !== mailbox)),
    phones: number ? [{ number: number.value, receivesSms: true }] : [],
    emails: mailbox ? [mailbox.value] : [],
    ...(notSearched.length > 0 ? { notSearched } : {}),
  };
}

/** Where codes and the invitation go. */
interface ContactPoints {
  number: Identifier | undefined;
  mailbox: Identifier | undefined;
}

/**
 * Where codes and the invitation go by an officer's decision: to a number that conversations carry, and
 * to a mailbox, both named as the person's. Undefined for what is neither chosen nor possible.
 */
function contactPointsOf(
  { decision, noContact }: Pick<RequestToResolve, 'decision' | 'noContact'>,
  named: readonly Identifier[],
): ContactPoints {
  const { codeTo = null, inviteTo = null } = decision ?? {};
  const number = named.find((one) => identifierKey(one) === codeTo);
  const mailbox = named.find((one) => identifierKey(one) === inviteTo);
  // A number with an extension is a switchboard's, and one that no conversation carries proves nothing.
  const isNumber = number?.type === 'phone' && number.extension === undefined;
  const isCarried = codeTo !== null && countOf(noContact ?? null, codeTo) > 0;
  return {
    number: isNumber && isCarried ? number : undefined,
    mailbox: mailbox?.type === 'email' ? mailbox : undefined,
  };
}

/** Where they have gone since the invitation, as far as that is still named as the person's. */
const keptOf = ({ phones, emails }: Contact, named: readonly Identifier[]): ContactPoints => ({
  number: named.find(({ type, value }) => type === 'phone' && value === phones[0]?.number),
  mailbox: named.find(({ type, value }) => type === 'email' && value === emails[0]),
});

export type ContactPointProblem = 'codeToNotPossible' | 'inviteToNotPossible';

/**
 * Why codes or the invitation cannot go where a decision sends them; null when they can. Codes go to a
 * number without an extension that conversations carry, the invitation to a mailbox; the decision has to
 * name both as the person's.
 */
export function contactPointProblem(
  request: RequestToResolve & { decision: Decision },
): ContactPointProblem | null {
  const { codeTo, inviteTo } = request.decision;
  // Somebody of whom there is a record is reached by what is on file.
  const isOnFile = !request.noContact;
  const named = identifiersInQuestion(request.identifiers, []).filter(
    (one) => verdictOnIdentifier(one, request.decision) === 'include',
  );
  const { number, mailbox } = contactPointsOf(request, named);
  if (codeTo !== null && (isOnFile || number === undefined)) return 'codeToNotPossible';
  return inviteTo !== null && (isOnFile || mailbox === undefined) ? 'inviteToNotPossible' : null;
}

/**
 * The identifiers, by `identifierKey`, that a verification has proven; null when it has proven all that
 * an officer named. A code proves the number that it was sent to, and a login the identifier that it names,
 * and nothing else, where no contact record ties the other identifiers to it.
 * @param verifiedBy the method; null before
 * @param loginProved what the login has named; absent in requests of before that was kept
 */
export function provenBy(
  contact: Contact,
  verifiedBy: 'sms' | 'totp' | 'oidc' | 'officer' | null,
  loginProved?: string,
): ReadonlySet<string> | null {
  if (hasRecord(contact)) return null;
  if (verifiedBy === 'oidc' && loginProved !== undefined)
    return identifiersOf(contact).length > 1 ? new Set([loginProved]) : null;
  if (verifiedBy !== 'sms' && verifiedBy !== null) return null;
  const numbers = verifiedBy === null ? [] : contact.phones;
  return new Set(numbers.map(({ number }) => identifierKey({ type: 'phone', value: number })));
}
