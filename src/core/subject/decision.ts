import type { Identifier } from './identifiers';
import { identifierKey } from './spellings';
import { verdictOn, type Answer, type StoredAnswers, type Ties, type Verdict } from './verdicts';
import { noParts, type WithheldParts } from './withheld-parts';

/** How a person proves who they are; `sms` is a code to a number that only conversations carry. */
export const chosenMethods = ['sms', 'oidc', 'officer'] as const;
export type ChosenMethod = (typeof chosenMethods)[number];

/** What privacy officers have decided on a request, all their answers together. */
export interface Decision extends StoredAnswers {
  /** Contacts of the source that are the person, the one that is written to first. */
  contactIds: string[];
  /** Null for the methods on file. */
  method: ChosenMethod | null;
  /** `identifierKey` of the number that codes go to, and of the mailbox that is invited, of a person
   * without a contact record; null for what is on file. */
  codeTo: string | null;
  inviteTo: string | null;
  /** Whether the request waits for answers that are missing, or goes on without what they are about. */
  undecided: 'wait' | 'withhold';
  /** What is withheld for the rights of others; absent where an officer has withheld nothing. */
  rightsOfOthers?: WithheldParts;
  at: string;
}

/** Answers given together. What is absent stays as it was decided before. */
export interface DecisionChange {
  contactIds?: readonly string[];
  identifiers?: readonly { key: string; verdict: Verdict }[];
  contacts?: readonly { contactId: string; verdict: Verdict }[];
  conversations?: readonly { conversationId: string; verdict: Verdict }[];
  /** Conversations whose own answers of before stay as they are, whatever is answered on their groups. */
  keepsOwn?: readonly Ties[];
  method?: ChosenMethod | null;
  codeTo?: string | null;
  inviteTo?: string | null;
  undecided?: Decision['undecided'];
  /** In place of what was withheld before. */
  rightsOfOthers?: WithheldParts;
}

const undecided: Omit<Decision, 'at'> = {
  contactIds: [],
  identifiers: {},
  contacts: {},
  conversations: {},
  method: null,
  codeTo: null,
  inviteTo: null,
  undecided: 'wait',
};

/** Version of an answer that each other one overrules: decisions are numbered from 1. */
const overruledVersion = 0;

/**
 * The decision with further answers.
 * @param before null for the first answers
 * @param version number of this decision, above those before
 * @param at when it is made (ISO 8601)
 */
export function withAnswers(
  before: Decision | null,
  change: DecisionChange,
  version: number,
  at: string,
): Decision {
  const known: Decision = before ?? { ...undecided, at };
  const parts = change.rightsOfOthers ?? known.rightsOfOthers;
  const answers = <T extends { verdict: Verdict }>(
    given: readonly T[] = [],
    keyOf: (one: T) => string,
  ): Record<string, Answer> =>
    Object.fromEntries(given.map((one) => [keyOf(one), { verdict: one.verdict, version }]));
  const next: Decision = {
    contactIds: [...(change.contactIds ?? known.contactIds)],
    identifiers: { ...known.identifiers, ...answers(change.identifiers, ({ key }) => key) },
    contacts: { ...known.contacts, ...answers(change.contacts, (one) => one.contactId) },
    conversations: {
      ...known.conversations,
      ...answers(change.conversations, (one) => one.conversationId),
    },
    method: change.method === undefined ? known.method : change.method,
    codeTo: change.codeTo === undefined ? known.codeTo : change.codeTo,
    inviteTo: change.inviteTo === undefined ? known.inviteTo : change.inviteTo,
    undecided: change.undecided ?? known.undecided,
    ...(parts === undefined ? {} : { rightsOfOthers: parts }),
    at,
  };
  const given = new Set(change.conversations?.map(({ conversationId }) => conversationId));
  const keepsOwn = change.keepsOwn?.filter(({ conversationId }) => !given.has(conversationId));
  const kept = ownAnswers(known, next, { keepsOwn, version });
  return { ...next, conversations: { ...next.conversations, ...kept } };
}

/**
 * The own answers that would mean something else after a decision than before it: one that its conversation
 * follows counts as if it were given again, and one that was overruled stays so.
 */
function ownAnswers(
  before: Decision,
  after: Decision,
  { keepsOwn = [], version }: { keepsOwn: readonly Ties[] | undefined; version: number },
): Record<string, Answer> {
  const kept: Record<string, Answer> = {};
  for (const ties of keepsOwn) {
    const own = before.conversations[ties.conversationId];
    if (own === undefined) continue;
    const isFollowed = verdictOn(ties, before) === own.verdict;
    const answer = { verdict: own.verdict, version: isFollowed ? version : overruledVersion };
    const conversations = { [ties.conversationId]: answer };
    if (verdictOn(ties, after) !== verdictOn(ties, { ...after, conversations }))
      kept[ties.conversationId] = answer;
  }
  return kept;
}

/**
 * Whether a decision makes everything of before void: another person than the one that conversations were
 * searched for, by other contacts or identifiers, or other kinds of data. Answers on conversations do not.
 */
export function changesSubject(before: Decision | null, after: Decision): boolean {
  const { contactIds, identifiers } = before ?? undecided;
  const kindsIn = (decision: Decision | null): string =>
    JSON.stringify((decision?.rightsOfOthers ?? noParts).kinds.toSorted());
  const verdictsIn = (answers: Record<string, Answer>): string =>
    JSON.stringify(
      Object.entries(answers)
        .map(([key, { verdict }]) => [key, verdict])
        .sort(),
    );
  return (
    JSON.stringify(contactIds) !== JSON.stringify(after.contactIds) ||
    verdictsIn(identifiers) !== verdictsIn(after.identifiers) ||
    kindsIn(before) !== kindsIn(after)
  );
}

/** Why a conversation may be another person's. */
export const doubts = ['otherContact', 'beforeContact', 'sharedIdentifier'] as const;
export type Doubt = (typeof doubts)[number];

export const isDoubt = (judgement: string): judgement is Doubt =>
  doubts.some((doubt) => doubt === judgement);

/** Whether an identifier is the person's by an officer's answer; null while there is none. */
export const verdictOnIdentifier = (
  identifier: Identifier,
  decision: Decision | null,
): Verdict | null => decision?.identifiers[identifierKey(identifier)]?.verdict ?? null;
