import fc from 'fast-check';
import {
  endOfWindow,
  grant,
  leasedAlone,
  leasedUses,
  leaseLimit,
  noWindow,
  paused,
  type RateWindow,
} from '../../src/core/rate-window';

const limit = { uses: 10, milliseconds: 60_000 };
const window: RateWindow = { start: 1_000_000, granted: 7, pausedUntil: 0 };

describe('the window of a rate limit', () => {
  it('begins with the first use', () => {
    expect(noWindow).toEqual({ start: 0, granted: 0, pausedUntil: 0 });
    expect(grant(noWindow, limit, 3, 1_000_000)).toEqual({
      window: { start: 1_000_000, granted: 3, pausedUntil: 0 },
    });
  });

  it.each([
    ['all that is left', 3, 1_030_000, { window: { ...window, granted: 10 } }],
    ['less', 1, 1_030_000, { window: { ...window, granted: 8 } }],
    ['one more than is left', 4, 1_030_000, { availableAt: 1_060_000 }],
    ['one more in its last millisecond', 4, 1_059_999, { availableAt: 1_060_000 }],
    [
      'one more when it is over',
      4,
      1_060_000,
      { window: { start: 1_060_000, granted: 4, pausedUntil: 0 } },
    ],
    ['more than a whole one has', 11, 1_060_000, { availableAt: 1_120_000 }],
  ])('grants or refuses %s', (_name, count, now, expected) => {
    expect(grant(window, limit, count, now)).toEqual(expected);
  });

  it('grants nothing during a pause, which may be longer than the window', () => {
    const held = paused(window, 1_100_000);
    expect(held).toEqual({ ...window, pausedUntil: 1_100_000 });
    expect(grant(held, limit, 1, 1_099_999)).toEqual({ availableAt: 1_100_000 });
    expect(grant(held, limit, 1, 1_100_000)).toEqual({
      window: { start: 1_100_000, granted: 1, pausedUntil: 1_100_000 },
    });
  });

  it('is paused until the later of two times', () => {
    expect(paused(paused(window, 500), 400).pausedUntil).toBe(500);
    expect(paused(paused(window, 400), 500).pausedUntil).toBe(500);
  });

  it('ends after the time of its limit', () => {
    expect(endOfWindow(window, limit)).toBe(1_060_000);
  });

  it('grants no more than the limit, and in full once it is over', () => {
    const ask = fc.record({ after: fc.nat(30_000), count: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(ask, { maxLength: 60 }), (asks) => {
        let now = 1_000_000;
        let stored = noWindow;
        const granted: { start: number; count: number }[] = [];
        for (const { after, count } of asks) {
          now += after;
          const result = grant(stored, limit, count, now);
          if ('availableAt' in result) expect(result.availableAt).toBeGreaterThan(now);
          else {
            stored = result.window;
            granted.push({ start: stored.start, count });
            expect(now - stored.start).toBeLessThan(limit.milliseconds);
          }
        }
        for (const { start } of granted) {
          const inWindow = granted.filter((one) => one.start === start);
          expect(inWindow.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});

describe('a lease', () => {
  it('has a window a sixtieth longer than that of the other system', () => {
    expect(leaseLimit(300, 60)).toEqual({ uses: 300, milliseconds: 61_000 });
  });

  it.each([
    [300, 20],
    [20, 20],
    [19, 19],
    [1, 1],
  ])('of a limit of %d takes %d uses at a time', (uses, expected) => {
    expect(leasedUses({ uses, milliseconds: 1 })).toBe(expected);
  });

  it('is a fifth at a time for a process that is alone, and never less than among others', () => {
    expect(leasedAlone({ uses: 300, milliseconds: 60_000 })).toBe(60);
    for (const uses of [1, 20, 99]) {
      const small = { uses, milliseconds: 60_000 };
      expect(leasedAlone(small)).toBe(leasedUses(small));
    }
  });
});
