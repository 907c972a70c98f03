import { msPerDay } from '../../src/core/time/time';

/**
 * When a ticketing system received a request: a week ago, so that the law leaves time for everything, whatever the
 * day. With an offset, as such systems write it.
 */
export function aWeekAgo(): string {
  const anHourAhead = new Date(Date.now() - 7 * msPerDay + 3_600_000);
  return anHourAhead.toISOString().replace('Z', '+01:00');
}
