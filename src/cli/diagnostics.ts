import type { Composition } from '../composition/compose';
import type { Config } from '../config/config';

/** What a check has found. A problem keeps the app from doing its work, or from keeping its promises. */
export interface Diagnostic {
  check: string;
  outcome: 'ok' | 'problem' | 'warning' | 'notChecked';
  message: string;
  /** What to do. */
  fix?: string;
}

/** What checks look at. */
export interface Examined extends Composition {
  config: Config;
  /** All settings, those that the app does not read itself included. */
  settings: Record<string, string | undefined>;
}

export type Check = (examined: Examined) => Promise<Diagnostic[]>;

export const ok = (check: string, message: string): Diagnostic => ({
  check,
  outcome: 'ok',
  message,
});
export const problem = (check: string, message: string, fix: string): Diagnostic => ({
  check,
  outcome: 'problem',
  message,
  fix,
});
export const warning = (check: string, message: string, fix: string): Diagnostic => ({
  check,
  outcome: 'warning',
  message,
  fix,
});
export const notChecked = (check: string, message: string): Diagnostic => ({
  check,
  outcome: 'notChecked',
  message,
});

/** Tries something out. @param bad said, with `fix`, when it throws */
export async function tryOut(
  check: string,
  work: () => Promise<unknown>,
  { good, bad, fix }: { good: string; bad: (error: unknown) => string; fix: string },
): Promise<Diagnostic> {
  try {
    await work();
    return ok(check, good);
  } catch (error) {
    return problem(check, bad(error), fix);
  }
}

/** Longest that a server is waited for, in milliseconds. */
const patience = 10_000;

/** Asks a server. Returns null when it does not answer. */
export const ask = (url: string, init: RequestInit = {}): Promise<Response | null> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience), ...init }).catch(
    () => null,
  );

/** Largest difference of clocks that signatures and links of minutes bear, in seconds. */
const largestSkew = 60;

/**
 * Seconds by which this machine's clock is ahead of another's.
 * @param there what the other clock said just now: a Date header, or its time
 * @returns null when it says nothing, or the two are near enough
 */
export function skewOf(there: string | Date | null | undefined): number | null {
  const time = there instanceof Date ? there.getTime() : Date.parse(there ?? '');
  const skew = Math.round((Date.now() - time) / 1000);
  return Math.abs(skew) > largestSkew ? skew : null;
}
