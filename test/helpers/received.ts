/**
 * When a ticketing system received a request: a week ago, so that the law leaves time for everything, whatever the
 * day. With an offset, as such systems write it.
 */
export function aWeekAgo(): string {
  const [hour, day] = [3_600_000, 86_400_000];
  return new Date(Date.now() - 7 * day + hour).toISOString().replace('Z', '+01:00');
}
