import { msPerDay } from '../time/time';

/**
 * Rules of one-time codes: how many are issued, how long each is valid, and how many wrong attempts
 * there may be. Times in milliseconds; codes are compared by their hashes.
 *
 * Whoever has the link of a person can enter wrong codes. What they can lock is the method that they
 * have tried: the counters of text messages and of the authenticator app are apart, and nothing that is
 * entered in the portal keeps an officer from issuing a code, or a later code of an officer from being
 * accepted.
 */

/** Who hands a code over: the app by text message, or an officer in person. */
export type CodePurpose = 'sms' | 'officer';

/** Methods whose wrong attempts are counted in all, and that are locked for a day. */
export type LockedMethod = 'sms' | 'app';

export type CodeCheck = 'accepted' | 'wrong' | 'expired' | 'lockedOut';

interface CodeRule {
  /** Milliseconds for which a code is valid. */
  lifetime: number;
  /** Wrong attempts at one code, after which it is void. */
  tries: number;
  /** Codes that are issued for one request in a period. */
  perPeriod: number;
}

/**
 * A code of an officer has more tries, because others can use them up: thirty of a hundred million codes.
 * How many are issued is bounded by what officers do, who sign in for each.
 */
const rules: Record<CodePurpose, CodeRule> = {
  sms: { lifetime: 10 * 60_000, tries: 5, perPeriod: 5 },
  officer: { lifetime: 60 * 60_000, tries: 30, perPeriod: 20 },
};
const codePeriod = 3_600_000;
/** After this many wrong attempts in all, the method accepts no code for a day. */
const triesBeforeLockOut = 15;
const lockOut = msPerDay;

/** The codes of a request. */
export interface CodeState {
  /** Valid codes, by who hands them over. */
  codes: Partial<Record<CodePurpose, { hash: string; expires: number; tries: number }>>;
  /** Number of codes so far, from which the number of the next follows. */
  issued: number;
  /** Wrong attempts since the last accepted code, by method. */
  wrong: Partial<Record<LockedMethod, number>>;
  /** When a method accepts codes again. */
  lockedUntil: Partial<Record<LockedMethod, number>>;
  /** When the last codes were issued. */
  sent: Partial<Record<CodePurpose, number[]>>;
}

export const freshCodeState: CodeState = {
  codes: {},
  issued: 0,
  wrong: {},
  lockedUntil: {},
  sent: {},
};

/** What a check of a code says, with the state that has to be stored; without one nothing changes. */
export interface CheckedCode {
  answer: CodeCheck;
  next?: CodeState;
}

/** The method that attempts at a code are counted for; null for codes of officers, which lock nothing. */
const lockedBy = (purpose: CodePurpose): LockedMethod | null =>
  purpose === 'officer' ? null : purpose;

const isLockedOut = (
  { lockedUntil }: CodeState,
  method: LockedMethod | null,
  now: number,
): boolean => method !== null && (lockedUntil[method] ?? 0) > now;

/** The times of codes that count against the limit. */
const recentlySent = ({ sent }: CodeState, purpose: CodePurpose, now: number): number[] =>
  (sent[purpose] ?? []).filter((time) => time > now - codePeriod);

/** Whether another code may be issued. */
export const mayIssue = (state: CodeState, purpose: CodePurpose, now: number): boolean =>
  recentlySent(state, purpose, now).length < rules[purpose].perPeriod &&
  !isLockedOut(state, lockedBy(purpose), now);

/** The state after a code was issued, which replaces the one before from the same hand. */
export function withCode(
  state: CodeState,
  purpose: CodePurpose,
  hash: string,
  now: number,
): CodeState {
  const expires = now + rules[purpose].lifetime;
  return {
    ...state,
    issued: state.issued + 1,
    codes: { ...state.codes, [purpose]: { hash, expires, tries: 0 } },
    sent: { ...state.sent, [purpose]: [...recentlySent(state, purpose, now), now] },
  };
}

