import type { Answers, Evidence, Verdict } from './officer-api';

/** How the person proves who they are; `onFile` leaves it to what is on file. */
export const methods = ['onFile', 'oidc', 'sms', 'officer'] as const;
export type Method = (typeof methods)[number];

/** What an officer has chosen and not saved yet. */
export interface DecisionDraft {
  /** In the order in which they were chosen: the first is written to. */
  contactIds: readonly string[];
  /** Answers by the number of the identifier; an identifier without one is decided on by conversation. */
  identifiers: Readonly<Record<number, Verdict>>;
  method: Method;
  codeTo: number | null;
  inviteTo: number | null;
}

/** What is decided so far. */
export function draftOf({ candidates, identifiers, decision }: Evidence): DecisionDraft {
  const chosen =
    decision?.contactIds ?? candidates.filter((one) => one.isChosen).map((one) => one.contactId);
  const answers = identifiers.flatMap(({ number, answer }) =>
    answer === null ? [] : [[number, answer] as const],
  );
  return {
    contactIds: chosen,
    identifiers: Object.fromEntries(answers),
    method: decision?.method ?? 'onFile',
    codeTo: decision?.codeTo ?? null,
    inviteTo: decision?.inviteTo ?? null,
  };
}

/** The answers that a draft adds to what is decided; those that repeat it are left out. */
export function answersOf(draft: DecisionDraft, evidence: Evidence): Answers {
  const before = draftOf(evidence);
  const identifiers = Object.entries(draft.identifiers).flatMap(([key, verdict]) =>
    before.identifiers[Number(key)] === verdict ? [] : [{ identifier: Number(key), verdict }],
  );
  const isSame = JSON.stringify(draft.contactIds) === JSON.stringify(before.contactIds);
  return {
    ...(draft.contactIds.length > 0 && !isSame ? { contactIds: [...draft.contactIds] } : {}),
    ...(identifiers.length > 0 ? { identifiers } : {}),
    ...(draft.method === before.method
      ? {}
      : { method: draft.method === 'onFile' ? null : draft.method }),
    ...(draft.codeTo === before.codeTo ? {} : { codeTo: draft.codeTo }),
    ...(draft.inviteTo === before.inviteTo ? {} : { inviteTo: draft.inviteTo }),
  };
}
