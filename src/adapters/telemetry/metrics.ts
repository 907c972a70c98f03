import { metrics } from '@opentelemetry/api';
import { itemKinds, type ItemCounts } from '../../core/items';

const meter = (): ReturnType<typeof metrics.getMeter> => metrics.getMeter('portability');

/** A call of Genesys Cloud, by family of its API and status of the answer; 0 without one. */
export const countCall = (family: string, status: number): void =>
  meter().createCounter('portability.genesys.calls').add(1, { family, status });

/** Calls that a worker was granted of the allowance of an organisation. */
export const countGranted = (organisation: string, calls: number): void =>
  meter().createCounter('portability.genesys.granted').add(calls, { organisation });

/** A request whose package is released: its items by kind and outcome, its size and how long it took. */
export function countRelease(counts: ItemCounts, bytes: number, seconds: number): void {
  const items = meter().createCounter('portability.items');
  for (const kind of itemKinds)
    for (const [outcome, count] of Object.entries(counts[kind]))
      if (count > 0) items.add(count, { kind, outcome });
  meter().createCounter('portability.package.bytes', { unit: 'By' }).add(bytes);
  meter().createHistogram('portability.export.duration', { unit: 's' }).record(seconds);
}
