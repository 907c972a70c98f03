import { ccpaClock } from './clocks/ccpa';
import { gdprClock } from './clocks/gdpr';
import type { ClockOfLaw, Law, LegalClock, LegalClockPolicy, LegalFacts } from './clocks/period';
import { ukGdprClock } from './clocks/uk-gdpr';

export type { LegalCalendar } from '../time/calendar';
export type { Law, LegalClock, LegalClockPolicy, LegalFacts } from './clocks/period';
export { laws } from './clocks/period';

const clocks: Record<Law, ClockOfLaw> = {
  gdpr: gdprClock,
  ukGdpr: ukGdprClock,
  ccpa: ccpaClock,
};

/** The law that a request is answered under: requests of before the choice are counted by the GDPR. */
export const lawOf = ({ law }: Pick<LegalFacts, 'law'>): Law => law ?? 'gdpr';

/**
 * Determines when the answer to a request is due, by its law.
 * @param now counts for the person who has not verified their identity yet
 */
export function legalClockOf(facts: LegalFacts, policy: LegalClockPolicy, now: Date): LegalClock {
  const law = lawOf(facts);
  const holidays = policy.holidaysByLaw?.[law] ?? policy.holidays;
  return clocks[law](facts, { ...policy, holidays }, now);
}