/** Whether there is a code that has not expired. */
export const hasValidCode = ({ codes }: CodeState, purpose: CodePurpose, now: number): boolean =>
  (codes[purpose]?.expires ?? 0) > now;

/** What is left to somebody who enters codes: tries at the present code, and since when none is accepted. */
export interface CodeStanding {
  triesLeft: number;
  /** When codes are accepted again, in milliseconds; null where they are. */
  lockedUntil: number | null;
}

/** How things stand after a wrong code, for whoever has entered it. */
export function standingOf(
  state: CodeState,
  entered: CodePurpose | 'app',
  now: number,
): CodeStanding {
  const method = entered === 'app' ? entered : lockedBy(entered);
  const inAll = method === null ? Infinity : triesBeforeLockOut - (state.wrong[method] ?? 0);
  const stored = entered === 'app' ? undefined : state.codes[entered];
  const atCode = entered === 'app' ? Infinity : rules[entered].tries - (stored?.tries ?? 0);
  return {
    triesLeft: Math.max(0, Math.min(inAll, atCode)),
    lockedUntil: isLockedOut(state, method, now)
      ? (state.lockedUntil[method ?? 'sms'] ?? null)
      : null,
  };
}

/** How things stand with the codes of a request, all at the same moment. */
export interface CodesStanding {
  /** For what a code was issued that is still valid. */
  valid: readonly CodePurpose[];
  /** For whoever enters codes by text message, of an officer, or of an app. */
  entered: Readonly<Record<CodePurpose | 'app', CodeStanding>>;
}

export const codesStandingOf = (state: CodeState, now: number): CodesStanding => ({
  valid: (['sms', 'officer'] as const).filter((purpose) => hasValidCode(state, purpose, now)),
  entered: {
    sms: standingOf(state, 'sms', now),
    officer: standingOf(state, 'officer', now),
    app: standingOf(state, 'app', now),
  },
});

/**
 * Checks a code, which is accepted once.
 * @param isSame compares the hash of the code that was entered with the stored one
 */
export function checkCode(
  state: CodeState,
  purpose: CodePurpose,
  isSame: (hash: string) => boolean,
  now: number,
): CheckedCode {
  const method = lockedBy(purpose);
  if (isLockedOut(state, method, now)) return { answer: 'lockedOut' };
  const stored = state.codes[purpose];
  if (!stored || stored.expires <= now || stored.tries >= rules[purpose].tries)
    return { answer: 'expired' };
  const { [purpose]: _used, ...codes } = state.codes;
  if (isSame(stored.hash))
    return { answer: 'accepted', next: withoutWrong({ ...state, codes }, method) };
  const tried = { ...stored, tries: stored.tries + 1 };
  return wrongAttempt({ ...state, codes: { ...codes, [purpose]: tried } }, method, now);
}

/**
 * Counts an attempt by an authenticator app as wrong before it is checked elsewhere, so that no more are
 * checked than allowed.
 */
export const countAttempt = (state: CodeState, now: number): CheckedCode =>
  isLockedOut(state, 'app', now) ? { answer: 'lockedOut' } : wrongAttempt(state, 'app', now);

/** The state after a code was accepted. */
export const withoutWrong = (state: CodeState, method: LockedMethod | null): CodeState =>
  method === null ? state : { ...state, wrong: { ...state.wrong, [method]: 0 } };

/** Counts a wrong attempt; one too many locks the method out. */
function wrongAttempt(state: CodeState, method: LockedMethod | null, now: number): CheckedCode {
  if (method === null) return { answer: 'wrong', next: state };
  const wrong = (state.wrong[method] ?? 0) + 1;
  if (wrong < triesBeforeLockOut)
    return { answer: 'wrong', next: { ...state, wrong: { ...state.wrong, [method]: wrong } } };
  const lockedUntil = { ...state.lockedUntil, [method]: now + lockOut };
  return { answer: 'lockedOut', next: { ...withoutWrong(state, method), lockedUntil } };
}
