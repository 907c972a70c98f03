import fc from 'fast-check';
import {
  checkCode,
  codesStandingOf,
  countAttempt,
  freshCodeState,
  hasValidCode,
  mayIssue,
  standingOf,
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
    const none = { codes: {}, issued: 0, wrong: {}, lockedUntil: {}, sent: {} };
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
      wrong: {},
      lockedUntil: {},
      sent: { sms: [start, start + 2 * minute], officer: [start + minute] },
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
    expect(state.wrong).toEqual({ sms: 2 });
    const { answer, next } = check(state, 'sms', 'a', start + minute);
    expect(answer).toBe('accepted');
    const { sms: _used, ...codes } = state.codes;
    expect(next).toEqual({ ...state, codes, wrong: { sms: 0 } });
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
    expect(five.wrong).toEqual({ sms: 5 });
  });

  it('of an officer has thirty tries, because others can use them up, and counts them for itself', () => {
    const state = afterWrong(issued(['sms', 'a', 0], ['officer', 'b', 0]), 29, 'officer');
    expect(state.codes).toEqual({
      sms: { hash: 'a', expires: start + 10 * minute, tries: 0 },
      officer: { hash: 'b', expires: start + 60 * minute, tries: 29 },
    });
    expect(state).toMatchObject({ wrong: {}, issued: 2, lockedUntil: {} });
    expect(check(state, 'officer', 'b', start + minute).answer).toBe('accepted');
    const all = afterWrong(state, 1, 'officer');
    expect(check(all, 'officer', 'b', start + minute)).toEqual({ answer: 'expired' });
    const again = withCode(all, 'officer', 'c', start + minute);
    expect(check(again, 'officer', 'c', start + minute).answer).toBe('accepted');
  });
});

describe('the number of codes', () => {
  it('is five in an hour by text message', () => {
    const times = [0, 10, 20, 30, 40];
    const four = issued(
      ...times.slice(0, 4).map((at) => ['sms', 'a', at] as [CodePurpose, string, number]),
    );
    expect(mayIssue(four, 'sms', start + 40 * minute)).toBe(true);
    const five = withCode(four, 'sms', 'b', start + 40 * minute);
    expect(mayIssue(five, 'sms', start + 40 * minute)).toBe(false);
    expect(mayIssue(five, 'sms', start + hour - 1)).toBe(false);
    expect(mayIssue(five, 'sms', start + hour)).toBe(true);
    const six = withCode(five, 'sms', 'c', start + hour);
    expect(six.issued).toBe(6);
    expect(six.sent).toEqual({ sms: [10, 20, 30, 40, 60].map((at) => start + at * minute) });
    expect(mayIssue(six, 'sms', start + hour)).toBe(false);
    expect(mayIssue(six, 'officer', start + hour)).toBe(true);
  });

  it('is twenty in an hour by officers, whose codes are no text messages', () => {
    let state = freshCodeState;
    for (let i = 0; i < 20; i += 1) {
      expect(mayIssue(state, 'officer', start)).toBe(true);
      state = withCode(state, 'officer', 'a', start);
    }
    expect(mayIssue(state, 'officer', start)).toBe(false);
    expect(mayIssue(state, 'sms', start)).toBe(true);
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
    expect(fourteen).toMatchObject({ wrong: { sms: 14 }, lockedUntil: {} });
    expect(last.answer).toBe('lockedOut');
    expect(locked).toMatchObject({ wrong: { sms: 0 }, lockedUntil: { sms: end } });
  });

  it('refuses codes by text message until it is over, and counts no attempt', () => {
    const other = { ...locked, codes: { sms: { hash: 'b', expires: end + minute, tries: 0 } } };
    expect(check(other, 'sms', 'b', end - 1)).toEqual({ answer: 'lockedOut' });
    expect(mayIssue(locked, 'sms', end - 1)).toBe(false);
    expect(check(other, 'sms', 'b', end).answer).toBe('accepted');
    expect(mayIssue(locked, 'sms', end)).toBe(true);
  });

  it('of one method locks no other, and never what an officer does', () => {
    const at = start + hour;
    expect(mayIssue(locked, 'officer', at)).toBe(true);
    const withOfficer = withCode(locked, 'officer', 'b', at);
    expect(check(withOfficer, 'officer', 'b', at).answer).toBe('accepted');
    expect(countAttempt(locked, at).answer).toBe('wrong');
    let byApp: CodeState = withCode(freshCodeState, 'sms', 'a', at);
    for (let i = 0; i < 15; i += 1) byApp = countAttempt(byApp, at).next ?? byApp;
    expect(countAttempt(byApp, at)).toEqual({ answer: 'lockedOut' });
    expect(check(byApp, 'sms', 'a', at).answer).toBe('accepted');
    expect(check(withCode(byApp, 'officer', 'b', at), 'officer', 'b', at).answer).toBe('accepted');
  });

  it('begins with attempts by an app as well', () => {
    const state = issued(['sms', 'a', 0]);
    expect(countAttempt(state, start)).toEqual({
      answer: 'wrong',
      next: { ...state, wrong: { app: 1 } },
    });
    let counted = state;
    for (let i = 0; i < 14; i += 1) counted = countAttempt(counted, start).next ?? counted;
    expect(countAttempt(counted, start + hour)).toEqual({
      answer: 'lockedOut',
      next: { ...state, wrong: { app: 0 }, lockedUntil: { app: start + hour + day } },
    });
    expect(withoutWrong(counted, 'app')).toEqual({ ...state, wrong: { app: 0 } });
  });

  it('allows a day no more than fifteen guesses by each method, whatever codes are issued between them', () => {
    const step = fc.constantFrom('issue sms', 'issue officer', 'guess sms', 'guess officer', 'app');
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 200 }), (steps) => {
        let state = freshCodeState;
        const guesses = { sms: 0, officer: 0, app: 0 };
        let codesOfOfficers = 0;
        steps.forEach((one, i) => {
          const at = start + i * minute;
          const purpose: CodePurpose = one.endsWith('officer') ? 'officer' : 'sms';
          if (one.startsWith('issue')) {
            if (!mayIssue(state, purpose, at)) return;
            state = withCode(state, purpose, 'right', at);
            if (purpose === 'officer') codesOfOfficers += 1;
            return;
          }
          const { next } = one === 'app' ? countAttempt(state, at) : check(state, purpose, 'x', at);
          if (next) guesses[one === 'app' ? 'app' : purpose] += 1;
          state = next ?? state;
        });
        expect(guesses.sms).toBeLessThanOrEqual(15);
        expect(guesses.app).toBeLessThanOrEqual(15);
        expect(guesses.officer).toBeLessThanOrEqual(30 * codesOfOfficers);
      }),
    );
  });

  it('cannot be brought about against an officer: the next code of an officer is always accepted', () => {
    const attempt = fc.constantFrom('sms', 'officer', 'app', 'issue sms', 'issue officer');
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 120 }), (attempts) => {
        let state = freshCodeState;
        for (const one of attempts) {
          if (one === 'issue sms' && mayIssue(state, 'sms', start))
            state = withCode(state, 'sms', 'a', start);
          else if (one === 'issue officer' && (state.sent.officer ?? []).length < 19)
            state = withCode(state, 'officer', 'b', start);
          else if (one === 'app') state = countAttempt(state, start).next ?? state;
          else if (one === 'sms' || one === 'officer')
            state = check(state, one, 'wrong', start).next ?? state;
        }
        expect(mayIssue(state, 'officer', start)).toBe(true);
        const next = withCode(state, 'officer', 'right', start);
        expect(check(next, 'officer', 'right', start).answer).toBe('accepted');
      }),
    );
  });
});

