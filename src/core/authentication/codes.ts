import { msPerDay } from '../time/time';

/**
 * Rules of one-time codes: how many are issued, how long each is valid, and how many wrong attempts
 * there may be. Times in milliseconds; codes are compared by their hashes.
 */
const triesPerCode = 5;
/** Codes that are issued for one request in a period. */
const codesPerPeriod = 5;
const codePeriod = 3_600_000;
/** After this many wrong attempts in all, no code is accepted for a day. */
const triesBeforeLockOut = 15;
const lockOut = msPerDay;

/** Who hands a code over: the app by text message, or an officer in person. */
export type CodePurpose = 'sms' | 'officer';

export type CodeCheck = 'accepted' | 'wrong' | 'expired' | 'lockedOut';

/** Milliseconds for which a code is valid, by who hands it over. */
const codeLifetime: Record<CodePurpose, number> = { sms: 10 * 60_000, officer: 60 * 60_000 };

/** The codes of a request. */
export interface CodeState {
  /** Valid codes, by who hands them over. */
  codes: Partial<Record<CodePurpose, { hash: string; expires: number; tries: number }>>;
  /** Number of codes so far, from which the number of the next follows. */
  issued: number;
  wrongInAll: number;
  lockedUntil: number;
  /** When the last codes were issued. */
  sent: number[];
}

export const freshCodeState: CodeState = {
  codes: {},
  issued: 0,
  wrongInAll: 0,
  lockedUntil: 0,
  sent: [],
};

/** What a check of a code says, with the state that has to be stored; without one nothing changes. */
export interface CheckedCode {
  answer: CodeCheck;
  next?: CodeState;
}

const isLockedOut = ({ lockedUntil }: CodeState, now: number): boolean => lockedUntil > now;

/** The times of codes that count against the limit. */
const recentlySent = ({ sent }: CodeState, now: number): number[] =>
  sent.filter((time) => time > now - codePeriod);

/** Whether another code may be issued. */
export const mayIssue = (state: CodeState, now: number): boolean =>
  recentlySent(state, now).length < codesPerPeriod && !isLockedOut(state, now);

/** The state after a code was issued, which replaces the one before from the same hand. */
export const withCode = (
  state: CodeState,
  purpose: CodePurpose,
  hash: string,
  now: number,
): CodeState => ({
  ...state,
  issued: state.issued + 1,
  codes: { ...state.codes, [purpose]: { hash, expires: now + codeLifetime[purpose], tries: 0 } },
  sent: [...recentlySent(state, now), now],
});

/** Whether there is a code that has not expired. */
export const hasValidCode = ({ codes }: CodeState, purpose: CodePurpose, now: number): boolean =>
  (codes[purpose]?.expires ?? 0) > now;

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
  if (isLockedOut(state, now)) return { answer: 'lockedOut' };
  const stored = state.codes[purpose];
  if (!stored || stored.expires <= now || stored.tries >= triesPerCode)
    return { answer: 'expired' };
  const { [purpose]: _used, ...codes } = state.codes;
  if (isSame(stored.hash)) return { answer: 'accepted', next: withoutWrong({ ...state, codes }) };
  const tried = { ...stored, tries: stored.tries + 1 };
  return wrongAttempt({ ...state, codes: { ...codes, [purpose]: tried } }, now);
}

/** Counts an attempt as wrong before it is checked elsewhere, so that no more are checked than allowed. */
export const countAttempt = (state: CodeState, now: number): CheckedCode =>
  isLockedOut(state, now) ? { answer: 'lockedOut' } : wrongAttempt(state, now);

/** The state after a code was accepted. */
export const withoutWrong = (state: CodeState): CodeState => ({ ...state, wrongInAll: 0 });

/** Counts a wrong attempt; one too many locks the request out. */
function wrongAttempt(state: CodeState, now: number): CheckedCode {
  const wrongInAll = state.wrongInAll + 1;
  return wrongInAll >= triesBeforeLockOut
    ? { answer: 'lockedOut', next: { ...state, wrongInAll: 0, lockedUntil: now + lockOut } }
    : { answer: 'wrong', next: { ...state, wrongInAll, lockedUntil: 0 } };
}
