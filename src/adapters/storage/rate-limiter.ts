import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { ConflictError, RateLimitedError } from '../../core/errors';
import {
  endOfWindow,
  grant,
  leasedAlone,
  leasedUses,
  leaseLimit,
  noWindow,
  paused,
  type RateLimit,
  type RateWindow,
} from '../../core/rate-window';
import {
  grantShared,
  withAsking,
  type SharedGrant,
  type SharedWindow,
  type WindowUser,
} from '../../core/shared-window';
import type {
  Clock,
  KeyStore,
  Metrics,
  RateLimiter,
  RateLimitKind,
  RateLimitLease,
  RateLimitUser,
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
/** Users in their order: id, granted, whether it has asked, since when it waits. */
const usersForm = z.array(z.tuple([z.string(), z.number(), z.boolean(), z.number().nullable()]));

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

/** Who uses a window; nobody where that cannot be read, as in a row of an earlier version. */
function usersOf(row: Record<string, unknown> | null): Map<string, WindowUser> {
  try {
    const users = usersForm.parse(JSON.parse(String(row?.['users'])));
    return new Map(
      users.map(([id, granted, hasAsked, waitsSince]) => [id, { granted, hasAsked, waitsSince }]),
    );
  } catch {
    return new Map();
  }
}

const sharedWindowOf = (row: Record<string, unknown> | null): SharedWindow => ({
  ...windowOf(row),
  users: usersOf(row),
});

/** Columns of a window. Ids of users are short, and so is the row of hundreds. */
function columnsOf({ users, ...window }: SharedWindow): Record<string, string> {
  const told = [...users].map(([id, { granted, hasAsked, waitsSince }]) => [
    ...[id, granted, hasAsked, waitsSince],
  ]);
  return { window: JSON.stringify(window), users: JSON.stringify(told) };
}

/** A limit of another system, and how many uses of it are leased at a time. */
interface LeasedLimit extends Limit {
  portions: { amongOthers: number; alone: number };
}

/** Who calls without saying for whom: the app itself. */
const nobody: RateLimitUser = { id: '', atMost: Infinity };
/** Characters by which users are told apart. */
const idLength = 8;

/** Users that ask by the same call of storage, and what each is granted. */
interface Round {
  users: Map<string, RateLimitUser>;
  grants: Promise<Map<string, SharedGrant>>;
}

/**
 * Uses of a limit that this process has taken in advance for each of its users, so that most cost no call of
 * storage. While it takes all that is granted, nobody else calls: it takes more at a time then, and knows the row
 * that it has written. As soon as another process takes some, all take small portions, by turns. Users that ask
 * while a call of storage is under way ask together by the next one.
 */
class TableLease implements RateLimitLease {
  private readonly held = new Map<string, number>();
  private heldUntil = 0;
  /** The window as this process has written it last, and what of it was granted to this process. */
  private own = { start: 0, granted: 0 };
  private readonly memory: RowMemory = {};
  /** What the last caller of each user waits for. */
  private readonly turns = new Map<string, Promise<void>>();
  private round: Round | null = null;
  private lastRound: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly table: Table,
    private readonly limit: LeasedLimit,
    private readonly clock: Clock,
    private readonly onLease: (count: number) => void,
  ) {}

  acquire(given: RateLimitUser = nobody): Promise<void> {
    const user = { ...given, id: given.id.slice(0, idLength) };
    const before = this.turns.get(user.id) ?? Promise.resolve();
    const mine = before.then(() => this.acquireInTurn(user));
    const turn = mine
      .catch(() => undefined)
      .then(() => {
        if (this.turns.get(user.id) === turn) this.turns.delete(user.id);
      });
    this.turns.set(user.id, turn);
    return mine;
  }

  async pause(milliseconds: number): Promise<void> {
    this.held.clear();
    const until = this.now() + milliseconds;
    await this.change((window) => ({
      result: null,
      window: { ...paused(window, until), users: window.users },
    }));
  }

  private now(): number {
    return this.clock.now().getTime();
  }

  private async acquireInTurn(user: RateLimitUser): Promise<void> {
    if (this.heldBy(user) === 0) await this.waitForLease(user);
    // None is held where the source has asked for a pause meanwhile; this one was granted before.
    this.held.set(user.id, Math.max(0, this.heldBy(user) - 1));
  }

  private heldBy({ id }: RateLimitUser): number {
    // By a clock that was set back, they were taken in a window that is yet to come.
    const { milliseconds } = this.limit;
    const left = this.heldUntil - this.now();
    if (left <= 0 || left > 2 * milliseconds) this.held.clear();
    return this.held.get(id) ?? 0;
  }

  private async waitForLease(user: RateLimitUser): Promise<void> {
    const deadline = this.now() + longestWait;
    for (;;) {
      const grant = await this.ask(user);
      if (grant.kind === 'granted') return;
      const { availableAt } = grant;
      if (availableAt > deadline)
        throw new RateLimitedError(Math.ceil((availableAt - this.now()) / 1000));
      await delay(Math.max(availableAt - this.now(), 10));
    }
  }

  private async ask(user: RateLimitUser): Promise<SharedGrant> {
    const round = (this.round ??= this.nextRound());
    round.users.set(user.id, user);
    const grant = (await round.grants).get(user.id);
    if (!grant) throw new ConflictError('A round of leases has left a user out.');
    return grant;
  }

  /** A round that begins when the one before has ended. */
  private nextRound(): Round {
    const users = new Map<string, RateLimitUser>();
    const grants = this.lastRound.then(() => {
      this.round = null;
      return this.takeLeases([...users.values()]);
    });
    this.lastRound = grants.catch(() => undefined);
    return { users, grants };
  }

  private async takeLeases(users: readonly RateLimitUser[]): Promise<Map<string, SharedGrant>> {
    const taken = await this.change((window) => {
      const result = this.grantsOf(window, users);
      return { result, window: result.window };
    });
    this.own = taken.own;
    if (!isAllOf(this.own, taken.window)) delete this.memory.row;
    const until = endOfWindow(taken.window, this.limit);
    if (until !== this.heldUntil) this.held.clear();
    this.heldUntil = until;
    for (const [id, grant] of taken.grants) {
      if (grant.kind === 'refused') continue;
      this.held.set(id, (this.held.get(id) ?? 0) + grant.count);
      this.onLease(grant.count);
    }
    return taken.grants;
  }

  private grantsOf(
    stored: SharedWindow,
    users: readonly RateLimitUser[],
  ): { window: SharedWindow; own: OwnUses; grants: Map<string, SharedGrant> } {
    const { alone, amongOthers } = this.limit.portions;
    const now = this.now();
    const grants = new Map<string, SharedGrant>();
    const ids = users.map(({ id }) => id);
    const most = isAllOf(this.own, stored) ? alone : amongOthers;
    let { own } = this;
    let window = withAsking(stored, this.limit, ids, now);
    for (const { id, atMost } of users) {
      const grant = grantShared(window, this.limit, { user: id, most, atMost }, now);
      grants.set(id, grant);
      window = grant.window;
      const count = grant.kind === 'granted' ? grant.count : 0;
      own = {
        start: window.start,
        granted: (window.start === own.start ? own.granted : 0) + count,
      };
    }
    return { window, own, grants };
  }

  private async change<T>(
    make: (window: SharedWindow) => { window: SharedWindow; result: T },
  ): Promise<T> {
    try {
      const change = (row: StoredRow | null): RowChange<T> => {
        const { window, result } = make(sharedWindowOf(row));
        const columns = columnsOf(window);
        const isChanged = Object.entries(columns).some(([name, text]) => row?.[name] !== text);
        return isChanged ? { result, columns } : { result };
      };
      return await this.table.update(this.limit.row, change, { memory: this.memory });
    } catch (error) {
      delete this.memory.row;
      if (error instanceof ConflictError) throw new RateLimitedError(longestWait / 1000);
      throw error;
    }
  }
}

/** What of a window was granted to this process. */
interface OwnUses {
  start: number;
  granted: number;
}

/** Whether all that was granted in a window was granted to this process. */
const isAllOf = (own: OwnUses, { start, granted }: RateWindow): boolean =>
  start === own.start && granted === own.granted;
