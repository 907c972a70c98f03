import { RateLimitedError, SourceError } from '../../core/errors';
import type { RateLimiter, RateLimitLease } from '../../ports';

/** Calls that Genesys Cloud accepts in a window of so many seconds: a minute, except in measurements. */
export interface CallAllowance {
  calls: number;
  windowSeconds: number;
}

/**
 * The allowance of API calls of one organisation, which all workers use together. Both methods throw
 * SourceError `retryLater` when no call is available soon.
 */
export class CallLimit implements RateLimitLease {
  private readonly lease: RateLimitLease;

  constructor(limiter: Pick<RateLimiter, 'lease'>, organisation: string, allowance: CallAllowance) {
    const { calls, windowSeconds } = allowance;
    this.lease = limiter.lease('genesysCalls', organisation, calls, windowSeconds);
  }

  acquire(): Promise<void> {
    return this.lease.acquire().catch(retryLater);
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
