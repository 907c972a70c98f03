import { listRequests } from './officer-api';
import { endSession } from './resource';
import { needsYou } from './session';

/** Counts again how many requests wait for an officer. */
export async function countNeedsYou(): Promise<void> {
  try {
    const { counts } = await listRequests({ view: 'needsYou' });
    needsYou.value = counts.needsYou;
  } catch (problem) {
    // The count is an extra: each page says itself what it cannot read.
    endSession(problem);
  }
}
