import type { Answers } from '../../core/api/bodies';
import type { Decision } from '../../core/subject/decision';
import { answersInCall, verdictOn, type Verdict } from '../../core/subject/verdicts';
import type { Doubtful, DoubtfulConversation, Evidence } from './officer-api';

/**
 * What an officer has chosen of doubtful conversations and not saved yet, over what is saved. A choice on an
 * identifier or a contact fills what is undecided and what was chosen for a group; rows that were chosen one
 * by one or by selection, now or in an earlier decision, stay as they are, until they are chosen again. One on
 * an identifier covers conversations that carry no other contact.
 */

export type Choice = { verdict: Verdict } & (
  | { by: 'identifier'; identifier: number }
  | { by: 'contact'; contactId: string }
  | { by: 'rows'; rows: readonly DoubtfulConversation[] }
);

/** What is saved of identifiers, by their numbers, and of other contacts. */
export interface SavedAnswers {
  identifiers: Readonly<Record<string, Verdict>>;
  contacts: Readonly<Record<string, Verdict>>;
}

export const nothingSaved: SavedAnswers = { identifiers: {}, contacts: {} };

/** What is saved of identifiers and contacts, from the evidence; that of rows stands with them. */
export function savedAnswersOf({
  identifiers,
  doubtful,
}: Pick<Evidence, 'identifiers' | 'doubtful'>): SavedAnswers {
  const answered = <K>(all: readonly (readonly [K, Verdict | null])[]): Record<string, Verdict> =>
    Object.fromEntries(
      all.flatMap(([key, answer]) => (answer === null ? [] : [[String(key), answer]])),
    );
  return {
    identifiers: answered(identifiers.map(({ number, answer }) => [number, answer] as const)),
    contacts: answered(
      (doubtful?.byContact ?? []).map(({ contactId, answer }) => [contactId, answer] as const),
    ),
  };
}

/**
 * Versions of what is saved, below all choices. Of a row that an answer on a group overrules the answer of its
 * own is the older one.
 */
const overruledVersion = 0;
const savedVersion = 1;
/** Versions of the choices on groups, in their order, and of the rows, which come after all of them. */
const versionAt = (index: number): number => savedVersion + 1 + index;
const versionOfRows = (choices: readonly Choice[]): number => versionAt(choices.length);

const savedAs = (
  answers: Readonly<Record<string, Verdict>>,
): Record<string, Decision['identifiers'][string]> =>
  Object.fromEntries(
    Object.entries(answers).map(([key, verdict]) => [key, { verdict, version: savedVersion }]),
  );

/** The choices as a decision, each a version after the one before, and those on rows after all others. */
function decisionOf(choices: readonly Choice[], saved: SavedAnswers): Decision {
  const identifiers: Decision['identifiers'] = savedAs(saved.identifiers);
  const contacts: Decision['contacts'] = savedAs(saved.contacts);
  const conversations: Decision['conversations'] = {};
  choices.forEach((choice, index) => {
    const isOfRows = choice.by === 'rows';
    const version = isOfRows ? versionOfRows(choices) : versionAt(index);
    const answer = { verdict: choice.verdict, version };
    if (choice.by === 'identifier') identifiers[String(choice.identifier)] = answer;
    else if (choice.by === 'contact') contacts[choice.contactId] = answer;
    else for (const { conversationId } of choice.rows) conversations[conversationId] = answer;
  });
  const nobody = { contactIds: [], method: null, codeTo: null, inviteTo: null };
  return { ...nobody, identifiers, contacts, conversations, undecided: 'wait', at: '' };
}

const tiesOf = ({ conversationId, tiedBy, otherContacts }: DoubtfulConversation) => ({
  conversationId,
  otherContacts,
  tiedBy: tiedBy.map(String),
});

/** Whether the saved answer on a row is one of its own, which counts: a choice on a group leaves it as it is. */
const isKept = ({ own, verdict }: DoubtfulConversation): boolean => own !== null && own === verdict;

/** The verdict on a conversation; null while it is undecided. */
export type VerdictOf = (row: DoubtfulConversation) => Verdict | null;

/** The verdict that a conversation has once the choices are saved. */
export function verdictBy(choices: readonly Choice[], saved: SavedAnswers): VerdictOf {
  const decision = decisionOf(choices, saved);
  const kept = versionOfRows(choices);
  return (row) => {
    const { conversationId, own } = row;
    const before = own && { verdict: own, version: isKept(row) ? kept : overruledVersion };
    const answer = decision.conversations[conversationId] ?? before;
    const conversations = answer === null ? {} : { [conversationId]: answer };
    return verdictOn(tiesOf(row), { ...decision, conversations });
  };
}

/** Whether an answer on an identifier or a contact covers a conversation. */
export const covers = (choice: Choice, row: DoubtfulConversation): boolean => {
  if (choice.by === 'rows')
    return choice.rows.some(({ conversationId }) => conversationId === row.conversationId);
  return groupsOf(row).includes(groupOf(choice));
};

