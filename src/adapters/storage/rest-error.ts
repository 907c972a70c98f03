/**
 * Errors of the Azure Storage clients. Blob and table clients have a class `RestError` each, so they
 * are known by name.
 */
interface RestError extends Error {
  /** Absent when there was no answer. */
  statusCode?: number;
}

const isRestError = (error: unknown): error is RestError =>
  error instanceof Error && error.name === 'RestError';

/** Whether storage answered with one of these statuses. */
export const hasStatus = (error: unknown, ...statuses: number[]): boolean =>
  isRestError(error) && error.statusCode !== undefined && statuses.includes(error.statusCode);

/** Whether storage is away or unable (no answer, 408, 429, 5xx): what passes by itself. */
export const isStorageAway = (error: unknown): boolean =>
  isRestError(error) &&
  (error.statusCode === undefined ||
    error.statusCode >= 500 ||
    error.statusCode === 408 ||
    error.statusCode === 429);
