import { TableJobs } from '../../src/adapters/storage/jobs';
import type { JobName, Period } from '../../src/core/jobs/schedule';
import { inTurn, type Stop, type Turn } from '../../src/core/jobs/turn';
import { JobRunner, type Job, type JobLog } from '../../src/services/jobs';
import { TestStorage } from '../helpers/storage';
import { TableClient } from '@azure/data-tables';

const minute = 60_000;
const daily: Period = { kind: 'daily', hour: 3, minute: 30 };

/** An instance of the app: jobs, the time that it measures, and what it logs. */
class Instance {
  readonly lines: string[] = [];
  readonly ran: string[] = [];
  readonly runner: JobRunner<JobLog>;
  readonly jobs: Record<string, (turn: Turn) => Promise<Stop>> = {};
  private elapsed = 0;
  private readonly waits = new Set<{ until: number; end: () => void }>();

  constructor(
    storage: TestStorage,
    world: { now: Date },
    periods: Partial<Record<JobName, Period>>,
  ) {
    const job = ([name, period]: [string, Period]): Job<JobLog> => ({
      name: name as JobName,
      period,
      run: (_context, turn) => {
        this.ran.push(name);
        return this.jobs[name]?.(turn) ?? Promise.resolve(null);
      },
    });
    this.runner = new JobRunner(
      {
        clock: { now: () => world.now },
        jobs: new TableJobs(storage.connectionString),
        stopwatch: {
          now: () => this.elapsed,
          wait: (milliseconds, signal) =>
            new Promise((end) => {
              this.waits.add({ until: this.elapsed + milliseconds, end });
              signal.addEventListener('abort', () => end());
            }),
        },
      },
      Object.entries(periods).map(job),
    );
  }

  tick(): Promise<void> {
    const log = (line: string) => void this.lines.push(line);
    return this.runner.tick({ info: log, warn: log });
  }

  /** Lets the measured time pass. */
  pass(milliseconds: number): void {
    this.elapsed += milliseconds;
    for (const { until, end } of this.waits) if (until <= this.elapsed) end();
  }

  /** Names of jobs that said that they have done everything. */
  get heartbeats(): string[] {
    return this.lines.flatMap((line) => /portability\.job name=(\w+) /.exec(line)?.[1] ?? []);
  }
}

