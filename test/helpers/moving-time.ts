import type * as Timers from 'node:timers/promises';

/** Whoever waits gives way for so many real milliseconds at most. */
const longestRealWait = 2;
let isMoving = false;
/** Milliseconds by which the app's clock was set forward, all in all. */
let stepped = 0;

/**
 * Lets the time of this process be moved: of the app and of the simulator, which both run in it. Timers
 * of the clients of storage stay real. Other processes are started before and ended after.
 */
export function startMovingTime(): void {
  isMoving = true;
  jest.useFakeTimers({
    advanceTimers: true,
    doNotFake: [
      ...([
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'queueMicrotask',
      ] as const),
      ...(['setImmediate', 'clearImmediate', 'nextTick', 'hrtime', 'performance'] as const),
    ],
  });
}

export function stopMovingTime(): void {
  isMoving = false;
  jest.useRealTimers();
}

/** Sets all clocks. */
export function startAt(time: number): void {
  stepped = 0;
  jest.setSystemTime(time);
}

export function moveTime(milliseconds: number): void {
  jest.setSystemTime(Date.now() + milliseconds);
}

/** Sets the clock of the app forward, or back where negative: nothing passes, and other clocks stay. */
export function stepClock(milliseconds: number): void {
  stepped += milliseconds;
  moveTime(milliseconds);
}

/** The time on clocks that were not set. */
export const steadyTime = (): Date => new Date(Date.now() - stepped);

const real = jest.requireActual<typeof Timers>('node:timers/promises');

/**
 * Stands for `node:timers/promises` where time is moved: the wait of the app is time that has passed.
 * A test installs it by `jest.mock`.
 */
export const movedTimers = {
  ...real,
  setTimeout: async <T>(milliseconds = 1, value?: T): Promise<T | undefined> => {
    if (!isMoving) return real.setTimeout(milliseconds, value);
    moveTime(milliseconds);
    return real.setTimeout(Math.min(milliseconds, longestRealWait), value);
  },
};
