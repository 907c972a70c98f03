import { expiredOf } from '../../src/web/portal/expired';
import { repeatedly } from '../../src/web/portal/polling';
import type { ReadyView } from '../../src/web/portal/portal-api';
import { problemCodeOf, Refused } from '../../src/web/portal/refused';
import { ApiProblem } from '../../src/web/shared/api';

describe('the end that a page tells of by itself', () => {
  const availableUntil = '2026-12-02T13:15:00.000Z';
  const until = Date.parse(availableUntil);
  const ready: ReadyView = {
    ...{ step: 'download', state: 'available', law: 'ukGdpr', reference: 'PRIV-1', history: [] },
    ...{ inventory: null, statements: null, processing: null, packageBytes: 1, availableUntil },
    ...{ isOver: false, canEnrol: false },
  };

  it.each(['gdpr', 'ukGdpr', 'ccpa'] as const)(
    'names rights by the law of the request: %s',
    (law) => {
      const ended = { step: 'ended', state: 'expired', law, endedAt: availableUntil };
      expect(expiredOf({ ...ready, law }, until)).toMatchObject(ended);
    },
  );

  it('is none before its time, nor of other pages', () => {
    expect(expiredOf(ready, until - 1)).toBeNull();
    expect(expiredOf(null, until)).toBeNull();
    expect(expiredOf({ step: 'noAuthenticationMethod' }, until)).toBeNull();
  });
});

describe('what is done repeatedly', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('goes on after it has failed, however often, one at a time', async () => {
    let [begun, ended] = [0, 0];
    const end = repeatedly(async () => {
      begun += 1;
      await new Promise((done) => setTimeout(done, 5000));
      ended += 1;
      if (begun > 1) throw new Error('unreachable');
    }, 3000);
    expect(begun).toBe(0);
    await jest.advanceTimersByTimeAsync(7000);
    expect([begun, ended]).toEqual([1, 0]);
    await jest.advanceTimersByTimeAsync(5 * 8000);
    expect([begun, ended]).toEqual([6, 5]);
    end();
    await jest.advanceTimersByTimeAsync(80_000);
    expect([begun, ended]).toEqual([6, 6]);
  });
});

describe('what has gone wrong', () => {
  it.each([
    ['a refusal of the server', new ApiProblem(409, 'notAvailable'), 'notAvailable'],
    ['what the page cannot do', new Refused('fileGone'), 'fileGone'],
    ['no answer', new TypeError('Failed to fetch'), 'unreachable'],
    ['what the browser refuses', new DOMException('', 'SecurityError'), 'browserFailed'],
    ['anything else', new Error('other'), 'browserFailed'],
  ])('is told apart: %s', (_what, error, code) => expect(problemCodeOf(error)).toBe(code));
});