/** The identifier or contact that an answer is on. */
const groupOf = (choice: Exclude<Choice, { by: 'rows' }>): number | string =>
  choice.by === 'contact' ? choice.contactId : choice.identifier;

/** What decides on a conversation: the other contacts that take part in it, or else what ties it to the person. */
const groupsOf = ({ otherContacts, tiedBy }: DoubtfulConversation): readonly (number | string)[] =>
  otherContacts.length > 0 ? otherContacts : tiedBy;

/** Goes through conversations once. @returns those that an answer on an identifier or a contact covers */
export function rowsByGroup(
  rows: readonly DoubtfulConversation[],
): (group: Choice) => readonly DoubtfulConversation[] {
  const groups = new Map<number | string, DoubtfulConversation[]>();
  for (const row of rows)
    for (const key of groupsOf(row)) {
      const known = groups.get(key);
      if (known === undefined) groups.set(key, [row]);
      else known.push(row);
    }
  return (group) => (group.by === 'rows' ? group.rows : (groups.get(groupOf(group)) ?? []));
}

/** Whether two choices are on the same identifier, or on the same contact. */
const isSameGroup = (one: Choice, other: Choice): boolean =>
  one.by === 'identifier'
    ? other.by === 'identifier' && other.identifier === one.identifier
    : one.by === 'contact' && other.by === 'contact' && other.contactId === one.contactId;

/** What was last chosen for the group that a choice is on; null for nothing. */
export const lastChoice = (group: Choice, choices: readonly Choice[]): Verdict | null =>
  choices.findLast((choice) => isSameGroup(group, choice))?.verdict ?? null;

/** Conversations, and the verdict on each. */
export interface Judged {
  rows: readonly DoubtfulConversation[];
  verdict: VerdictOf;
}

/** The rows of a group that have another verdict than was last chosen for the group. */
export function differingRows(
  group: Choice,
  choices: readonly Choice[],
  { rows, verdict }: Judged,
): readonly DoubtfulConversation[] {
  const chosen = lastChoice(group, choices);
  if (chosen === null) return [];
  return rows.filter((row) => covers(group, row) && verdict(row) !== chosen);
}

/** How many conversations that were decided before are decided otherwise now. */
export const changedIn = ({ rows, verdict: was }: Judged, is: VerdictOf): number =>
  rows.filter((row) => was(row) !== null && was(row) !== is(row)).length;

export interface Tally {
  total: number;
  included: number;
  withheld: number;
  undecided: number;
}

/** How many of some conversations are decided in which way. */
export function tallyOf({ rows, verdict }: Judged): Tally {
  const verdicts = rows.map(verdict);
  const count = (wanted: Verdict | null): number => verdicts.filter((one) => one === wanted).length;
  return {
    total: rows.length,
    included: count('include'),
    withheld: count('withhold'),
    undecided: count(null),
  };
}

/** The verdict that all of a group have; null where they differ, or none is decided. */
export const commonVerdict = ({ total, included, withheld }: Tally): Verdict | null =>
  total > 0 && included === total ? 'include' : total > 0 && withheld === total ? 'withhold' : null;

/** What is saved of all, from the evidence. */
export const savedTally = ({ total, included, withheld, undecided }: Doubtful): Tally => ({
  total,
  included,
  withheld,
  undecided,
});

/**
 * The calls that save the choices, in their order: answers on conversations win over those on identifiers
 * and contacts that are given with or before them. Rows that nobody has chosen now are not said: with a choice
 * on a group the server keeps their own answers, as they are by then.
 */
export function callsOf(choices: readonly Choice[]): Answers[] {
  const decision = decisionOf(choices, nothingSaved);
  const conversations = Object.entries(decision.conversations).map(
    ([conversationId, { verdict }]) => ({ conversationId, verdict }),
  );
  const identifiers = Object.entries(decision.identifiers).map(([identifier, { verdict }]) => ({
    identifier: Number(identifier),
    verdict,
  }));
  const contacts = Object.entries(decision.contacts).map(([contactId, { verdict }]) => ({
    contactId,
    verdict,
  }));
  const first: Answers = {
    ...(identifiers.length > 0 ? { identifiers } : {}),
    ...(contacts.length > 0 ? { contacts } : {}),
    ...(conversations.length > 0 ? { conversations: conversations.slice(0, answersInCall) } : {}),
    ...(identifiers.length + contacts.length > 0 ? { keepsOwn: true } : {}),
  };
  const rest: Answers[] = [];
  for (let i = answersInCall; i < conversations.length; i += answersInCall)
    rest.push({ conversations: conversations.slice(i, i + answersInCall) });
  return Object.keys(first).length === 0 ? rest : [first, ...rest];
}
