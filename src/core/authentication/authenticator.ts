/** Rules of an authenticator app (RFC 6238: six digits, steps of 30 seconds) and its recovery codes. */
export interface AuthenticatorState {
  isConfirmed: boolean;
  /** The last step whose code was accepted: no code is accepted twice (RFC 6238 section 5.2). */
  lastStep: number;
  /** Keyed hashes of the unused recovery codes. */
  recovery: string[];
}

/** The state of a new secret, until its first code confirms it. */
export const unconfirmed: AuthenticatorState = { isConfirmed: false, lastStep: 0, recovery: [] };

/**
 * Confirms a new secret by its first code. A confirmed one is never confirmed again, which would replace
 * its recovery codes.
 * @param step the step that the code belongs to; null for a wrong code
 * @returns the next state; null when nothing is confirmed
 */
export const confirmed = (
  state: AuthenticatorState,
  step: number | null,
  recovery: string[],
): AuthenticatorState | null =>
  state.isConfirmed || step === null ? null : { isConfirmed: true, lastStep: step, recovery };

/** A code as it is checked: people add spaces and hyphens, and type lower case. */
const bareCode = (code: string): string => code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');

/** How codes are recognised, which needs the keys. */
export interface CodeChecks {
  /** The step that a code of six digits belongs to; null for a wrong code. */
  stepOf: (code: string) => number | null;
  /** The keyed hashes of a recovery code, by each key. */
  hashesOf: (code: string) => string[];
}

/**
 * Accepts a code once: the next state, in which it is used; null when it is not accepted.
 * @param code as the person has entered it
 */
export function afterCode(
  state: AuthenticatorState,
  code: string,
  { stepOf, hashesOf }: CodeChecks,
): AuthenticatorState | null {
  if (!state.isConfirmed) return null;
  const given = bareCode(code);
  if (/^\d{6}$/.test(given)) {
    const step = stepOf(given);
    return step === null || step <= state.lastStep ? null : { ...state, lastStep: step };
  }
  const hash = hashesOf(given).find((one) => state.recovery.includes(one));
  if (hash === undefined) return null;
  return { ...state, recovery: state.recovery.filter((one) => one !== hash) };
}
