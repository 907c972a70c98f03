import fc from 'fast-check';
import {
  checkCode,
  countAttempt,
  freshCodeState,
  hasValidCode,
  mayIssue,
  withCode,
  withoutWrong,
  type CheckedCode,
  type CodePurpose,
  type CodeState,
} from '../../src/core/authentication/codes';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const start = 1_800_000_000_000;

/** A state in which these codes were issued, at these minutes after the start. */
const issued = (...codes: [purpose: CodePurpose, hash: string, at: number][]): CodeState =>
  codes.reduce(
    (state, [purpose, hash, at]) => withCode(state, purpose, hash, start + at * minute),
    freshCodeState,
  );
const check = (state: CodeState, purpose: CodePurpose, hash: string, at: number) =>
  checkCode(state, purpose, (stored) => stored === hash, at);
/** The state after so many wrong attempts at a code. */
function afterWrong(state: CodeState, attempts: number, purpose: CodePurpose = 'sms'): CodeState {
  let next = state;
  for (let i = 0; i < attempts; i += 1)
    next = check(next, purpose, 'wrong', start + minute).next ?? next;
  return next;
}

describe('a code', () => {
  it('is not there at first', () => {
    const none = { codes: {}, issued: 0, wrongInAll: 0, lockedUntil: 0, sent: [] };
    expect(freshCodeState).toEqual(none);
  });

  it('is stored with its time, and replaces the one before of the same purpose only', () => {
    const state = issued(['sms', 'a', 0], ['officer', 'b', 1], ['sms', 'c', 2]);
    expect(state).toEqual({
      codes: {
        sms: { hash: 'c', expires: start + 12 * minute, tries: 0 },
        officer: { hash: 'b', expires: start + 61 * minute, tries: 0 },
      },
      issued: 3,
      wrongInAll: 0,
      lockedUntil: 0,
      sent: [start, start + minute, start + 2 * minute],
    });
    expect(check(state, 'sms', 'a', start + 3 * minute).answer).toBe('wrong');
    expect(check(state, 'officer', 'c', start + 3 * minute).answer).toBe('wrong');
  });

  it.each([
    ['sms', 10],
    ['officer', 60],
  ] as const)('of the purpose %s is valid for %d minutes', (purpose, minutes) => {
    const state = issued([purpose, 'a', 0]);
    const end = start + minutes * minute;
    expect(hasValidCode(state, purpose, end - 1)).toBe(true);
    expect(check(state, purpose, 'a', end - 1).answer).toBe('accepted');
    expect(hasValidCode(state, purpose, end)).toBe(false);
    expect(check(state, purpose, 'a', end)).toEqual({ answer: 'expired' });
    expect(check(state, purpose, 'x', end)).toEqual({ answer: 'expired' });
  });

  it('is accepted once, and the wrong attempts before it are forgotten', () => {
    const state = afterWrong(issued(['sms', 'a', 0], ['officer', 'b', 0]), 2);
    expect(state.wrongInAll).toBe(2);
    const { answer, next } = check(state, 'sms', 'a', start + minute);
    expect(answer).toBe('accepted');
    const { sms: _used, ...codes } = state.codes;
    expect(next).toEqual({ ...state, codes, wrongInAll: 0 });
    expect(check(next as CodeState, 'sms', 'a', start + minute)).toEqual({ answer: 'expired' });
  });

  it('is not accepted where none was issued', () => {
    expect(check(freshCodeState, 'sms', 'a', start)).toEqual({ answer: 'expired' });
    expect(hasValidCode(freshCodeState, 'sms', start)).toBe(false);
    expect(hasValidCode(issued(['sms', 'a', 0]), 'officer', start)).toBe(false);
  });

  it('is accepted at the fifth attempt, and not after five wrong ones', () => {
    const four = afterWrong(issued(['sms', 'a', 0]), 4);
    expect(four.codes.sms?.tries).toBe(4);
    expect(check(four, 'sms', 'a', start + minute).answer).toBe('accepted');
    const five = afterWrong(four, 1);
    expect(check(five, 'sms', 'a', start + minute)).toEqual({ answer: 'expired' });
    expect(five.wrongInAll).toBe(5);
  });

  it('counts its wrong attempts apart from those of the other purpose, and in all', () => {
    const state = afterWrong(issued(['sms', 'a', 0], ['officer', 'b', 0]), 3, 'officer');
    expect(state.codes).toEqual({
      sms: { hash: 'a', expires: start + 10 * minute, tries: 0 },
      officer: { hash: 'b', expires: start + 60 * minute, tries: 3 },
    });
    expect(state).toMatchObject({ wrongInAll: 3, issued: 2, lockedUntil: 0 });
  });
});

