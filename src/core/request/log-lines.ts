import { atTime, secondsBetween, secondsPerDay } from '../time/time';
import type { AlertCode } from './alerts';
import type { RequestState } from './states';

/** Log lines of the monitor, which the queries of alert rules and workbook in `infra` read. */

/** Heartbeat of the monitor; an alert rule fires when it is missing. */
export const monitorLine = (openRequests: number): string =>
  `portability.monitor open=${openRequests}`;

export const alertLine = (code: AlertCode, requestId: string): string =>
  `portability.alert code=${code} request=${requestId}`;

/** State of an open request, in whole days; `dueInDays` is negative after the deadline. */
export function requestLine(
  request: { requestId: string; state: RequestState; receivedAt: string },
  dueAt: string,
  now: Date,
): string {
  const days = (from: Date, to: Date): number =>
    Math.floor(secondsBetween(from, to) / secondsPerDay);
  const ageDays = days(atTime(request.receivedAt), now);
  const dueInDays = days(now, atTime(dueAt));
  return `portability.request request=${request.requestId} state=${request.state} ageDays=${ageDays} dueInDays=${dueInDays} end`;
}
