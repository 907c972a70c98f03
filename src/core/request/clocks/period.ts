import type { LegalCalendar } from '../../time/calendar';

/**
 * The laws whose periods the app counts: the GDPR of the European Union, that of the United Kingdom, and
 * the California Consumer Privacy Act.
 */
export const laws = ['gdpr', 'ukGdpr', 'ccpa'] as const;
export type Law = (typeof laws)[number];

/** How the deadline of a request is determined. */
export interface LegalClockPolicy extends LegalCalendar {
  /** Public holidays of single laws; `holidays` apply to the others. */
  holidaysByLaw?: Partial<Record<Law, ReadonlySet<string>>>;
  /**
   * Whether the time for the verification of the identity is not counted, where the law allows that
   * (EDPB guidelines 01/2022, version 2.1, number 159; UK GDPR Art. 12A(2)(b)).
   */
  isSuspendedByVerification: boolean;
}

/** The facts of a request that determine its deadline. All times are ISO 8601. */
export interface LegalFacts {
  /** The law that the request is answered under; absent in requests of before, which is `gdpr`. */
  law?: Law;
  receivedAt: string;
  /** When the person was asked to verify their identity; null before. */
  verificationRequestedAt: string | null;
  verifiedAt: string | null;
  /** When the period was extended; null without an extension. */
  extendedAt: string | null;
}

export interface LegalClock {
  law: Law;
  /** The first moment after the period (ISO 8601). */
  dueAt: string;
  /** The same without any time that was not counted: the strictest reading of the law. */
  strictDueAt: string;
  /** The end of the period as it is without an extension: an extension must be notified before. */
  extendableUntil: string;
  isExtended: boolean;
  /** The first moment after the period for confirming receipt to the person; null where the law has none. */
  acknowledgeBy: string | null;
}

/** Determines the clock of a request by one law. `now` ends a verification that is not done yet. */
export type ClockOfLaw = (facts: LegalFacts, policy: LegalClockPolicy, now: Date) => LegalClock;