describe('somebody who enters codes', () => {
  const at = start + minute;

  it.each<[string, CodeState, CodePurpose, number]>([
    ['has five tries at a code by text message', issued(['sms', 'a', 0]), 'sms', 5],
    ['has one less after each wrong one', afterWrong(issued(['sms', 'a', 0]), 2), 'sms', 3],
    ['has none left at a code that is void', afterWrong(issued(['sms', 'a', 0]), 5), 'sms', 0],
    ['has thirty at a code of an officer', issued(['officer', 'a', 0]), 'officer', 30],
  ])('%s', (_name, state, purpose, triesLeft) => {
    expect(standingOf(state, purpose, at)).toEqual({ triesLeft, lockedUntil: null });
  });

  it('has fewer tries where a lock-out is nearer, and is told when that ends', () => {
    let state = issued(['sms', 'a', 0]);
    for (let i = 0; i < 2; i += 1) state = withCode(afterWrong(state, 5), 'sms', 'b', start);
    expect(standingOf(afterWrong(state, 3), 'sms', at).triesLeft).toBe(2);
    const locked = afterWrong(state, 5);
    expect(standingOf(locked, 'sms', at)).toEqual({
      triesLeft: 0,
      lockedUntil: start + minute + day,
    });
    expect(standingOf(locked, 'sms', start + minute + day).lockedUntil).toBeNull();
    // Another method is not locked by it.
    expect(standingOf(locked, 'app', at)).toEqual({ triesLeft: 15, lockedUntil: null });
  });

  it('is told of all ways at the same moment: what is valid, and what is left of each', () => {
    const left = (triesLeft: number) => ({ triesLeft, lockedUntil: null });
    expect(codesStandingOf(freshCodeState, at)).toEqual({
      valid: [],
      entered: { sms: left(5), officer: left(30), app: left(15) },
    });
    const both = afterWrong(issued(['sms', 'a', 0], ['officer', 'b', 0]), 2);
    const tried = countAttempt(both, at).next ?? both;
    expect(codesStandingOf(tried, at)).toEqual({
      valid: ['sms', 'officer'],
      entered: { sms: left(3), officer: left(30), app: left(14) },
    });
    // A code of an officer outlives one by text message.
    expect(codesStandingOf(tried, start + 10 * minute).valid).toEqual(['officer']);
  });

  it('of an officer locks nothing and forgives nothing', () => {
    const state = afterWrong(issued(['sms', 'a', 0], ['officer', 'b', 0]), 2);
    const before = state.wrong;
    expect(checkCode(state, 'officer', () => false, at).next?.wrong).toEqual(before);
    expect(checkCode(state, 'officer', () => true, at).next?.wrong).toEqual(before);
  });
});
