import { ApiError } from './operation';

interface Window {
  start: number;
  count: number;
}

/**
 * Counts calls in windows of a minute, as the platform's default limit does. That one counts by token;
 * this one by client, so that a client gains nothing by logging in twice.
 */
export class RateLimiter {
  private readonly windows = new Map<string, Window>();

  /**
   * Counts a call and returns the headers that every answer carries.
   * @throws ApiError 429 with Retry-After when the window is used up.
   */
  count(
    client: string,
    { allowed, windowLength }: { allowed: number; windowLength: number },
    now: number,
  ): Record<string, string> {
    let window = this.windows.get(client);
    if (!window || now - window.start >= windowLength) {
      window = { start: now, count: 0 };
      this.windows.set(client, window);
    }
    window.count += 1;
    const reset = Math.ceil((window.start + windowLength - now) / 1000);
    const headers = {
      'inin-ratelimit-count': String(window.count),
      'inin-ratelimit-allowed': String(allowed),
      'inin-ratelimit-reset': String(reset),
    };
    if (window.count <= allowed) return headers;
    throw new ApiError(
      429,
      'too.many.requests',
      `Rate limit exceeded the maximum. Retry the request in [${reset}] seconds`,
      { limit: { key: 'token.rate.per.minute', namespace: 'platform.api', value: allowed } },
      { ...headers, 'Retry-After': String(reset) },
    );
  }
}
