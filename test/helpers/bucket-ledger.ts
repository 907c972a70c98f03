import type { BucketLedger, UsedObject } from '../../src/ports';

/** The ledger of the bucket in memory. */
export function memoryBucketLedger(): BucketLedger {
  const used = new Map<string, Map<string, UsedObject>>();
  const of = (requestId: string): Map<string, UsedObject> => {
    const known = used.get(requestId) ?? new Map<string, UsedObject>();
    used.set(requestId, known);
    return known;
  };
  return {
    use: (requestId, object) => {
      const isKept = of(requestId).get(object.key)?.isOwn === true && !object.isOwn;
      if (!isKept) of(requestId).set(object.key, object);
      return Promise.resolve();
    },
    usedBy: (requestId) => Promise.resolve([...of(requestId).values()]),
    usersOf: (key) =>
      Promise.resolve([...used].filter(([, objects]) => objects.has(key)).map(([id]) => id)),
    forget: (requestId, key) => Promise.resolve(void of(requestId).delete(key)),
  };
}
