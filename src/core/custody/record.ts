import type { RequestState } from '../request/states';

/**
 * The custody record of a request: what was done with it, one entry after the other, each bound to
 * the one before by a hash. Entries hold opaque ids, codes and times. What is personal (who an
 * officer is, and why they did something, in their words) stands beside, and its salted hash in the
 * entry: when it is forgotten, the chain still holds.
 */
export const custodyEvents = [
  'stateChanged',
  'searched',
  'matched',
  'decided',
  'failuresAccepted',
  'extended',
  'deadlineMissed',
  'messageSent',
  'messageRefused',
  'codeSent',
  'stepUpAccepted',
  'stepUpRefused',
  'stepUpLockedOut',
  'authenticatorEnrolled',
  'identityChecked',
  'passphraseShown',
  'linkMinted',
  'downloadReported',
  'downloadsLogged',
  'handedOver',
  'webhookDelivered',
  'webhookFailed',
  'keyDestroyed',
  'deleted',
] as const;
export type CustodyEvent = (typeof custodyEvents)[number];

/** What happened, before it stands in the chain. */
export interface CustodyFact {
  event: CustodyEvent;
  /** States before and after, of a change of state. */
  from?: RequestState;
  to?: RequestState;
  /** Code of the reason. */
  reason?: string | null;
  /** Counts, codes and methods; nothing of a person. */
  detail?: Record<string, string | number | boolean>;
}

/** A person who did it, and why, in their words; null for what the app does by itself. */
export interface OfficerAction {
  /** Opaque id of who it was: keyed hash of their id in the directory. */
  actor: string;
  /** Their name, as the directory has it. */
  displayName: string;
  justification: string;
}

export interface CustodyEntry extends CustodyFact {
  sequence: number;
  /** When (ISO 8601). */
  at: string;
  /** Opaque id of who did it; null for the app. */
  actor: string | null;
  /** Salted SHA-256 (hex) of the side row; null without one. */
  commitment: string | null;
  /** Hash of the entry before; zeros for the first. */
  previous: string;
  /** SHA-256 (hex) of everything above, in canonical form. */
  hash: string;
}

/** What is personal in an entry. */
export interface CustodyAnnotation {
  salt: string;
  displayName: string;
  justification: string;
}

/** An entry with what is personal of it, which is null when it was forgotten or there is none. */
export interface CustodyLine extends CustodyEntry {
  act: { displayName: string; justification: string } | null;
}

export const firstHash = '0'.repeat(64);

/**
 * JSON with the keys in order (as RFC 8785 does it for what stands in entries: texts, whole numbers,
 * booleans, null).
 */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, one]) => one !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );

/** What of a request's story its person is shown in the portal, and when. */
export interface HistoryLine {
  at: string;
  event: string;
}

/** Events that the person is shown; of changes of state only those that say something to them. */
const shownStates: readonly RequestState[] = [
  'received',
  'awaitingVerification',
  'exporting',
  'available',
  'delivered',
];
const shownEvents: readonly CustodyEvent[] = [
  'codeSent',
  'stepUpAccepted',
  'stepUpRefused',
  'identityChecked',
  'authenticatorEnrolled',
  'passphraseShown',
  'linkMinted',
  'handedOver',
];

/** A summary of the record for the person: what happened when, without anybody's name. */
export const historyOf = (entries: readonly CustodyEntry[]): HistoryLine[] =>
  entries.flatMap(({ at, event, to }) => {
    if (event === 'stateChanged')
      return to && shownStates.includes(to) ? [{ at, event: `state.${to}` }] : [];
    return shownEvents.includes(event) ? [{ at, event }] : [];
  });
