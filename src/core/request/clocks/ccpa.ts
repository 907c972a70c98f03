import { dayOf, endOf, plusBusinessDays, plusDays } from '../../time/calendar';
import { atTime } from '../../time/time';
import type { ClockOfLaw } from './period';

/** Calendar days for an answer, and those that one extension adds. */
const answerDays = 45;
/** Business days for confirming receipt. */
const acknowledgementDays = 10;

/**
 * 45 calendar days from receipt, regardless of the time that verification takes, and once 45 more, of which
 * the person is told within the first 45 (Cal. Civ. Code 1798.130(a)(2)(A); Cal. Code Regs. tit. 11,
 * 7021(b)); receipt is confirmed to the person within 10 business days (7021(a)).
 *
 * The day of receipt is excluded and the last day included (Cal. Civ. Code 10; "no later than 45 calendar
 * days after receipt"). Because 7021(b) also says that the period begins on the day of receipt, the strictest
 * reading counts that day. Civ. Code 10 would let a period end after a holiday, too; the app does not rely on
 * it, because the regulation speaks of calendar days.
 *
 * Neither the act nor its regulations say what a business day is. Under Civ. Code 7 and 9 it is every day but
 * Sundays and holidays, so Saturdays count; whoever reads it otherwise has more time.
 */
export const ccpaClock: ClockOfLaw = ({ receivedAt, extendedAt }, policy) => {
  const isExtended = extendedAt !== null;
  const received = dayOf(atTime(receivedAt), policy.timeZone);
  const end = (days: number): string => endOf(plusDays(received, days), policy.timeZone);
  const days = isExtended ? 2 * answerDays : answerDays;
  return {
    law: 'ccpa',
    dueAt: end(days),
    strictDueAt: end(days - 1),
    extendableUntil: end(answerDays),
    isExtended,
    acknowledgeBy: endOf(plusBusinessDays(received, acknowledgementDays, policy), policy.timeZone),
  };
};
