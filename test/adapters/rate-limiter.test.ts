import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { TableRateLimiter } from '../../src/adapters/storage/rate-limiter';
import { Table } from '../../src/adapters/storage/table';
import { RateLimitedError } from '../../src/core/errors';
import { secondsPerDay } from '../../src/core/time/time';
import type { Metrics, RateLimiter, RateLimitLease } from '../../src/ports';
import { TestStorage } from '../helpers/storage';

let storage: TestStorage;
let now: number;
beforeEach(async () => {
  storage = await TestStorage.start();
  now = Date.parse('2026-11-23T12:00:00Z');
});
afterEach(() => storage.stop());

/** The limiter of another worker. */
const limiter = () => storage.rateLimiter(() => now);
const rows = () => new Table(storage.connectionString, 'rateLimits').query("RowKey ne ''");

describe('a limit', () => {
  it('counts over all workers, at once and by the clock, and is purged when its window is over', async () => {
    const take = () => limiter().tryAcquire('number', '+491511', 3, secondsPerDay);
    const answers = await Promise.all(Array.from({ length: 8 }, take));
    expect(answers.filter((answer) => answer)).toHaveLength(3);
    expect(await limiter().tryAcquire('number', '+491512', 3, secondsPerDay)).toBe(true);
    now += 86_400_000;
    expect(await take()).toBe(true);
    await limiter().purgeExpired();
    expect(await rows()).toHaveLength(1);
  });

  it('keeps numbers and addresses from whoever reads the table', async () => {
    await limiter().tryAcquire('address', '203.0.113.9', 3, 60);
    await limiter().tryAcquire('number', '+491513', 3, 60);
    expect(JSON.stringify(await rows())).not.toMatch(/203\.0\.113\.9|491513/);
  });
});

describe('limits of different kinds', () => {
  const kinds = ['genesysCalls', 'messages'] as const;
  /** Takes everything that a worker is granted. */
  async function drain(one: RateLimiter, kind: (typeof kinds)[number], key: string) {
    const lease = one.lease(kind, key, 4, secondsPerDay);
    for (let taken = 0; ; taken += 1) {
      try {
        await lease.acquire();
      } catch (error) {
        expect(error).toBeInstanceOf(RateLimitedError);
        return taken;
      }
    }
  }

  it('share nothing, whatever their keys: an organisation may be called as the mails are', async () => {
    for (const kind of kinds)
      for (const key of ['messages', 'all', 'genesysCalls'])
        expect(await drain(limiter(), kind, key)).toBe(4);
    expect(await limiter().tryAcquire('country', 'messages', 1, secondsPerDay)).toBe(true);
  });

  it('are told apart in the metric: mails are no calls of Genesys Cloud', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    metrics.setGlobalMeterProvider(provider);
    try {
      // Counters are created when the module is loaded.
      await jest.isolateModulesAsync(async () => {
        const { telemetryMetrics } = jest.requireActual<{ telemetryMetrics: Metrics }>(
          '../../src/adapters/telemetry/metrics',
        );
        const counted = new TableRateLimiter(
          storage.connectionString,
          storage.keys,
          { now: () => new Date(now) },
          telemetryMetrics,
        );
        for (const kind of kinds) await drain(counted, kind, 'counted');
      });
      await provider.forceFlush();
      const leased = exporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap((scope) => scope.metrics)
        .find(({ descriptor }) => descriptor.name === 'portability.rateLimit.leased');
      const points = (leased?.dataPoints ?? []).map(({ attributes, value }) => ({
        attributes,
        value,
      }));
      expect(points).toEqual(
        kinds.map((kind) => ({ attributes: { kind, key: 'counted' }, value: 4 })),
      );
    } finally {
      await provider.shutdown();
      metrics.disable();
    }
  });
});

