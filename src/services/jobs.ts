import { nextDue, type JobName, type Period } from '../core/jobs/schedule';
import type { Stop, Turn } from '../core/jobs/turn';
import { jobFailedLine, jobLine } from '../core/request/log-lines';
import { addSeconds, atTime } from '../core/time/time';
import type { Clock, JobState, JobStore, Stopwatch } from '../ports';

/** Where jobs write lines for the alert rules. */
export interface JobLog {
  info(line: string): void;
  warn(line: string): void;
}

/** A job of the timer function. */
export interface Job<Context> {
  name: JobName;
  period: Period;
  run(context: Context, turn: Turn): Promise<Stop>;
}

export interface JobServices {
  clock: Clock;
  jobs: JobStore;
  stopwatch: Stopwatch;
}

/** How long a turn may take before its job is asked to stop, in milliseconds. */
const turnMilliseconds = 30_000;
/** How long a call of the timer waits for jobs that do not stop. The next call comes after a minute. */
const waitMilliseconds = 45_000;
/** How long an instance has a job, unless it gives it back, in seconds: another takes it over then. */
const claimSeconds = 300;
/** How long a job that has failed waits, in seconds. */
const retrySeconds = 300;

/**
 * Runs the jobs of the timer function that are due, side by side. Due times are kept in storage, so that
 * what was missed is caught up, once. A job that takes longer than a turn goes on at the next call where it
 * stopped; one that does not stop is left to itself, so that no job delays another. What fails is logged by
 * the name of its error, and tried again; the others are not concerned.
 */
export class JobRunner<Context extends JobLog> {
  private readonly running = new Set<JobName>();

  constructor(
    private readonly services: JobServices,
    private readonly jobs: readonly Job<Context>[],
  ) {}

  /** To be called every minute, by any number of instances. */
  async tick(context: Context): Promise<void> {
    const stored = await this.services.jobs.read().catch((error: unknown) => {
      context.warn(jobFailedLine('schedule', error));
      return null;
    });
    const always = this.jobs.filter(({ period }) => period.kind === 'always');
    const planned = this.jobs.filter(({ period }) => period.kind !== 'always');
    const waiting = new AbortController();
    const done = Promise.all(
      stored ? planned.map((job) => this.runIfDue(job, stored.get(job.name), context)) : [],
    );
    await Promise.all([
      ...always.map((job) => this.run(job, context, null)),
      Promise.race([done, this.services.stopwatch.wait(waitMilliseconds, waiting.signal)]),
    ]);
    waiting.abort();
  }

  private async runIfDue(
    job: Job<Context>,
    state: JobState | undefined,
    context: Context,
  ): Promise<void> {
    if (this.running.has(job.name)) return;
    this.running.add(job.name);
    try {
      await this.runClaimed(job, state, context);
    } catch (error) {
      context.warn(jobFailedLine(job.name, error));
    } finally {
      this.running.delete(job.name);
    }
  }

  /** Claims a job that is due, runs a turn of it, and writes when it is due next. */
  private async runClaimed(
    job: Job<Context>,
    state: JobState | undefined,
    context: Context,
  ): Promise<void> {
    const { clock, jobs } = this.services;
    const now = clock.now();
    if (!state) {
      const dueAt = nextDue(job.period, now).toISOString();
      await jobs.write(job.name, { dueAt, after: null, claimedUntil: null }, null);
      return;
    }
    if (atTime(state.dueAt) > now) return;
    if (state.claimedUntil !== null && atTime(state.claimedUntil) > now) return;
    const claimedUntil = addSeconds(now, claimSeconds).toISOString();
    const claimed = { ...state, claimedUntil };
    if (!(await jobs.write(job.name, claimed, state))) return;
    const result = await this.run(job, context, state.after);
    await jobs.write(job.name, this.stateAfter(job, state, result), claimed);
  }

  private stateAfter(job: Job<Context>, before: JobState, result: TurnResult): JobState {
    const now = this.services.clock.now();
    switch (result.kind) {
      case 'done': {
        const dueAt = nextDue(job.period, now).toISOString();
        return { dueAt, after: null, claimedUntil: null };
      }
      case 'stopped':
        return { ...before, after: result.after, claimedUntil: null };
      case 'failed': {
        const dueAt = addSeconds(now, retrySeconds).toISOString();
        return { ...before, dueAt, claimedUntil: null };
      }
    }
  }

  /** One turn. A line says that the job has done everything, which is its heartbeat. */
  private async run(
    job: Job<Context>,
    context: Context,
    after: string | null,
  ): Promise<TurnResult> {
    const { stopwatch } = this.services;
    const start = stopwatch.now();
    const isOver = (): boolean => stopwatch.now() - start >= turnMilliseconds;
    try {
      const stop = await job.run(context, { after, isOver });
      if (stop !== null) return { kind: 'stopped', after: stop };
      context.info(jobLine(job.name, (stopwatch.now() - start) / 1000));
      return { kind: 'done' };
    } catch (error) {
      context.warn(jobFailedLine(job.name, error));
      return { kind: 'failed' };
    }
  }
}

type TurnResult = { kind: 'done' } | { kind: 'stopped'; after: string } | { kind: 'failed' };