describe('the jobs of the timer function', () => {
  let storage: TestStorage;
  const world = { now: new Date('2026-11-29T02:00:00Z') };
  const periods = {
    sweeper: { kind: 'always' },
    monitor: { kind: 'hourly', minute: 7 },
    purgeExpired: daily,
    reviewCustody: daily,
  } as const;
  const instance = (some: Partial<Record<JobName, Period>> = periods) =>
    new Instance(storage, world, some);
  const at = (time: string) => {
    world.now = new Date(time);
  };
  class LostError extends Error {}
  const lost = (): Error => new LostError('person@mail.example');
  beforeEach(async () => {
    storage = await TestStorage.start();
    at('2026-11-29T02:00:00Z');
  });
  afterEach(() => storage.stop());

  it('run when they are due, once, by whichever instance comes first', async () => {
    const [one, other] = [instance(), instance()];
    await one.tick();
    expect(one.ran).toEqual(['sweeper']);
    at('2026-11-29T02:06:00Z');
    await one.tick();
    at('2026-11-29T02:07:00Z');
    await Promise.all([one.tick(), other.tick()]);
    const both = [...one.ran, ...other.ran];
    expect(both.filter((name) => name === 'sweeper')).toHaveLength(4);
    expect(both.filter((name) => name === 'monitor')).toHaveLength(1);
    at('2026-11-29T03:06:00Z');
    await other.tick();
    expect([...one.ran, ...other.ran].filter((name) => name === 'monitor')).toHaveLength(1);
    at('2026-11-29T03:07:00Z');
    await other.tick();
    expect([...one.ran, ...other.ran].filter((name) => name === 'monitor')).toHaveLength(2);
  });

  it('catch up once with what was missed while nothing ran', async () => {
    await instance().tick();
    at('2026-12-02T12:00:00Z');
    const later = instance();
    await later.tick();
    at('2026-12-02T12:01:00Z');
    await later.tick();
    expect(later.ran.sort()).toEqual(
      ['sweeper', 'sweeper', 'monitor', 'purgeExpired', 'reviewCustody'].sort(),
    );
    expect(later.heartbeats.sort()).toEqual(later.ran.sort());
  });

  it('do not concern each other when one fails, which is tried again after some minutes', async () => {
    const only = instance();
    await only.tick();
    only.jobs['purgeExpired'] = () => Promise.reject(lost());
    at('2026-11-29T03:30:00Z');
    await only.tick();
    expect(only.heartbeats).toEqual(
      expect.arrayContaining(['sweeper', 'monitor', 'reviewCustody']),
    );
    expect(only.heartbeats).not.toContain('purgeExpired');
    expect(only.lines).toContain('portability.jobFailed name=purgeExpired error=LostError end');
    expect(only.lines.join()).not.toContain('mail.example');
    at('2026-11-29T03:31:00Z');
    await only.tick();
    expect(only.ran.filter((name) => name === 'purgeExpired')).toHaveLength(1);
    delete only.jobs['purgeExpired'];
    at('2026-11-29T03:35:00Z');
    await only.tick();
    expect(only.heartbeats).toContain('purgeExpired');
  });

  it('run although the sweeper fails, which the next call tries again', async () => {
    const only = instance();
    await only.tick();
    only.jobs['sweeper'] = () => Promise.reject(lost());
    at('2026-11-29T02:07:00Z');
    await only.tick();
    expect(only.heartbeats).toEqual(['sweeper', 'monitor']);
    expect(only.lines).toContain('portability.jobFailed name=sweeper error=LostError end');
    delete only.jobs['sweeper'];
    await only.tick();
    expect(only.heartbeats).toEqual(['sweeper', 'monitor', 'sweeper']);
  });

  it('go on at the next call where their time was up, until everything is done', async () => {
    const only = instance();
    await only.tick();
    const done: string[] = [];
    only.jobs['purgeExpired'] = (turn) =>
      inTurn(
        turn,
        ['a', 'b', 'c', 'd', 'e'],
        (id) => id,
        (id) => {
          done.push(id);
          only.pass(16_000);
          return Promise.resolve();
        },
      );
    at('2026-11-29T03:30:00Z');
    const counts: number[] = [];
    for (let call = 0; call < 3; call += 1) {
      await only.tick();
      counts.push(done.length);
      expect(only.heartbeats.includes('purgeExpired')).toBe(call === 2);
      world.now = new Date(world.now.getTime() + minute);
    }
    expect(counts).toEqual([2, 4, 5]);
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
    await only.tick();
    expect(done).toHaveLength(5);
  });

  it('never hold up the sweeper, however long one of them takes', async () => {
    const only = instance();
    await only.tick();
    let end = (): void => undefined;
    only.jobs['purgeExpired'] = () =>
      new Promise((resolve) => {
        end = () => resolve(null);
      });
    at('2026-11-29T03:30:00Z');
    // Longer than an instance has a job for itself.
    for (let call = 0; call < 7; call += 1) {
      const tick = only.tick();
      // The job that hangs was claimed, and is waited for.
      while (only.ran.filter((name) => name === 'purgeExpired').length === 0)
        await new Promise((resolve) => setImmediate(resolve));
      only.pass(45_000);
      await tick;
      world.now = new Date(world.now.getTime() + minute);
    }
    expect(only.ran.filter((name) => name === 'sweeper')).toHaveLength(8);
    expect(only.ran.filter((name) => name === 'purgeExpired')).toHaveLength(1);
    expect(only.heartbeats).not.toContain('purgeExpired');
    end();
    await only.tick();
    expect(only.heartbeats).toContain('purgeExpired');
  });

  it('pass to another instance when the one that has them is gone', async () => {
    const gone = instance({ purgeExpired: daily });
    await gone.tick();
    gone.jobs['purgeExpired'] = () => new Promise(() => undefined);
    at('2026-11-29T03:30:00Z');
    const tick = gone.tick();
    while (gone.ran.length === 0) await new Promise((resolve) => setImmediate(resolve));
    gone.pass(45_000);
    await tick;
    const other = instance({ purgeExpired: daily });
    at('2026-11-29T03:34:00Z');
    await other.tick();
    expect(other.ran).toEqual([]);
    at('2026-11-29T03:36:00Z');
    await other.tick();
    expect(other.heartbeats).toEqual(['purgeExpired']);
  });

  it('let the sweeper run when due times cannot be read, and say so', async () => {
    const only = instance();
    await storage.stop();
    const broken = new JobRunner<JobLog>(
      {
        clock: { now: () => world.now },
        jobs: { read: () => Promise.reject(lost()), write: () => Promise.reject(lost()) },
        stopwatch: { now: () => 0, wait: () => Promise.resolve() },
      },
      [
        {
          name: 'sweeper',
          period: { kind: 'always' },
          run: () => Promise.resolve(void only.ran.push('sweeper')).then(() => null),
        },
      ],
    );
    const log = (line: string) => void only.lines.push(line);
    await broken.tick({ info: log, warn: log });
    expect(only.ran).toEqual(['sweeper']);
    expect(only.lines).toContain('portability.jobFailed name=schedule error=LostError end');
  });

  it('do not concern each other when what is known of one cannot be written, which comes again', async () => {
    const only = instance();
    await only.tick();
    at('2026-11-29T03:30:00Z');
    const written = new TableJobs(storage.connectionString);
    const write = written.write.bind(written);
    const failing = jest.spyOn(TableJobs.prototype, 'write');
    failing.mockImplementation((name, ...states) =>
      name === 'purgeExpired' ? Promise.reject(lost()) : write(name, ...states),
    );
    await only.tick();
    expect(only.heartbeats).toEqual(expect.arrayContaining(['monitor', 'reviewCustody']));
    expect(only.ran).not.toContain('purgeExpired');
    expect(only.lines).toContain('portability.jobFailed name=purgeExpired error=LostError end');
    expect(only.lines.join()).not.toContain('mail.example');
    failing.mockRestore();
    at('2026-11-29T03:31:00Z');
    await only.tick();
    expect(only.heartbeats).toContain('purgeExpired');
  });

  it('run once too often rather than never when their row cannot be read', async () => {
    const only = instance({ monitor: periods.monitor });
    await only.tick();
    const table = TableClient.fromConnectionString(storage.connectionString, 'jobs', {
      allowInsecureConnection: true,
    });
    await table.upsertEntity({ partitionKey: 'job', rowKey: 'monitor', dueAt: 'soon' }, 'Replace');
    await only.tick();
    expect(only.heartbeats).toEqual(['monitor']);
    await only.tick();
    expect(only.heartbeats).toEqual(['monitor']);
  });
});
