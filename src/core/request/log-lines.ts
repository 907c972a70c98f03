import { classOf } from '../errors';
import { atTime, secondsBetween, secondsPerDay } from '../time/time';
import type { JobName } from '../jobs/schedule';
import type { AlertCode } from './alerts';
import type { RequestState } from './states';

/** Log lines of jobs, which the queries of alert rules and workbook in `infra` read. */

/** Heartbeat of a job: it has done everything that was due. An alert rule fires when it is missing. */
export const jobLine = (name: JobName, seconds: number): string =>
  `portability.job name=${name} seconds=${Math.round(seconds)} end`;

/** A job, or the reading of due times, has failed. Texts of errors may hold anything, so none is logged. */
export const jobFailedLine = (name: JobName | 'schedule', error: unknown): string =>
  `portability.jobFailed name=${name} error=${nameOf(error)} end`;

const nameOf = (error: unknown): string => (error instanceof Error ? classOf(error) : 'unknown');

export const monitorLine = (openRequests: number): string =>
  `portability.monitor open=${openRequests}`;

/** @param id of a request; the reference of one from the intake page, which has none yet */
export const alertLine = (code: AlertCode, id: string): string =>
  `portability.alert code=${code} request=${id}`;

/**
 * What happened to a request from the intake page that the ticketing system does not have.
 * @param code where it was the app that could not send or store it, or that its time is over
 */
export function intakeLine(
  reference: string,
  code: 'notDecrypted' | 'notSent' | 'notStored' | 'deleted',
  error?: unknown,
): string {
  const name = error === undefined ? '' : ` error=${nameOf(error)}`;
  return `portability.intake reference=${reference} code=${code}${name} end`;
}

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
