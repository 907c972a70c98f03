import type { Step, StepName } from './request-driver';
import type { AppProcess } from './app-process';
import { isOfStep, type StorageWrite } from './storage-writes';

/** A moment at which a process may be killed: at a write of a step. */
export interface Point {
  step: StepName;
  /** Number of the call of the step; null for the first in which the write is made. */
  call: number | null;
  kind: string;
  /** Which write of this kind within the call, from 1. */
  nth: number;
  when: 'before' | 'after';
}

export const nameOf = ({ step, call, kind, nth, when }: Point): string =>
  `${step}${call === null ? '' : ` ${call}`}: ${when} ${kind}${call === null ? '' : ` (${nth})`}`;

/** Writes of an undisturbed run, in their order. */
export class WriteLog {
  readonly writes: { step: Step; write: StorageWrite }[] = [];

  readonly beforeAttempt = (step: Step, process: AppProcess): void =>
    process.watch((write) => {
      if (isOfStep(write)) this.writes.push({ step, write });
    });

  /**
   * Each kind of write of each step once: after it, and before the first of a step. Before another one there is
   * what was there after the one that came before.
   */
  kinds(): Point[] {
    const kinds = new Map(
      this.writes.map(({ step, write: { kind } }) => [`${step.name} ${kind}`, { step, kind }]),
    );
    const begun = new Set<StepName>();
    return [...kinds.values()].flatMap(({ step, kind }) => {
      const points = bothTimes({ step: step.name, call: null, kind, nth: 1 });
      const isFirst = !begun.has(step.name);
      begun.add(step.name);
      return isFirst ? points : points.slice(1);
    });
  }

  /** Every write, before and after it. */
  all(): Point[] {
    const seen = new Map<string, number>();
    return this.writes.flatMap(({ step: { name, call }, write: { kind } }) => {
      const key = `${name} ${call} ${kind}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return bothTimes({ step: name, call, kind, nth: seen.get(key) ?? 1 });
    });
  }
}

const bothTimes = (point: Omit<Point, 'when'>): Point[] => [
  { ...point, when: 'before' },
  { ...point, when: 'after' },
];

/**
 * Shares points out to as few runs as possible. A call of a step that meets several is repeated after
 * each of its crashes: first the one before a write, then the one after it.
 */
export class CrashPlan {
  /** Points that no run has come to yet. */
  readonly open: Point[];

  /** @param writesAtOnce of one call of a step in one run */
  constructor(
    points: readonly Point[],
    private readonly writesAtOnce: number,
  ) {
    this.open = [...points];
  }

  /** The points of the next run. Those that it does not come to are tried again after all others. */
  next(): CrashRun {
    const writes = new Map<string, Set<string>>();
    const chosen = this.open.filter(({ step, call, kind, nth }) => {
      const key = `${step} ${call ?? ''}`;
      const known = writes.get(key) ?? new Set<string>();
      writes.set(key, known);
      const write = `${kind} ${nth}`;
      if (known.size < this.writesAtOnce) known.add(write);
      return known.has(write);
    });
    const others = this.open.filter((point) => !chosen.includes(point));
    this.open.splice(0, this.open.length, ...others, ...chosen);
    return new CrashRun(chosen, (point) => this.open.splice(this.open.indexOf(point), 1));
  }
}

/** One run with its crashes, each of which happens once. */
export class CrashRun {
  /** What has happened. */
  readonly crashes: string[] = [];

  constructor(
    private readonly points: Point[],
    private readonly onCrash: (point: Point) => void,
  ) {}

  readonly beforeAttempt = (step: Step, process: AppProcess): void => {
    const point = this.points.find(
      (one) => one.step === step.name && (one.call === null || one.call === step.call),
    );
    if (!point) return process.crashAt(null);
    let passed = 0;
    const matches = ({ kind }: StorageWrite): boolean => {
      if (kind === point.kind) passed += 1;
      return kind === point.kind && passed === point.nth;
    };
    process.crashAt({ matches, when: point.when }, () => {
      this.points.splice(this.points.indexOf(point), 1);
      this.crashes.push(nameOf(point));
      this.onCrash(point);
    });
  };
}
