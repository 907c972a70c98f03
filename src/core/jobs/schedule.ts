/** Jobs of the timer function. Runbook and alert rules name each of them. */
export const jobNames = [
  'sweeper',
  'monitor',
  'purgeExpired',
  'purgeHistories',
  'reviewCustody',
  'repairIndex',
] as const;
export type JobName = (typeof jobNames)[number];

/** When a job is due, in UTC: at every call of the timer, at a minute of each hour, or once a day. */
export type Period =
  | { kind: 'always' }
  | { kind: 'hourly'; minute: number }
  | { kind: 'daily'; hour: number; minute: number };

/** The first time after another at which a job is due; that time itself for one that always is. */
export function nextDue(period: Period, after: Date): Date {
  const next = new Date(after);
  switch (period.kind) {
    case 'always':
      return next;
    case 'hourly':
      next.setUTCMinutes(period.minute, 0, 0);
      if (next <= after) next.setUTCHours(next.getUTCHours() + 1);
      return next;
    case 'daily':
      next.setUTCHours(period.hour, period.minute, 0, 0);
      if (next <= after) next.setUTCDate(next.getUTCDate() + 1);
      return next;
  }
}
