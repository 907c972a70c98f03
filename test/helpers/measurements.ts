import { metrics, type Attributes } from '@opentelemetry/api';

/** Dimensions by the name of their metric, as recorded by modules that are imported after this one. */
export const measured = new Map<string, Set<string>>();

const record = (name: string): ((value: number, attributes?: Attributes) => void) => {
  const dimensions = new Set<string>();
  measured.set(name, dimensions);
  return (_value, attributes = {}) => Object.keys(attributes).forEach((key) => dimensions.add(key));
};
const meter = {
  createCounter: (name: string) => ({ add: record(name) }),
  createHistogram: (name: string) => ({ record: record(name) }),
};
metrics.setGlobalMeterProvider({ getMeter: () => meter as never });