describe('the number of codes', () => {
  it('is five in an hour', () => {
    const times = [0, 10, 20, 30, 40];
    const four = issued(
      ...times.slice(0, 4).map((at) => ['sms', 'a', at] as [CodePurpose, string, number]),
    );
    expect(mayIssue(four, start + 40 * minute)).toBe(true);
    const five = withCode(four, 'officer', 'b', start + 40 * minute);
    expect(mayIssue(five, start + 40 * minute)).toBe(false);
    expect(mayIssue(five, start + hour - 1)).toBe(false);
    expect(mayIssue(five, start + hour)).toBe(true);
    const six = withCode(five, 'sms', 'c', start + hour);
    expect(six.issued).toBe(6);
    expect(six.sent).toEqual([10, 20, 30, 40, 60].map((at) => start + at * minute));
    expect(mayIssue(six, start + hour)).toBe(false);
  });
});

describe('a lock-out', () => {
  const end = start + minute + day;
  let fourteen: CodeState;
  let last: CheckedCode;
  let locked: CodeState;
  beforeAll(() => {
    // Three codes with five wrong attempts each but the last, which has four.
    fourteen = [5, 5, 4].reduce(
      (state, attempts) => afterWrong(withCode(state, 'sms', 'a', start), attempts),
      freshCodeState,
    );
    last = check(fourteen, 'sms', 'x', start + minute);
    locked = last.next ?? freshCodeState;
  });

  it('begins with the fifteenth wrong attempt in all, for a day', () => {
    expect(fourteen).toMatchObject({ wrongInAll: 14, lockedUntil: 0 });
    expect(last.answer).toBe('lockedOut');
    expect(locked).toMatchObject({ wrongInAll: 0, lockedUntil: end });
  });

  it('refuses codes of every kind until it is over, and counts no attempt', () => {
    const other = withCode(locked, 'officer', 'b', end - minute);
    expect(check(other, 'officer', 'b', end - 1)).toEqual({ answer: 'lockedOut' });
    expect(countAttempt(other, end - 1)).toEqual({ answer: 'lockedOut' });
    expect(mayIssue(locked, end - 1)).toBe(false);
    expect(check(other, 'officer', 'b', end).answer).toBe('accepted');
    expect(countAttempt(other, end).answer).toBe('wrong');
    expect(mayIssue(locked, end)).toBe(true);
  });

  it('begins with attempts by an app as well, which share the count', () => {
    expect(countAttempt(fourteen, start + hour)).toEqual({
      answer: 'lockedOut',
      next: { ...fourteen, wrongInAll: 0, lockedUntil: start + hour + day },
    });
    const state = issued(['sms', 'a', 0]);
    expect(countAttempt(state, start)).toEqual({
      answer: 'wrong',
      next: { ...state, wrongInAll: 1 },
    });
    expect(withoutWrong(fourteen)).toEqual({ ...fourteen, wrongInAll: 0 });
  });

  it('allows a day no more than fifteen guesses, whatever codes are issued between them', () => {
    const step = fc.constantFrom('issue sms', 'issue officer', 'guess sms', 'guess officer', 'app');
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 200 }), (steps) => {
        let state = freshCodeState;
        let guesses = 0;
        steps.forEach((one, i) => {
          const at = start + i * minute;
          const purpose: CodePurpose = one.endsWith('officer') ? 'officer' : 'sms';
          if (one.startsWith('issue')) {
            if (mayIssue(state, at)) state = withCode(state, purpose, 'right', at);
            return;
          }
          const { next } = one === 'app' ? countAttempt(state, at) : check(state, purpose, 'x', at);
          if (next) guesses += 1;
          state = next ?? state;
        });
        expect(guesses).toBeLessThanOrEqual(15);
      }),
    );
  });
});
