import { dayOf, endOf, plusMonths, workingDay } from '../../time/calendar';
import { atTime } from '../../time/time';
import type { ClockOfLaw, LegalFacts } from './period';

/**
 * One month from the relevant time, two further months after an extension (UK GDPR Art. 12 and 12A, the
 * latter inserted by section 76 of the Data (Use and Access) Act 2025, in force since 5 February 2026).
 * The relevant time is the receipt of the request or, where information was asked for to confirm the
 * identity, the receipt of that information (Art. 12A(2)): the month begins anew, it is not suspended.
 * The ICO (guidance on the right of access, "How long do we have to comply?") counts to the same date of
 * the next month, to that month's last day when it has no such date, and to the next working day when
 * that is a weekend or a public holiday.
 * @param now the earliest relevant time while the person has not confirmed their identity
 */
export const ukGdprClock: ClockOfLaw = (facts, policy, now) => {
  const isExtended = facts.extendedAt !== null;
  const received = atTime(facts.receivedAt);
  const begin = policy.isSuspendedByVerification ? relevantTime(facts, received, now) : received;
  const end = (from: Date, months: number): string => {
    const last = plusMonths(dayOf(from, policy.timeZone), months);
    return endOf(workingDay(last, policy), policy.timeZone);
  };
  const months = isExtended ? 3 : 1;
  return {
    law: 'ukGdpr',
    dueAt: end(begin, months),
    strictDueAt: end(received, months),
    extendableUntil: end(begin, 1),
    isExtended,
    acknowledgeBy: null,
  };
};

function relevantTime(
  { verificationRequestedAt, verifiedAt }: LegalFacts,
  received: Date,
  now: Date,
): Date {
  if (verificationRequestedAt === null) return received;
  const confirmed = verifiedAt === null ? now : atTime(verifiedAt);
  return confirmed > received ? confirmed : received;
}
