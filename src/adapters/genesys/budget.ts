import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SourceError } from '../../core/errors';
import type { StorageConnection } from '../storage/connection';
import { countGranted } from '../telemetry/metrics';
import { Table } from '../storage/table';

/** Calls that one worker takes from the budget at a time. */
const sliceSize = 20;
/** The longest a worker waits for a slice; beyond that the orchestration waits, by a durable timer. */
const longestWait = 10_000;
/**
 * Our window is a sixtieth longer than the source's: both start at a first call, and ours, which
 * starts a moment earlier, must not end a moment earlier.
 */
const windowMargin = 61 / 60;

const window = z.object({ start: z.number(), granted: z.number(), pausedUntil: z.number() });
type Window = z.infer<typeof window>;

const noWindow: Window = { start: 0, granted: 0, pausedUntil: 0 };

/** The window in a row; one that cannot be read, as a hand may have left it, counts as none. */
function windowOf(row: Record<string, unknown> | null): Window {
  try {
    return window.parse(JSON.parse(String(row?.['window'])));
  } catch {
    return noWindow;
  }
}

/** Calls that the source takes in a window of so many seconds; a minute, but for measurements. */
export interface CallAllowance {
  calls: number;
  windowSeconds: number;
}

/**
 * The app's allowance of API calls. It is one table row changed under its ETag, so that all workers
 * together stay inside it, whichever process they run in.
 */
export class CallBudget {
  private readonly table: Table;
  private slice = { calls: 0, until: 0 };
  private turn: Promise<void> = Promise.resolve();
  private readonly windowLength: number;

  constructor(
    storage: StorageConnection,
    private readonly allowance: CallAllowance,
    private readonly now: () => number,
    /** Whose calls are counted: each organisation has a budget of its own. */
    private readonly organisation = 'main',
  ) {
    this.table = new Table(storage, 'budget');
    this.windowLength = allowance.windowSeconds * 1000 * windowMargin;
  }

  /**
   * Takes one call from the budget, waiting a few seconds if need be.
   * @throws SourceError `again` when there is none to be had soon.
   */
  async acquire(): Promise<void> {
    const mine = this.turn.then(() => this.takeInTurn());
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Stops all workers for a while: the source has said so. */
  async pause(milliseconds: number): Promise<void> {
    this.slice = { calls: 0, until: 0 };
    const until = this.now() + milliseconds;
    await this.change((window) => ({
      ...window,
      pausedUntil: Math.max(window.pausedUntil, until),
    }));
  }

  private async takeInTurn(): Promise<void> {
    if (this.slice.calls > 0 && this.now() < this.slice.until) {
      this.slice.calls -= 1;
      return;
    }
    const deadline = this.now() + longestWait;
    for (;;) {
      const availableAt = await this.takeSlice();
      if (availableAt === null) break;
      if (availableAt > deadline) {
        const afterSeconds = Math.ceil((availableAt - this.now()) / 1000);
        throw new SourceError({ kind: 'retryLater', afterSeconds, reason: 'sourceRateLimited' });
      }
      await delay(Math.max(availableAt - this.now(), 10));
    }
    this.slice.calls -= 1;
  }

  /** Takes a slice, or tells when it is worth asking again. */
  private async takeSlice(): Promise<number | null> {
    const limit = this.allowance.calls;
    const size = Math.min(sliceSize, limit);
    let availableAt: number | null = null;
    // What an attempt would have granted counts only when its write did.
    let taken = this.slice;
    await this.change((stored) => {
      const now = this.now();
      availableAt = null;
      taken = this.slice;
      if (stored.pausedUntil > now) {
        availableAt = stored.pausedUntil;
        return null;
      }
      const isOver = now >= stored.start + this.windowLength;
      const window = isOver ? { ...stored, start: now, granted: 0 } : stored;
      if (window.granted + size > limit) {
        availableAt = window.start + this.windowLength;
        return null;
      }
      taken = { calls: size, until: window.start + this.windowLength };
      return { ...window, granted: window.granted + size };
    });
    if (taken !== this.slice) countGranted(this.organisation, taken.calls);
    this.slice = taken;
    return availableAt;
  }

  private async change(make: (window: Window) => Window | null): Promise<void> {
    for (;;) {
      const row = await this.table.get('genesys', this.organisation);
      const next = make(windowOf(row));
      if (next === null) return;
      const target = {
        partitionKey: 'genesys',
        rowKey: this.organisation,
        window: JSON.stringify(next),
      };
      const written =
        row === null ? await this.table.insert(target) : await this.table.replace(target, row.etag);
      if (written) return;
    }
  }
}
