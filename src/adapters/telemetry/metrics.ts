import { metrics } from '@opentelemetry/api';
import { itemKinds, type ItemCounts } from '../../core/package/items';

/** `src/telemetry.ts` is loaded before this, and has said where measurements go. */
const meter = metrics.getMeter('portability');
const calls = meter.createCounter('portability.genesys.calls');
const granted = meter.createCounter('portability.genesys.granted');
const items = meter.createCounter('portability.items');
const packageBytes = meter.createCounter('portability.package.bytes', { unit: 'By' });
const exportDuration = meter.createHistogram('portability.export.duration', { unit: 's' });

/** A call of Genesys Cloud, by family of its API and status of the answer; 0 without one. */
export const countCall = (family: string, status: number): void => calls.add(1, { family, status });

/** Calls that a worker was granted of the allowance of an organisation. */
export const countGranted = (organisation: string, count: number): void =>
  granted.add(count, { organisation });

/** A request whose package is released: its items by kind and outcome, its size and how long it took. */
export function countRelease(counts: ItemCounts, bytes: number, seconds: number): void {
  for (const kind of itemKinds)
    for (const [outcome, count] of Object.entries(counts[kind]))
      if (count > 0) items.add(count, { kind, outcome });
  packageBytes.add(bytes);
  exportDuration.record(seconds);
}
