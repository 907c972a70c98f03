import type { Decision } from '../../core/subject/decision';
import { verdictOn } from '../../core/subject/verdicts';
import type { Answers, Doubtful, DoubtfulConversation, Verdict } from './officer-api';

/**
 * What an officer has chosen of doubtful conversations and not saved yet. As with the server, the last
 * choice wins, and one on an identifier covers conversations that carry no other contact.
 */

export type Choice = { verdict: Verdict } & (
  | { by: 'identifier'; identifier: number }
  | { by: 'contact'; contactId: string }
  | { by: 'rows'; rows: readonly DoubtfulConversation[] }
);

/** Conversations that one call may answer on. */
export const answersInCall = 1000;

/** The choices as a decision, each a version after the one before. */
function decisionOf(choices: readonly Choice[]): Decision {
  const identifiers: Decision['identifiers'] = {};
  const contacts: Decision['contacts'] = {};
  const conversations: Decision['conversations'] = {};
  choices.forEach((choice, index) => {
    const answer = { verdict: choice.verdict, version: index + 1 };
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

/** The verdict on a conversation by the choices, else the one that is saved. */
export function verdictBy(choices: readonly Choice[]) {
  const decision = decisionOf(choices);
  return (row: DoubtfulConversation): Verdict | null =>
    verdictOn(tiesOf(row), decision) ?? row.verdict;
}

/** Whether an answer on an identifier or a contact covers a conversation. */
export const covers = (choice: Choice, row: DoubtfulConversation): boolean => {
  if (choice.by === 'rows')
    return choice.rows.some(({ conversationId }) => conversationId === row.conversationId);
  if (choice.by === 'contact') return row.otherContacts.includes(choice.contactId);
  return row.otherContacts.length === 0 && row.tiedBy.includes(choice.identifier);
};

export interface Tally {
  total: number;
  included: number;
  withheld: number;
  undecided: number;
}

/** How many of some conversations are decided in which way. */
export function tallyOf(
  rows: readonly DoubtfulConversation[],
  verdict: (row: DoubtfulConversation) => Verdict | null,
): Tally {
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
 * The calls that save the choices, in their order. Answers on conversations that a later choice covers are
 * left out; the others win over those on identifiers and contacts that are given with or before them.
 */
export function callsOf(choices: readonly Choice[]): Answers[] {
  const decision = decisionOf(choices);
  const rows = new Map(
    choices.flatMap((choice) =>
      choice.by === 'rows' ? choice.rows.map((row) => [row.conversationId, row] as const) : [],
    ),
  );
  const conversations = Object.entries(decision.conversations).flatMap(([conversationId, own]) => {
    const row = rows.get(conversationId);
    if (row === undefined) return [];
    const wider = verdictOn(tiesOf(row), { ...decision, conversations: {} });
    const isOverruled = verdictOn(tiesOf(row), decision) !== own.verdict && wider !== null;
    return isOverruled ? [] : [{ conversationId, verdict: own.verdict }];
  });
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
  };
  const rest: Answers[] = [];
  for (let i = answersInCall; i < conversations.length; i += answersInCall)
    rest.push({ conversations: conversations.slice(i, i + answersInCall) });
  return Object.keys(first).length === 0 ? rest : [first, ...rest];
}
