import type { AppContext } from '../composition/app-context';
import type { Config } from '../config/config';
import type { MailDomainProbe } from '../ports/mail-domain-probe';
import type { MailProbe } from '../ports/mail-probe';
import type { StorageProbe } from '../ports/storage-probe';

/** The result of a check. A problem keeps the app from working, or from keeping its promises. */
export interface Diagnostic {
  check: string;
  outcome: 'ok' | 'problem' | 'warning' | 'notChecked';
  message: string;
  /** What to do. */
  fix?: string;
}

/** What checks examine. */
export interface Examined {
  app: AppContext;
  storage: StorageProbe;
  mail: MailProbe;
  mailDomain: MailDomainProbe;
  config: Config;
  /** All settings as text, including those of the Functions host. */
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

/** What a trial is reported as. */
export interface TrialMessages {
  good: string;
  bad: (error: unknown) => string;
  fix: string;
}

/** Runs a trial, and reports whether it threw. */
export async function tryOut(
  check: string,
  trial: () => Promise<unknown>,
  { good, bad, fix }: TrialMessages,
): Promise<Diagnostic> {
  try {
    await trial();
    return ok(check, good);
  } catch (error) {
    return problem(check, bad(error), fix);
  }
}

/** Longest wait for a server, in milliseconds. */
const timeout = 10_000;

/** Calls a server. Returns null when it does not answer. */
export const ask = (url: string, init: RequestInit = {}): Promise<Response | null> =>
  fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeout), ...init }).catch(
    () => null,
  );
