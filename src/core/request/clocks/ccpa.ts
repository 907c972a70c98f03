import { dayOf, endOf, plusDays, plusWorkingDays } from '../../time/calendar';
import { atTime } from '../../time/time';
import type { ClockOfLaw } from './period';

/** Calendar days for an answer, and those that one extension adds. */
const answerDays = 45;
/** Business days for confirming receipt. */
const acknowledgementDays = 10;

/**
 * 45 calendar days from receipt, regardless of the time that verification takes, and once 45 more (Cal.
 * Civ. Code 1798.130(a)(2)(A); Cal. Code Regs. tit. 11, 7021(b)); receipt is confirmed to the person within
 * 10 business days (7021(a)). The day of receipt is excluded and the last day included (Cal. Civ. Code
 * 10). That section would also let a period end after a holiday; the app does not rely on it, because the
 * regulation speaks of calendar days. Business days are taken as Monday to Friday without holidays.
 */
export const ccpaClock: ClockOfLaw = ({ receivedAt, extendedAt }, policy) => {
  const isExtended = extendedAt !== null;
  const received = dayOf(atTime(receivedAt), policy.timeZone);
  const end = (days: number): string => endOf(plusDays(received, days), policy.timeZone);
  const dueAt = end(isExtended ? 2 * answerDays : answerDays);
  return {
    law: 'ccpa',
    dueAt,
    strictDueAt: dueAt,
    extendableUntil: end(answerDays),
    isExtended,
    acknowledgeBy: endOf(plusWorkingDays(received, acknowledgementDays, policy), policy.timeZone),
  };
};
