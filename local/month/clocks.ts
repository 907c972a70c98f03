import type { CustodyLine } from '../../src/core/custody/record';
import { isFinal, type RequestState } from '../../src/core/request/states';

const hour = 3_600_000;
export const day = 24 * hour;
/** By how much the clock is moved at a time. */
export const step = 6 * hour;

/** What the app of the month is set to. */
export const periods = {
  verificationDays: 7,
  reminderDays: 3,
  failedDays: 10,
  availabilityHours: 72,
} as const;

/** What becomes of a request, by what people do and do not do. */
export const plans = [
  'expires',
  'isDownloaded',
  'isRecalled',
  'isCancelled',
  'isRefused',
  'isExtended',
  'isUnverified',
  'isUnknown',
  'failsAndIsRetried',
  'failsForGood',
  'isLate',
] as const;
export type Plan = (typeof plans)[number];

/**
 * Clocks of a request that were not kept: what should have happened by a time, and has not, or too
 * early.
 * @param custody record of a request that has ended
 */
export function missedClocks(plan: Plan, custody: readonly CustodyLine[]): string[] {
  const missed: string[] = [];
  const timeOf = (test: (line: CustodyLine) => boolean): number | null => {
    const found = custody.find(test);
    return found ? Date.parse(found.at) : null;
  };
  const became = (state: RequestState): number | null => timeOf(({ to }) => to === state);
  /** Something that is due a while after something else; two steps of the clock are borne. */
  const due = (
    what: string,
    from: number | null,
    after: number,
    at: number | null,
    more = 0,
  ): void => {
    if (from === null) return;
    const latest = from + after + 2 * step + more;
    const isKept = at !== null && at >= from + after - 1000 && at <= latest;
    if (!isKept) missed.push(what);
  };
  const isSent = (kind: string) => (line: CustodyLine) =>
    line.event === 'messageSent' && line.detail?.['kind'] === kind;
  const asked = became('awaitingVerification');
  if (plan === 'isUnverified' || plan === 'isLate') {
    due('the reminder', asked, periods.reminderDays * day, timeOf(isSent('reminder')));
    due('the end of waiting', asked, periods.verificationDays * day, became('unverified'));
  }
  if (plan === 'isLate') {
    const first = timeOf(isSent('deadlineNear'));
    if (first === null) missed.push('the warning');
  }
  if (['expires', 'isExtended', 'failsAndIsRetried'].includes(plan))
    due('the expiry', became('available'), periods.availabilityHours * hour, became('expired'));
  // The clean-up runs once a day.
  if (plan === 'failsForGood')
    due(
      'the end of a failure',
      became('failed'),
      periods.failedDays * day,
      became('cancelled'),
      day,
    );
  const end = Math.max(
    ...custody.filter(({ to }) => to && isFinal(to)).map(({ at }) => Date.parse(at)),
  );
  const deleted = timeOf(({ event }) => event === 'deleted');
  if (deleted === null || deleted > end + 2 * step) missed.push('the deletion');
  return missed;
}
