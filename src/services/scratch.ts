import type { ScratchRef } from '../core/package/blob-names';
import type { RequestKeys, RequestRecord, ScratchStore } from '../ports';

/** The request that scratch blobs belong to, and the key that they are encrypted with. */
export interface ScratchOwner {
  record: Pick<RequestRecord, 'requestId'>;
  keys: Pick<RequestKeys, 'dataKey'>;
}

/**
 * Reads a scratch blob that an earlier activity has written.
 * @throws Error when it does not exist; the activity is retried
 */
export async function readScratch<T>(
  { scratch }: { scratch: Pick<ScratchStore, 'read'> },
  { record, keys }: ScratchOwner,
  ref: ScratchRef<T>,
): Promise<T> {
  const value = await scratch.read(record.requestId, ref, keys.dataKey);
  if (value === null) throw new Error('A scratch blob that should exist does not.');
  return value;
}

/**
 * Stores a scratch blob unless it exists.
 * @returns what is stored: `value`, or what another attempt stored before
 */
export async function storeOnce<T>(
  services: { scratch: Pick<ScratchStore, 'read' | 'writeOnce'> },
  owner: ScratchOwner,
  ref: ScratchRef<T>,
  value: T,
): Promise<T> {
  const { record, keys } = owner;
  const isStored = await services.scratch.writeOnce(record.requestId, ref, keys.dataKey, value);
  return isStored ? value : readScratch(services, owner, ref);
}
