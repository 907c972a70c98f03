import { CronExpressionParser } from 'cron-parser';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegisteredFunction } from './protocol';

interface Schedule {
  last: string;
  next: string;
}

export interface TimerTriggersOptions {
  directory: string;
  now: () => number;
  /** Time zone of the schedules (WEBSITE_TIME_ZONE), an IANA name. */
  timeZone: string;
  run: (functionName: string, timer: Record<string, unknown>) => Promise<void>;
}

/**
 * Timer triggers: six-field NCRONTAB (seconds first), schedule status kept on disk, a run that was
 * missed while the host was down made up for once with `IsPastDue`.
 */
export class TimerTriggers {
  private readonly timeouts = new Set<NodeJS.Timeout>();
  private stopped = false;

  constructor(private readonly options: TimerTriggersOptions) {}

  start(functions: readonly RegisteredFunction[]): void {
    for (const { name, bindings } of functions) {
      const binding = bindings.find((b) => b.type === 'timerTrigger');
      if (!binding?.schedule) continue;
      const schedule = binding.schedule;
      const stored = this.read(name);
      const isPastDue = stored !== null && Date.parse(stored.next) < this.options.now();
      if (binding.runOnStartup || isPastDue) void this.fire(name, schedule, isPastDue);
      else this.arm(name, schedule);
    }
  }

  stop(): void {
    this.stopped = true;
    for (const timeout of this.timeouts) clearTimeout(timeout);
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

  private arm(name: string, schedule: string): void {
    if (this.stopped) return;
    const next = CronExpressionParser.parse(schedule, {
      currentDate: new Date(this.options.now()),
      tz: this.options.timeZone,
    }).next();
    const nextText = next.toDate().toISOString();
    this.write(name, { last: this.read(name)?.last ?? new Date(0).toISOString(), next: nextText });
    const step = Math.min(Math.max(next.getTime() - this.options.now(), 0), 60_000);
    const timeout = setTimeout(() => {
      this.timeouts.delete(timeout);
      if (this.options.now() >= next.getTime()) void this.fire(name, schedule, false);
      else this.arm(name, schedule);
    }, step);
    this.timeouts.add(timeout);
  }

  private async fire(name: string, schedule: string, isPastDue: boolean): Promise<void> {
    const info = this.info(name, isPastDue);
    this.write(name, {
      last: new Date(this.options.now()).toISOString(),
      next: this.read(name)?.next ?? '',
    });
    await this.options.run(name, info);
    this.arm(name, schedule);
  }

  private path(name: string): string {
    return join(this.options.directory, `timer-${name}.json`);
  }

  private read(name: string): Schedule | null {
    const path = this.path(name);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Schedule) : null;
  }

  private write(name: string, schedule: Schedule): void {
    writeFileSync(this.path(name), JSON.stringify(schedule));
  }
}
