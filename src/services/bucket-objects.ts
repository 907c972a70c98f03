import { isFinal } from '../core/request/states';
import { SourceError } from '../core/errors';
import type { BucketLedger, Ledger, RecordingBucket, UsedObject } from '../ports';

/** What deleting a request's objects from the bucket uses. */
export interface BucketCleaning {
  /** Null without the bulk export. */
  bucket: Pick<RecordingBucket, 'current' | 'delete'> | null;
  bucketLedger: Pick<BucketLedger, 'use' | 'usedBy' | 'usersOf' | 'forget'>;
  ledger: Pick<Ledger, 'get' | 'note'>;
}

/**
 * Deletes the objects that a request's own jobs have put into the bucket: the versions that were recorded,
 * and no others. One that another open request uses becomes that request's, which deletes it later.
 * What cannot be deleted now stays recorded. May run any number of times.
 * @returns how many of the request's own objects are left in the bucket
 */
export async function deleteOwnObjects(
  services: BucketCleaning,
  requestId: string,
): Promise<number> {
  const used = await services.bucketLedger.usedBy(requestId);
  let [deleted, left] = [0, 0];
  for (const object of used) {
    const outcome = await release(services, requestId, object).catch(leftIfRefused);
    if (outcome === 'deleted') deleted += 1;
    if (outcome === 'left') left += 1;
    else await services.bucketLedger.forget(requestId, object.key);
  }
  if (deleted > 0) {
    const detail = { objects: deleted };
    await services.ledger.note(requestId, { event: 'bucketObjectsDeleted', detail });
  }
  return left;
}

type Outcome = 'deleted' | 'kept' | 'left';

/** A bucket that refuses or does not answer keeps nothing else from being done. */
function leftIfRefused(error: unknown): Outcome {
  if (error instanceof SourceError) return 'left';
  throw error;
}

async function release(
  { bucket, bucketLedger, ledger }: BucketCleaning,
  requestId: string,
  object: UsedObject,
): Promise<Outcome> {
  if (!object.isOwn) return 'kept';
  if (bucket === null) return 'left';
  for (const other of await bucketLedger.usersOf(object.key)) {
    if (other === requestId) continue;
    const record = await ledger.get(other);
    if (record === null || isFinal(record.state) || record.releasedAt !== null) continue;
    await bucketLedger.use(other, object);
    return 'kept';
  }
  // Without versions another object may have come under the same key, which is not this request's.
  if (object.versionId === null && (await bucket.current(object.key))?.stamp !== object.stamp)
    return 'kept';
  await bucket.delete(object);
  return 'deleted';
}
