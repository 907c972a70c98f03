import { isRefusal } from '../shared/refusals';
import { pause } from './polling';
import { call } from './portal-api';

/** Waits before further reports, in milliseconds. */
const waits = [1000, 5000, 30_000, 120_000];

/** @returns whether there is nothing more to report: the server has heard it, or does not want it */
const report = (bytes: number): Promise<boolean> =>
  call('POST', 'delivered', { bytes }).then(() => true, isRefusal);

async function reportAgain(bytes: number): Promise<void> {
  for (const wait of waits) {
    await pause(wait);
    if (await report(bytes)) return;
  }
}

/**
 * Tells the server that the last byte is written. The person has the file, whatever becomes of this: it never
 * fails, and is tried again for some minutes behind what the page shows.
 */
export async function reportDelivery(bytes: number): Promise<void> {
  if (!(await report(bytes))) void reportAgain(bytes);
}
