/**
 * `node dist/local/masking-steps.js BYTES [NAME]`: how much is done at most between two pauses while what
 * is hard to mask is masked, counted in blocks of code that ran, which no other process and no collection
 * of garbage changes. One line of JSON for each kind of load.
 */
import { Session, type Profiler } from 'node:inspector';
import { loads, type Load } from './masking-load';

/** Counts the blocks of this app's code that run. */
class BlockCounter {
  private readonly session = new Session();

  start(): void {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Blocks that ran since the last time. */
  take(): number {
    let taken: Profiler.ScriptCoverage[] = [];
    this.session.post('Profiler.takePreciseCoverage', (_error, { result }) => (taken = result));
    let count = 0;
    for (const { url, functions } of taken)
      if (url.includes('/src/core/'))
        for (const { ranges } of functions) for (const one of ranges) count += one.count;
    return count;
  }
}

/**
 * A step that takes less time is not counted for itself, because to count takes as long as a step: some
 * 70,000 blocks run in a millisecond, so that it holds a third of what is allowed at most.
 */
const leastMs = 2;

/** Numbers of the steps that are worth counting. */
function slowSteps(work: Generator<void, unknown>): Set<number> {
  const slow = new Set<number>();
  for (let number = 0; ; number += 1) {
    const from = performance.now();
    const { done } = work.next();
    if (performance.now() - from >= leastMs) slow.add(number);
    if (done === true) return slow;
  }
}

interface Counted {
  /** The most blocks that one step of a load has run. */
  blocks: number;
  /** Blocks of all steps. */
  all: number;
}

/** Counts the blocks that a load runs. */
function blocksOf({ work }: Load, bytes: number, counter: BlockCounter): Counted {
  const make = work(bytes);
  const slow = slowSteps(make());
  const steps = make();
  counter.take();
  let [blocks, all] = [0, 0];
  for (let number = 0; ; number += 1) {
    const isSlow = slow.has(number);
    if (isSlow && !slow.has(number - 1)) all += counter.take();
    const { done } = steps.next();
    if (isSlow || done === true) {
      const taken = counter.take();
      all += taken;
      if (isSlow) blocks = Math.max(blocks, taken);
    }
    if (done === true) return { blocks, all };
  }
}

const [, , bytes = '1000000', name = ''] = process.argv;
const counter = new BlockCounter();
counter.start();
for (const load of loads.filter((one) => one.name.includes(name))) {
  const counted = blocksOf(load, Number(bytes), counter);
  process.stdout.write(`${JSON.stringify({ name: load.name, ...counted })}\n`);
}
