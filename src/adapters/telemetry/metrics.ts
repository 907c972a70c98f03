import { metrics } from '@opentelemetry/api';
import { itemKinds, type ItemCounts } from '../../core/package/items';
import type { Metrics } from '../../ports';

/** `composition/telemetry.ts` is loaded before this, and has configured where measurements are sent. */
const meter = metrics.getMeter('portability');
const calls = meter.createCounter('portability.genesys.calls');
const leased = meter.createCounter('portability.rateLimit.leased');
const items = meter.createCounter('portability.items');
const packageBytes = meter.createCounter('portability.package.bytes', { unit: 'By' });
const exportDuration = meter.createHistogram('portability.export.duration', { unit: 's' });

/** A call of Genesys Cloud, by family of its API and status of the answer; 0 without one. */
export const countCall = (family: string, status: number): void => calls.add(1, { family, status });

/** A released package: its items by kind and outcome, its size and how long the export took. */
export function countRelease(counts: ItemCounts, bytes: number, seconds: number): void {
  for (const kind of itemKinds)
    for (const [outcome, count] of Object.entries(counts[kind]))
      if (count > 0) items.add(count, { kind, outcome });
  packageBytes.add(bytes);
  exportDuration.record(seconds);
}

/** Measurements by OpenTelemetry. */
export const telemetryMetrics: Metrics = {
  countCall,
  countLeased: (kind, key, count) => leased.add(count, { kind, key }),
  countRelease,
};