describe('a lease', () => {
  it('is taken by many uses at a time, so that most cost no call of storage', async () => {
    const lease = limiter().lease('genesysCalls', 'leased', 100, 60);
    for (let i = 0; i < 20; i += 1) await lease.acquire();
    const windows = (await rows()).map(
      ({ window }) => JSON.parse(String(window)) as { granted: number },
    );
    // 20 were written at once: a single worker alone holds them.
    expect(windows.filter(({ granted }) => granted === 20)).toHaveLength(1);
    now += 10_000_000;
  });

  it('lasts a sixtieth longer than the window of the other system', async () => {
    const take = () => limiter().lease('genesysCalls', 'window', 1, 60).acquire();
    await take();
    now += 60_999;
    const waits = take();
    now += 2;
    await expect(waits).resolves.toBeUndefined();
    now += 1000;
    await expect(take()).rejects.toThrow(RateLimitedError);
    now += 60_000;
    await expect(take()).resolves.toBeUndefined();
  });

  it('says when it may be asked again, and is not purged', async () => {
    const lease = limiter().lease('messages', 'asked', 1, secondsPerDay);
    await lease.acquire();
    const error: unknown = await lease.acquire().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ afterSeconds: Math.ceil((secondsPerDay * 61) / 60) });
    now += 10_000;
    await limiter().purgeExpired();
    const again = limiter().lease('messages', 'asked', 1, secondsPerDay);
    await expect(again.acquire()).rejects.toThrow(RateLimitedError);
  });

  const grantedInRow = async (): Promise<number> => {
    const windows = (await rows()).map(
      ({ window }) => JSON.parse(String(window)) as { start: number; granted: number },
    );
    return windows.find(({ start }) => start === now)?.granted ?? 0;
  };

  it('is larger for a worker that is alone, and small again as soon as another takes some', async () => {
    now += 1_000_000;
    const one = limiter().lease('genesysCalls', 'alone', 300, 60);
    const other = limiter().lease('genesysCalls', 'alone', 300, 60);
    await one.acquire();
    expect(await grantedInRow()).toBe(60);
    await other.acquire();
    expect(await grantedInRow()).toBe(80);
    for (let i = 0; i < 60; i += 1) await one.acquire();
    expect(await grantedInRow()).toBe(100);
  });

  it('is shared fairly by workers that call all the time, but for one portion, and in full', async () => {
    now += 1_000_000;
    const workers = Array.from({ length: 4 }, () => ({
      lease: limiter().lease('genesysCalls', 'fair', 300, 60),
      taken: 0,
      isRefused: false,
    }));
    // In the second window all of them know that they are not alone.
    for (const round of [0, 1]) {
      now += round * 61_000;
      for (const worker of workers) Object.assign(worker, { taken: 0, isRefused: false });
      while (workers.some(({ isRefused }) => !isRefused))
        for (const worker of workers.filter(({ isRefused }) => !isRefused)) {
          const call = worker.lease.acquire().then(() => (worker.taken += 1));
          await call.catch(() => (worker.isRefused = true));
        }
    }
    const taken = workers.map((worker) => worker.taken);
    expect(taken.reduce((sum, uses) => sum + uses, 0)).toBe(300);
    expect(Math.max(...taken) - Math.min(...taken)).toBeLessThanOrEqual(20);
  });

  it('grants nothing to any worker while it is paused', async () => {
    await limiter().lease('genesysCalls', 'paused', 10, 60).pause(60_000);
    const other = limiter().lease('genesysCalls', 'paused', 10, 60);
    await expect(other.acquire()).rejects.toThrow(RateLimitedError);
    now += 60_000;
    await expect(other.acquire()).resolves.toBeUndefined();
  });

  /** Takes what a user is granted now. */
  const drainFor = async (lease: RateLimitLease, id: string, atMost = 300): Promise<number> => {
    for (let taken = 0; ; taken += 1)
      try {
        await lease.acquire({ id, atMost });
      } catch {
        return taken;
      }
  };

  it('grants each request its share, whichever process asks first and however much another wants', async () => {
    now += 1_000_000;
    const [one, other] = [0, 1].map(() => limiter().lease('genesysCalls', 'shared', 300, 60));
    if (!one || !other) throw new Error('There are two processes.');
    const small = Array.from({ length: 9 }, (_, i) => `small-${i}`);
    // A large request alone takes the whole window; who comes then waits for the next one.
    expect(await drainFor(one, 'large')).toBe(300);
    expect(await Promise.all(small.map((id) => drainFor(other, id)))).toEqual(small.map(() => 0));
    now += 61_000;
    expect(await drainFor(one, 'large')).toBe(30);
    expect(await drainFor(other, 'large')).toBe(0);
    const taken = await Promise.all(small.map((id, i) => drainFor(i % 2 === 0 ? one : other, id)));
    expect(taken).toEqual(small.map(() => 30));
    // In the next window nobody else comes: what was kept for them is given on after half of it.
    now += 61_000;
    expect(await drainFor(one, 'large')).toBe(30);
    now += 30_500;
    expect(await drainFor(one, 'large')).toBe(270);
  });

  it('asks for all requests that wait by two changes of the row at most', async () => {
    now += 1_000_000;
    const update = jest.spyOn(Table.prototype, 'update');
    const lease = limiter().lease('genesysCalls', 'together', 300, 60);
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => lease.acquire({ id: `r-${i}`, atMost: 300 })),
    );
    expect(update.mock.calls.length).toBeLessThanOrEqual(2);
    update.mockRestore();
  });

  it('leaves what one request may not have of a window', async () => {
    now += 1_000_000;
    const lease = limiter().lease('genesysCalls', 'part', 100, 60);
    expect(await drainFor(lease, 'large', 80)).toBe(80);
    expect(await drainFor(lease, 'late', 80)).toBe(20);
  });

  it('is taken again although its row was written by a clock that was an hour ahead', async () => {
    now += 10_000_000;
    const ahead = limiter().lease('genesysCalls', 'ahead', 20, 60);
    now += 3_600_000;
    expect(await drainFor(ahead, 'one', 20)).toBe(20);
    now -= 3_600_000;
    expect(await drainFor(limiter().lease('genesysCalls', 'ahead', 20, 60), 'one', 20)).toBe(20);
  });
});
