import {
  identifiersOf,
  withMerged,
  withoutShared,
  type Contact,
  type IdentifierStanding,
} from './contact';
import { verdictOnIdentifier, type Decision } from './decision';
import type { Verdict } from './verdicts';
import type { Identifier } from './identifiers';
import { isWrittenTo } from './invitation';
import { hasName } from './names';
import { identifierKey } from './spellings';

/** Contacts that the search for the person has found. */
export interface ContactMatches {
  /** Contacts that have one of the identifiers given, in the order in which they were found. */
  candidates: Contact[];
  /**
   * Identifiers of candidates that other contacts have, too, and numbers with an extension, which are
   * those of a switchboard.
   */
  shared: string[];
  /** Whether a search for such contacts returned an incomplete result. */
  isPartial: boolean;
  /** Whether candidates have a similar identifier only. */
  isNearMatch: boolean;
}

export type ResolveOutcome =
  | 'found'
  | 'noDataFound'
  /** No contact: the conversations have yet to be counted. */
  | 'nobodyFound'
  /** No contact, and something is held under the identifiers given. */
  | 'noContact'
  | 'ambiguousContact'
  | 'nearMatch'
  | 'contactSearchIncomplete'
  | 'sharedIdentifier'
  | 'nameDiffers'
  /** Somebody asks for the person, and no officer has checked their mandate. */
  | 'mandateUnchecked'
  | 'noAuthenticationMethod';

/**
 * Determines the contact that the request means. Only one contact that shares nothing with others is
 * clear; everything else needs an officer's decision, who may choose several contacts that are one
 * person.
 * @param name that the request gives; null without one
 * @param decision of an officer; null without one
 * @returns the contact, with the identifiers that may be searched by and written to, when it is clear
 */
export function resolveSubject(
  contactMatches: ContactMatches,
  name: string | null,
  decision: Decision | null,
): { outcome: ResolveOutcome; contact: Contact | null } {
  const { candidates, shared } = contactMatches;
  // Answers to other questions choose nobody.
  const isChosen = decision !== null && decision.contactIds.length > 0;
  const chosen = isChosen ? chosenOf(candidates, decision.contactIds) : candidates[0];
  if (!chosen) return { outcome: 'noDataFound', contact: null };
  if (!isChosen) {
    const outcome = doubtAbout(contactMatches, chosen, name);
    if (outcome !== null) return { outcome, contact: null };
  }
  // One line or mailbox is shared in every spelling of it.
  const sharedKeys = new Set(
    candidates
      .flatMap(identifiersOf)
      .filter(({ value }) => shared.includes(value))
      .map(identifierKey),
  );
  const answered = new Set(answersIn(decision));
  const standingOf = (identifier: Identifier): IdentifierStanding => {
    const verdict = verdictOnIdentifier(identifier, decision);
    const isShared = sharedKeys.has(identifierKey(identifier));
    // What an officer has included by itself may take a denied identifier to find, and what they have
    // left out by itself stays out where the identifier is the person's.
    if (verdict === 'withhold' && !answered.has('include')) return isShared ? 'excluded' : 'denied';
    if (!isWrittenTo({ isShared, verdict })) return 'undecided';
    const isInDoubt = isShared || answered.has('withhold');
    return verdict === 'include' && isInDoubt ? 'confirmed' : 'own';
  };
  return { outcome: 'found', contact: withoutShared(chosen, standingOf) };
}

/** Verdicts on conversations, and on other contacts in them. */
const answersIn = (decision: Decision | null): Verdict[] =>
  [decision?.conversations, decision?.contacts].flatMap((answers) =>
    Object.values(answers ?? {}).map(({ verdict }) => verdict),
  );

/** The chosen contacts as one: the first is written to, and all are searched by. */
function chosenOf(candidates: readonly Contact[], ids: readonly string[]): Contact | undefined {
  const chosen = ids.flatMap((id) => candidates.find((one) => one.id === id) ?? []);
  const [first, ...others] = chosen;
  // A choice that is not found any more is no choice.
  if (first === undefined || chosen.length < ids.length) return undefined;
  return others.reduce(
    (whole, other) => ({
      ...withMerged(whole, other),
      mergeSet: [...new Set([...whole.mergeSet, other.id, ...other.mergeSet])],
    }),
    first,
  );
}

function doubtAbout(
  { candidates, shared, isPartial, isNearMatch }: ContactMatches,
  chosen: Contact,
  name: string | null,
): ResolveOutcome | null {
  if (candidates.length > 1) return 'ambiguousContact';
  if (isNearMatch) return 'nearMatch';
  if (isPartial) return 'contactSearchIncomplete';
  if (identifiersOf(chosen).some(({ value }) => shared.includes(value))) return 'sharedIdentifier';
  return name !== null && !hasName(chosen, name) ? 'nameDiffers' : null;
}

/**
 * The identifiers that an officer may answer by, in the order in which the evidence numbers them from 1:
 * those that the request gives, then those of the candidates.
 */
export function identifiersInQuestion(
  given: readonly Identifier[],
  candidates: readonly Contact[],
): Identifier[] {
  const byKey = new Map<string, Identifier>();
  for (const identifier of [...given, ...candidates.flatMap(identifiersOf)]) {
    const key = identifierKey(identifier);
    if (!byKey.has(key)) byKey.set(key, identifier);
  }
  return [...byKey.values()];
}
