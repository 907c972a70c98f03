import type * as threads from 'node:worker_threads';

const actual = jest.requireActual<typeof threads>('node:worker_threads');

/** Threads that were started, oldest first. */
export const startedThreads: threads.Worker[] = [];

/** `node:worker_threads`, which notes what is started: for `jest.mock`. */
export const notedThreads = {
  ...actual,
  Worker: class extends actual.Worker {
    constructor(file: string) {
      super(file);
      startedThreads.push(this);
    }
  },
};
