import type { RequestRecord } from '../request/record';
import type { RequestState } from '../request/states';

/**
 * The custody record of a request: a chain of entries, each bound to the one before by its hash.
 * Entries contain opaque ids, codes and times. An officer's name and justification are kept apart as a
 * redactable annotation, and the entry contains its salted hash: the chain still holds after the
 * annotation has been deleted.
 */
export const custodyEvents = [
  'stateChanged',
  'searched',
  'doubtfulSettled',
  'matched',
  'conversationsCounted',
  'decided',
  'identifiersRevealed',
  'failuresAccepted',
  'packageVerified',
  'extended',
  'deadlineMissed',
  'endNoticed',
  'messageSent',
  'messageRefused',
  'messageRead',
  'messageSentAgain',
  'noticeByTicket',
  'codeSent',
  'stepUpAccepted',
  'stepUpRefused',
  'stepUpLockedOut',
  'authenticatorEnrolled',
  'identityChecked',
  'mandateChecked',
  'passphraseShown',
  'linkMinted',
  'downloadReported',
  'downloadsLogged',
  'handOverApproved',
  'handedOver',
  'roleRefused',
  'releasedAgain',
  'webhookDelivered',
  'webhookFailed',
  'bucketObjectsDeleted',
  'keyDestroyed',
  'deleted',
] as const;
export type CustodyEvent = (typeof custodyEvents)[number];

/** What happened, before it is appended to the chain. */
export interface CustodyFact {
  event: CustodyEvent;
  /** States before and after a change of state. */
  from?: RequestState;
  to?: RequestState;
  reasonCode?: string | null;
  /** Counts, codes and methods; no personal data. */
  detail?: Record<string, string | number | boolean>;
}

/** The first fact of a record: a request was received, which rights it exercises, and by which law. */
export const receiptOf = ({
  state,
  law,
  rights,
  requester,
}: Pick<RequestRecord, 'state' | 'law' | 'rights' | 'requester'>): CustodyFact => ({
  event: 'stateChanged',
  to: state,
  ...(law === undefined || rights === undefined
    ? {}
    : {
        detail: {
          law,
          rights: rights.join(' '),
          ...(requester && { requester: requester.capacity }),
        },
      }),
});

/** The officer who did something, and why. */
export interface OfficerAction {
  /** Opaque id of the officer: keyed hash of their id in the directory. */
  actor: string;
  /** Their name in the directory. */
  displayName: string;
  justification: string;
}

export interface CustodyEntry extends CustodyFact {
  sequence: number;
  /** When (ISO 8601). */
  at: string;
  /** Opaque id of the officer; null for the app itself. */
  actor: string | null;
  /** Salted SHA-256 (hex) of the annotation; null without one. */
  commitment: string | null;
  /** Hash of the entry before; zeros for the first entry. */
  previous: string;
  /** SHA-256 (hex) of the other fields, as canonical JSON (RFC 8785). */
  hash: string;
}

/** The personal data of an entry. */
export interface CustodyAnnotation {
  salt: string;
  displayName: string;
  justification: string;
}

/** An entry with its annotation, which is null without one and after its deletion. */
export interface CustodyLine extends CustodyEntry {
  annotation: { displayName: string; justification: string } | null;
}

export const firstHash = '0'.repeat(64);

/** An event of the request that the portal shows to the person. */
export interface HistoryLine {
  at: string;
  event: string;
}

/** Events that the portal shows; of changes of state only those that concern the person. */
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
  'handOverApproved',
  'handedOver',
];

/** The history of a request for the person, without names. */
export const historyOf = (entries: readonly CustodyEntry[]): HistoryLine[] =>
  entries.flatMap(({ at, event, to }) => {
    if (event === 'stateChanged')
      return to && shownStates.includes(to) ? [{ at, event: `state.${to}` }] : [];
    return shownEvents.includes(event) ? [{ at, event }] : [];
  });
