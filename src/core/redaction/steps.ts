/**
 * Work on many things in steps, between which whoever does it lets others go on. What is done between two
 * pauses is bounded, however much there is.
 */

/** Small things that are worked on between two pauses. */
export const batch = 200;
/** Letters that are read between two pauses. */
export const lettersAtATime = 1 << 13;

/** Counts work, and tells when it is time for a pause. */
export class Pace {
  private done = 0;

  constructor(private readonly most: number) {}

  /** Whether so much was done since the last pause that it is time for another one. */
  isOver(work = 1): boolean {
    this.done += work;
    if (this.done < this.most) return false;
    this.done = 0;
    return true;
  }
}

/** Works on each one. */
export function* each<T, R>(list: Iterable<T>, work: (one: T) => R): Generator<void, R[]> {
  const results: R[] = [];
  const pace = new Pace(batch);
  for (const one of list) {
    results.push(work(one));
    if (pace.isOver()) yield;
  }
  return results;
}

/** Adds many to a list. */
export function* appendInSteps<T>(list: T[], more: readonly T[]): Generator<void, void> {
  yield* each(more, (one) => list.push(one));
}

/** Pieces of a text as one. */
export function* joined(pieces: readonly string[]): Generator<void, string> {
  if (pieces.length <= batch) return pieces.join('');
  const longer: string[] = [];
  for (let at = 0; at < pieces.length; at += batch) {
    longer.push(pieces.slice(at, at + batch).join(''));
    yield;
  }
  return longer.join('');
}

type Compare<T> = (one: T, other: T) => number;

/** A list in order, in which equals stay as they were. What is in order already costs little. */
export function* sorted<T>(list: readonly T[], compare: Compare<T>): Generator<void, T[]> {
  let runs: T[][] = [];
  let run: T[] = [];
  const pace = new Pace(batch);
  for (const one of list) {
    const last = run.at(-1);
    if (last !== undefined && compare(last, one) > 0) {
      runs.push(run);
      run = [];
    }
    run.push(one);
    if (pace.isOver()) yield;
  }
  runs.push(run);
  while (runs.length > 1) {
    const longer: T[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      longer.push(yield* mergedRuns(runs[i] ?? [], runs[i + 1] ?? [], { compare, pace }));
    runs = longer;
  }
  return runs[0] ?? [];
}

/** Two lists in order as one. */
function* mergedRuns<T>(
  one: T[],
  other: T[],
  { compare, pace }: { compare: Compare<T>; pace: Pace },
): Generator<void, T[]> {
  if (other.length === 0) return one;
  const result: T[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < other.length) {
    const [left, right] = [one[i], other[j]];
    const isLeft = right === undefined || (left !== undefined && compare(left, right) <= 0);
    if (isLeft) i += 1;
    else j += 1;
    const next = isLeft ? left : right;
    if (next !== undefined) result.push(next);
    if (pace.isOver()) yield;
  }
  return result;
}

/** What work in steps returns that nobody waits for. */
export function drain<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
