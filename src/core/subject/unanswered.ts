import type { WithheldReason } from '../package/items';
import { legalClockOf, type LegalClockPolicy, type LegalFacts } from '../request/legal-clock';
import { addDays, atTime } from '../time/time';
import type { Decision, Doubt } from './decision';
import type { Verdict } from './verdicts';

/** How the company has its privacy officers decide on doubtful conversations. */
export interface DecisionPolicy {
  /** Whether officers are asked, or doubtful conversations are left out without asking. */
  doubtful: 'ask' | 'withhold';
  /** Whether the export waits for answers beyond the deadline, or goes on shortly before it. */
  atDeadline: 'wait' | 'release';
  /** Days before the deadline from which on it is near. */
  warningDays: number;
}

/**
 * Why the export goes on without the doubtful conversations that nobody has decided on: the company's
 * policy, an officer, or the legal deadline.
 */
export type Unanswered = 'byPolicy' | 'notDecided' | 'notDecidedInTime';

/** Until when answers are waited for. */
export interface DecisionTimes {
  /** When the officer is reminded because of the deadline. */
  remindAt: Date;
  /** When the export goes on without answers; null where it never does. */
  releaseAt: Date | null;
}

/** Days between the reminder and the export that goes on without answers. */
const noticeDays = 1;

/** When the legal deadline of a request ends the wait for answers, or reminds of them. */
export function decisionTimes(
  facts: LegalFacts,
  { atDeadline, warningDays }: DecisionPolicy,
  clock: LegalClockPolicy,
  now: Date,
): DecisionTimes {
  const nearAt = addDays(atTime(legalClockOf(facts, clock, now).dueAt), -warningDays);
  return atDeadline === 'release'
    ? { remindAt: addDays(nearAt, -noticeDays), releaseAt: nearAt }
    : { remindAt: nearAt, releaseAt: null };
}

/** Why nobody is waited for; null as long as answers are. */
export function unansweredOf(
  decision: Decision | null,
  policy: DecisionPolicy,
  { releaseAt }: Pick<DecisionTimes, 'releaseAt'>,
  now: Date,
): Unanswered | null {
  if (policy.doubtful === 'withhold') return 'byPolicy';
  if (decision?.undecided === 'withhold') return 'notDecided';
  return releaseAt !== null && releaseAt <= now ? 'notDecidedInTime' : null;
}

/**
 * Why a doubtful conversation is left out; null for one that is exported.
 * @param unanswered what becomes of those without a verdict
 */
export function withheldAs(
  doubt: Doubt,
  verdict: Verdict | null,
  unanswered: Unanswered | null,
): WithheldReason | null {
  if (verdict !== null) return verdict === 'include' ? null : doubt;
  if (unanswered === 'byPolicy') return doubt;
  // An answer that was waited for and is gone again is as good as none.
  return unanswered ?? 'notDecided';
}
