import type * as Timers from 'node:timers/promises';

/** Whoever waits gives way for so many real milliseconds at most. */
const longestRealWait = 2;
let isMoving = false;

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

export function moveTime(milliseconds: number): void {
  jest.setSystemTime(Date.now() + milliseconds);
}

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
