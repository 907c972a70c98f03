import { CronExpressionParser } from 'cron-parser';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegisteredFunction } from './protocol';

interface ScheduleStatus {
  last: string;
  next: string;
}

interface Schedule {
  expression: string;
  /** When it is due next, in milliseconds. */
  next: number;
  /** Whether missed runs are detected: the real host keeps no status of shorter pauses. */
  isKept: boolean;
}

export interface TimerTriggersOptions {
  directory: string;
  now: () => number;
  /** Settings, for schedules that name one: `%NAME%`. */
  settings: Record<string, string | undefined>;
  run: (functionName: string, timer: Record<string, unknown>) => Promise<void>;
}

const longestPause = 60_000;
const shortestKept = 60_000;

/**
 * Timer triggers: six-field NCRONTAB (seconds first) in the time zone of WEBSITE_TIME_ZONE, schedule
 * status kept on disk, a run that was missed while the host was down runs once at the start with
 * `IsPastDue`.
 */
export class TimerTriggers {
  private readonly schedules = new Map<string, Schedule>();
  private readonly timeouts = new Map<string, NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly options: TimerTriggersOptions) {}

  /** @throws Error when a schedule is not one, or names a setting that is not set */
  start(functions: readonly RegisteredFunction[]): void {
    for (const { name, bindings } of functions) {
      const binding = bindings.find(({ type }) => type === 'timerTrigger');
      if (!binding?.schedule) continue;
      const expression = this.resolved(binding.schedule);
      const stored = this.read(name);
      const isPastDue = stored !== null && Date.parse(stored.next) < this.options.now();
      this.plan(name, expression);
      if (binding.runOnStartup || isPastDue) void this.fire(name, isPastDue);
      else this.arm(name);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const timeout of this.timeouts.values()) clearTimeout(timeout);
  }

  /** To be called when the clock was moved: what is due by it runs now. */
  rearm(): void {
    for (const name of this.schedules.keys()) if (this.timeouts.has(name)) this.arm(name);
  }

  /** What the handler is given as its timer. */
  info(name: string, isPastDue: boolean): Record<string, unknown> {
    const stored = this.read(name);
    return {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: stored
        ? { Last: stored.last, LastUpdated: stored.last, Next: stored.next }
        : null,
      IsPastDue: isPastDue,
    };
  }

  private resolved(schedule: string): string {
    return schedule.replaceAll(/%([^%]+)%/g, (_, name: string) => {
      const value = this.options.settings[name];
      if (value === undefined) throw new Error(`The schedule %${name}% names no setting.`);
      return value;
    });
  }

  /** Finds when a schedule is due next, and keeps it where the real host would. */
  private plan(name: string, expression: string): void {
    const occurrences = CronExpressionParser.parse(expression, {
      currentDate: new Date(this.options.now()),
      tz: this.options.settings['WEBSITE_TIME_ZONE'] ?? 'UTC',
    });
    const next = occurrences.next().getTime();
    const isKept = occurrences.next().getTime() - next >= shortestKept;
    this.schedules.set(name, { expression, next, isKept });
    if (isKept) this.write(name, { next: new Date(next).toISOString() });
  }

  private arm(name: string): void {
    const schedule = this.schedules.get(name);
    if (this.stopped || !schedule) return;
    clearTimeout(this.timeouts.get(name));
    const step = Math.min(Math.max(schedule.next - this.options.now(), 0), longestPause);
    const onTime = (): void => {
      this.timeouts.delete(name);
      if (this.options.now() >= schedule.next) void this.fire(name, false);
      else this.arm(name);
    };
    this.timeouts.set(name, setTimeout(onTime, step));
  }

  private async fire(name: string, isPastDue: boolean): Promise<void> {
    const info = this.info(name, isPastDue);
    const schedule = this.schedules.get(name);
    if (schedule?.isKept) this.write(name, { last: new Date(this.options.now()).toISOString() });
    await this.options.run(name, info);
    if (this.stopped) return;
    if (schedule) this.plan(name, schedule.expression);
    this.arm(name);
  }

  private path(name: string): string {
    return join(this.options.directory, `timer-${name}.json`);
  }

  private read(name: string): ScheduleStatus | null {
    const path = this.path(name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ScheduleStatus) : null;
  }

  private write(name: string, change: Partial<ScheduleStatus>): void {
    const status = { last: new Date(0).toISOString(), next: '', ...this.read(name), ...change };
    writeFileSync(this.path(name), JSON.stringify(status));
  }
}
