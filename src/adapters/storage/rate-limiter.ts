import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ConflictError, RateLimitedError } from '../../core/errors';
import {
  endOfWindow,
  grant,
  grantUpTo,
  leasedAlone,
  leasedUses,
  leaseLimit,
  noWindow,
  paused,
  type RateLimit,
  type RateWindow,
} from '../../core/rate-window';
import type {
  Clock,
  KeyStore,
  Metrics,
  RateLimiter,
  RateLimitKind,
  RateLimitLease,
} from '../../ports';
import type { StorageConnection } from './connection';
import {
  RowMemories,
  Table,
  textOf,
  type RowChange,
  type RowKey,
  type RowMemory,
  type StoredRow,
} from './table';

/** The longest that a process waits for a lease; beyond that an orchestration waits by a durable timer. */
const longestWait = 10_000;
const windowForm = z.object({ start: z.number(), granted: z.number(), pausedUntil: z.number() });

/** A limit, and the row that counts its uses. */
interface Limit extends RateLimit {
  row: RowKey;
}

/**
 * Rate limits in table `rateLimits`: a row for each kind and key, changed under its ETag. A row is in the
 * partition of its kind and bears a keyed hash.
 */
export class TableRateLimiter implements RateLimiter {
  private readonly table: Table;
  private readonly memories = new RowMemories();

  constructor(
    storage: StorageConnection,
    private readonly keys: Pick<KeyStore, 'keyedHash'>,
    private readonly clock: Clock,
    private readonly metrics: Pick<Metrics, 'countLeased'>,
  ) {
    this.table = new Table(storage, 'rateLimits');
  }

  /** @throws ConflictError when too many processes use the key at once */
  tryAcquire(kind: RateLimitKind, key: string, uses: number, seconds: number): Promise<boolean> {
    const limit = { row: this.rowOf(kind, key), uses, milliseconds: seconds * 1000 };
    const change = (row: StoredRow | null): RowChange<boolean> => {
      const granted = grant(windowOf(row), limit, 1, this.clock.now().getTime());
      if (!('window' in granted)) return { result: false };
      const { window } = granted;
      const ends = new Date(endOfWindow(window, limit)).toISOString();
      return { result: true, columns: { window: JSON.stringify(window), ends } };
    };
    const memory = this.memories.of(`${kind} ${limit.row.rowKey}`);
    return this.table.update(limit.row, change, { memory });
  }

  lease(kind: RateLimitKind, key: string, uses: number, seconds: number): RateLimitLease {
    const ofOther = leaseLimit(uses, seconds);
    // Messages are few, and one that a process has taken and leaves is missing for as long as an hour.
    const portions =
      kind === 'messages'
        ? { amongOthers: 1, alone: 1 }
        : { amongOthers: leasedUses(ofOther), alone: leasedAlone(ofOther) };
    const limit = { row: this.rowOf(kind, key), ...ofOther, portions };
    return new TableLease(this.table, limit, this.clock, (count) =>
      this.metrics.countLeased(kind, key, count),
    );
  }

  async purgeExpired(): Promise<void> {
    const now = this.clock.now().toISOString();
    // Rows of leases do not end: there are few, and they count by another clock in rehearsals.
    for (const row of await this.table.query(`ends le '${now}'`)) {
      if (textOf(row, 'ends') !== null)
        await this.table.take(row.partitionKey ?? '', row.rowKey ?? '', row.etag);
    }
  }

  private rowOf(kind: RateLimitKind, key: string): RowKey {
    const rowKey = this.keys.keyedHash(`rateLimit/${kind}`, key).slice(0, 32);
    return { partitionKey: kind, rowKey };
  }
}

/** The window in a row; one that cannot be read, as a hand may have left it, counts as none. */
function windowOf(row: Record<string, unknown> | null): RateWindow {
  try {
    return windowForm.parse(JSON.parse(String(row?.['window'])));
  } catch {
    return noWindow;
  }
}

/** A limit of another system, and how many uses of it are leased at a time. */
interface LeasedLimit extends Limit {
  portions: { amongOthers: number; alone: number };
}

/**
 * Uses of a limit that this process has taken in advance, so that most cost no call of storage. While it
 * takes all that is granted, nobody else calls: it takes more at a time then, and knows the row that it has
 * written. As soon as another process takes some, all take small portions, by turns.
 */
class TableLease implements RateLimitLease {
  private held = { uses: 0, until: 0 };
  /** The window as this process has written it last, and what of it was granted to this process. */
  private own = { start: 0, granted: 0 };
  private readonly memory: RowMemory = {};
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly table: Table,
    private readonly limit: LeasedLimit,
    private readonly clock: Clock,
    private readonly onLease: (count: number) => void,
  ) {}

  acquire(): Promise<void> {
    const mine = this.turn.then(() => this.acquireInTurn());
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  async pause(milliseconds: number): Promise<void> {
    this.held = { uses: 0, until: 0 };
    const until = this.now() + milliseconds;
    await this.change((window) => ({ window: paused(window, until) }));
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private async acquireInTurn(): Promise<void> {
    if (this.held.uses === 0 || this.now() >= this.held.until) await this.waitForLease();
    this.held.uses -= 1;
  }

  private async waitForLease(): Promise<void> {
    const deadline = this.now() + longestWait;
    for (;;) {
      const availableAt = await this.takeLease();
      if (availableAt === null) return;
      if (availableAt > deadline)
        throw new RateLimitedError(Math.ceil((availableAt - this.now()) / 1000));
      await delay(Math.max(availableAt - this.now(), 10));
    }
  }

  /** Takes a lease; returns null, or when it is worth asking again. */
  private async takeLease(): Promise<number | null> {
    const granted = await this.change((window) => {
      const { alone, amongOthers } = this.limit.portions;
      const most = this.isAlone(window) ? alone : amongOthers;
      return grantUpTo(window, this.limit, most, this.now());
    });
    if ('availableAt' in granted) return granted.availableAt;
    const { window, count } = granted;
    const before = window.start === this.own.start ? this.own.granted : 0;
    this.own = { start: window.start, granted: before + count };
    if (!this.isAlone(window)) delete this.memory.row;
    this.held = { uses: count, until: endOfWindow(window, this.limit) };
    this.onLease(count);
    return null;
  }

  /** Whether all that was granted in a window was granted to this process. */
  private isAlone({ start, granted }: RateWindow): boolean {
    return start === this.own.start && granted === this.own.granted;
  }

  private async change<T extends object>(
    make: (window: RateWindow) => T & { window?: RateWindow },
  ): Promise<T> {
    try {
      const change = (row: StoredRow | null): RowChange<T> => {
        const result = make(windowOf(row));
        if (result.window === undefined) return { result };
        return { result, columns: { window: JSON.stringify(result.window) } };
      };
      return await this.table.update(this.limit.row, change, { memory: this.memory });
    } catch (error) {
      delete this.memory.row;
      if (error instanceof ConflictError) throw new RateLimitedError(longestWait / 1000);
      throw error;
    }
  }
}
