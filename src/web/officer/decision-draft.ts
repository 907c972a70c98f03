import type { Answers } from '../../core/api/bodies';
import { holdersOf } from '../../core/subject/holders';
import type { Verdict } from '../../core/subject/verdicts';
import type { Evidence, IdentifierEvidence } from './officer-api';

/** How the person proves who they are; `onFile` leaves it to what is on file. */
export const methods = ['onFile', 'oidc', 'sms', 'officer'] as const;
export type Method = (typeof methods)[number];

/** A decision on the person, as it is or as it would be saved. */
export interface DecisionDraft {
  /** In the order in which they were chosen: the first is written to. */
  contactIds: readonly string[];
  /** Answers by the number of the identifier; an identifier without one is decided on by conversation. */
  identifiers: Readonly<Record<number, Verdict>>;
  method: Method;
  codeTo: number | null;
  inviteTo: number | null;
}

/** What an officer has chosen and not saved yet; everything else stays as it is decided. */
export type DraftChanges = Partial<DecisionDraft>;

/** The draft, and how an officer changes it. */
export interface Draft {
  value: DecisionDraft;
  change: (changes: Omit<DraftChanges, 'identifiers'>) => void;
  /** Answers on an identifier; null takes back what is not saved. */
  answer: (number: number, verdict: Verdict | null) => void;
}

/** What is decided, with what was chosen since. */
export const draftWith = (
  evidence: Evidence,
  { identifiers = {}, ...changes }: DraftChanges,
): DecisionDraft => {
  const decided = draftOf(evidence);
  return { ...decided, ...changes, identifiers: { ...decided.identifiers, ...identifiers } };
};

/** The changes with an answer on an identifier; null takes back one that is not saved. */
export function withAnswer(
  changes: DraftChanges,
  number: number,
  verdict: Verdict | null,
): DraftChanges {
  const { [number]: _, ...others } = changes.identifiers ?? {};
  return {
    ...changes,
    identifiers: verdict === null ? others : { ...others, [number]: verdict },
  };
}

/** What of the changes is not among those that were sent meanwhile. */
export function changesSince(
  { identifiers = {}, ...changes }: DraftChanges,
  { identifiers: sentIdentifiers = {}, ...sent }: DraftChanges,
): DraftChanges {
  // Of both kinds every name may be absent.
  const since = <T extends object>(now: T, before: T): T => {
    const isNew = ([key, value]: [string, unknown]): boolean => before[key as keyof T] !== value;
    return Object.fromEntries(Object.entries(now).filter(isNew)) as T;
  };
  return { ...since(changes, sent), identifiers: since(identifiers, sentIdentifiers) };
}

/** The proofs that can be chosen. What is on file proves who the person is, not who acts for them. */
export const possibleMethods = ({
  methods: named,
  status,
}: Pick<Evidence, 'methods' | 'status'>): readonly Method[] =>
  methods.filter((method) =>
    method === 'onFile' ? status.requester === null : named.some((one) => one === method),
  );

/** What is decided so far. Without an answer on the proof it is what the app asks for by itself. */
export function draftOf(evidence: Evidence): DecisionDraft {
  const { candidates, identifiers, decision } = evidence;
  const byItself = possibleMethods(evidence).includes('onFile') ? 'onFile' : 'officer';
  const answered = decision?.contactIds ?? [];
  // Of a contact that is clear without an officer no answer says so.
  const clear = candidates.filter((one) => one.isChosen).map((one) => one.contactId);
  const chosen = answered.length > 0 ? answered : clear;
  const answers = identifiers.flatMap(({ number, answer }) =>
    answer === null ? [] : [[number, answer] as const],
  );
  return {
    contactIds: chosen,
    identifiers: Object.fromEntries(answers),
    method: decision?.method ?? byItself,
    codeTo: decision?.codeTo ?? null,
    inviteTo: decision?.inviteTo ?? null,
  };
}

/**
 * Whether an identifier is one of the contacts that are chosen. By what none of them has nothing is searched,
 * whatever is answered on it; as long as none is chosen, it may be.
 */
export function isOfChosen(
  identifier: IdentifierEvidence,
  { contactIds }: Pick<DecisionDraft, 'contactIds'>,
  { candidates }: Pick<Evidence, 'candidates'>,
): boolean {
  if (contactIds.length === 0) return true;
  // What a contact only nearly has is searched as the contact has it.
  const holders = holdersOf(identifier);
  return candidates.some(
    ({ contactId, number }) => contactIds.includes(contactId) && holders.includes(number),
  );
}

/** The answers that a draft adds to what is decided; those that repeat it are left out. */
export function answersOf(draft: DecisionDraft, evidence: Evidence): Answers {
  const before = draftOf(evidence);
  const identifiers = evidence.identifiers.flatMap((identifier) => {
    const { number } = identifier;
    const verdict = draft.identifiers[number];
    // What nothing is searched by is no question any more.
    const isNew = verdict !== before.identifiers[number] && isOfChosen(identifier, draft, evidence);
    return verdict !== undefined && isNew ? [{ identifier: number, verdict }] : [];
  });
  // What was chosen for another proof than this one is not meant any more.
  const codeTo = draft.method === 'sms' ? draft.codeTo : before.codeTo;
  const inviteTo = draft.method === 'officer' ? before.inviteTo : draft.inviteTo;
  const isSame = JSON.stringify(draft.contactIds) === JSON.stringify(before.contactIds);
  const isChosen = draft.contactIds.length > 0 && !isSame;
  const isFirst = isChosen && evidence.decision === null;
  return {
    ...(isChosen ? { contactIds: [...draft.contactIds] } : {}),
    ...(identifiers.length > 0 ? { identifiers } : {}),
    // Whoever chooses somebody for the first time says the proof with it: the custody record names it then.
    ...(draft.method === before.method && !isFirst
      ? {}
      : { method: draft.method === 'onFile' ? null : draft.method }),
    ...(codeTo === before.codeTo ? {} : { codeTo }),
    ...(inviteTo === before.inviteTo ? {} : { inviteTo }),
  };
}
