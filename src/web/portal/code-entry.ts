import type { StepUpMethod } from '../../core/authentication/step-up';

/** Methods that are a code to enter. */
export type CodeMethod = Exclude<StepUpMethod, 'oidc'>;

/** What a code is entered for: a method, or an app that is being set up. */
export type EnteredCode = CodeMethod | 'newApp';

/** What is wrong with a code; the texts are below `portal.verify.errors`. */
export type CodeError =
  | { kind: 'empty' | 'incomplete' | 'expired' }
  /** `triesLeft` is null where the server does not say it. */
  | { kind: 'wrong'; triesLeft: number | null };

const digits = { sms: 8, officer: 8, totp: 6, newApp: 6 } as const;

/**
 * Reads a code as it was typed, with the spaces and dashes that people put into it.
 * @returns what the server is asked, or what is wrong before it is
 */
export function readCode(entered: EnteredCode, typed: string): string | CodeError {
  const bare = typed.replaceAll(/[\s\-–.]/g, '');
  if (bare === '') return { kind: 'empty' };
  // A recovery code has letters in it, and is longer.
  if (entered === 'totp' && /[A-Za-z]|^.{10}$/.test(bare)) return bare;
  return /^\d+$/.test(bare) && bare.length === digits[entered] ? bare : { kind: 'incomplete' };
}

/** What the server's refusal of a code says to the person; null where it is about something else. */
export function codeErrorOf(code: string, triesLeft: unknown): CodeError | null {
  if (code === 'codeExpired') return { kind: 'expired' };
  if (code !== 'codeWrong') return null;
  const left = typeof triesLeft === 'number' ? triesLeft : null;
  // After the last try the code is void.
  return left === 0 ? { kind: 'expired' } : { kind: 'wrong', triesLeft: left };
}
