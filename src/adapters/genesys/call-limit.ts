import { AsyncLocalStorage } from 'node:async_hooks';
import { RateLimitedError, SourceError } from '../../core/errors';
import type { RateLimiter, RateLimitLease } from '../../ports';

/** Calls that Genesys Cloud accepts in a window of so many seconds: a minute, except in measurements. */
export interface CallAllowance {
  calls: number;
  windowSeconds: number;
  /** Percent of the calls that one request may use, also while no other needs any. */
  percentPerRequest: number;
}

const requests = new AsyncLocalStorage<string>();

/** Runs work whose calls count for a request: every request has an equal share of the allowance. */
export const callingFor = <T>(requestId: string, work: () => T): T => requests.run(requestId, work);

/**
 * The allowance of API calls of one organisation, which all workers use together. Both methods throw
 * SourceError `retryLater` when no call is available soon.
 */
export class CallLimit implements RateLimitLease {
  private readonly lease: RateLimitLease;
  private readonly atMost: number;

  constructor(limiter: Pick<RateLimiter, 'lease'>, organisation: string, allowance: CallAllowance) {
    const { calls, windowSeconds, percentPerRequest } = allowance;
    this.atMost = Math.max(1, Math.floor((calls * percentPerRequest) / 100));
    this.lease = limiter.lease('genesysCalls', organisation, calls, windowSeconds);
  }

  acquire(): Promise<void> {
    const id = requests.getStore();
    // What is called for no request, such as the check of the connection, is the app's own.
    const user = id === undefined ? undefined : { id, atMost: this.atMost };
    return this.lease.acquire(user).catch(retryLater);
  }

  pause(milliseconds: number): Promise<void> {
    return this.lease.pause(milliseconds).catch(retryLater);
  }
}

function retryLater(error: unknown): never {
  if (!(error instanceof RateLimitedError)) throw error;
  const { afterSeconds } = error;
  throw new SourceError({ kind: 'retryLater', afterSeconds, reason: 'sourceRateLimited' });
}
