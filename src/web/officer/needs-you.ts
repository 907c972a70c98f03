import { Arrivals } from './arrivals';
import { countRequests } from './officer-api';
import { endSession } from './resource';
import { needsYou } from './session';

const arrivals = new Arrivals();

/** Counts again how many requests wait for an officer. */
export async function countNeedsYou(): Promise<void> {
  const isNews = arrivals.ask();
  try {
    const counts = await countRequests();
    if (isNews()) needsYou.value = counts.needsYou;
  } catch (problem) {
    // The count is an extra: each page says itself what it cannot read.
    endSession(problem);
  }
}

/** Shows a count that a list has brought; answers that were asked for before it are news no more. */
export function showNeedsYou(count: number): void {
  arrivals.ask()();
  needsYou.value = count;
}
