import { dayOf, daysBetween, endOf, plusDays, plusMonths, workingDay } from '../../time/calendar';
import { atTime } from '../../time/time';
import type { ClockOfLaw, LegalClockPolicy, LegalFacts } from './period';

/**
 * One month after receipt, three months after an extension (Art. 12(3) GDPR). Periods are counted by
 * Regulation (EEC, Euratom) No 1182/71: a period ends with the last hour of the same date in its last
 * month, or of that month's last day when it has no such date (Art. 3(2)(c)); and with the last hour of
 * the following working day when that is a public holiday, a Saturday or a Sunday (Art. 3(4)).
 * @param now end of the suspension while the person has not verified their identity
 */
export const gdprClock: ClockOfLaw = (facts, policy, now) => {
  const isExtended = facts.extendedAt !== null;
  const waited = policy.isSuspendedByVerification ? daysWaited(facts, policy, now) : 0;
  const received = dayOf(atTime(facts.receivedAt), policy.timeZone);
  const end = (months: number, days: number): string =>
    endOf(workingDay(plusDays(plusMonths(received, months), days), policy), policy.timeZone);
  const months = isExtended ? 3 : 1;
  return {
    law: 'gdpr',
    dueAt: end(months, waited),
    strictDueAt: end(months, 0),
    extendableUntil: end(1, waited),
    isExtended,
    acknowledgeBy: null,
  };
};

/** Whole days from the request for verification to the verification. */
function daysWaited(
  { verificationRequestedAt, verifiedAt }: LegalFacts,
  { timeZone }: LegalClockPolicy,
  now: Date,
): number {
  if (verificationRequestedAt === null) return 0;
  const until = verifiedAt === null ? now : atTime(verifiedAt);
  const asked = dayOf(atTime(verificationRequestedAt), timeZone);
  return Math.max(0, daysBetween(asked, dayOf(until, timeZone)));
}
