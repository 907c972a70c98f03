import { StorageUnavailableError } from '../../core/errors';

/**
 * Error of an Azure client. The packages of Azure have a class `RestError` each, so it is recognised by
 * its name.
 */
interface RestError extends Error {
  /** Absent when there was no answer. */
  statusCode?: number;
  /** The service's own code, such as `BlobNotFound`. */
  code?: string;
}

const isRestError = (error: unknown): error is RestError =>
  error instanceof Error && error.name === 'RestError';

/** Whether storage answered with one of these statuses. */
export const hasStatus = (error: unknown, ...statuses: number[]): boolean =>
  isRestError(error) && error.statusCode !== undefined && statuses.includes(error.statusCode);

/** Whether storage answered with this code. */
export const hasCode = (error: unknown, code: string): boolean =>
  isRestError(error) && error.code === code;

/** Whether a service does not answer or is overloaded (no answer, 408, 429, 5xx), which passes by itself. */
const isAway = ({ statusCode }: RestError): boolean =>
  statusCode === undefined || statusCode >= 500 || statusCode === 408 || statusCode === 429;

type Service = 'Storage' | 'Key Vault' | 'Log Analytics';

/** The error that callers outside of the adapters know. It repeats nothing of the answer but its status. */
function translated(service: Service, error: unknown): unknown {
  if (!isRestError(error) || !isAway(error)) return error;
  const { statusCode } = error;
  const answer = statusCode === undefined ? 'does not answer' : `answers ${statusCode}`;
  return new StorageUnavailableError(`${service} ${answer}.`);
}

/**
 * Calls a service that keeps what the app stores.
 * @throws StorageUnavailableError where the client's error says that the service does not answer or is
 *   overloaded; any other error as it is
 */
export async function callService<T>(service: Service, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(service, error);
  }
}

export const callStorage = <T>(call: () => Promise<T>): Promise<T> => callService('Storage', call);

/**
 * The same for what is read from storage while it is iterated. A connection that ends early is an
 * `AbortError` of the SDK's stream; the app aborts no call of its own.
 */
export async function* iterateStorage<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError')
      throw new StorageUnavailableError('Storage ended its answer early.');
    throw translated('Storage', error);
  }
}
