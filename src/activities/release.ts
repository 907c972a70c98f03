import { addHours, atTime, secondsBetween } from '../core/time/time';
import type { ItemLedger, KeyStore, Ledger, Metrics, ScratchStore, Settings } from '../ports';
import { deleteOwnObjects, type BucketCleaning } from '../services/bucket-objects';
import { releaseDeletionHold } from '../services/deletion-hold';
import { openRequestActivity, type ActivityServices } from './activity';

export interface ReleaseServices extends ActivityServices, Omit<BucketCleaning, 'ledger'> {
  items: Pick<ItemLedger, 'counts'>;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'move' | 'note'>;
  metrics: Pick<Metrics, 'countRelease'>;
  scratch: Pick<ScratchStore, 'list' | 'read' | 'delete'>;
  settings: Pick<Settings, 'delivery'>;
}

/** Makes the package available for its time. */
export const createRelease = openRequestActivity<'release', ReleaseServices>(
  'release',
  async (on) => {
    const { record, services } = on;
    const { clock, items, ledger, metrics, scratch, settings } = services;
    const { requestId } = record;
    await releaseDeletionHold({ scratch, source: on.organisation.source }, on);
    const now = clock.now();
    const until = addHours(now, settings.delivery.availabilityHours).toISOString();
    if (record.state !== 'delivered')
      await ledger.move(requestId, 'available', ({ releasedAt, availableUntil }) => ({
        releasedAt: releasedAt ?? now.toISOString(),
        availableUntil: availableUntil ?? until,
      }));
    // The package was read back. What is left in the bucket by then, the clean-up deletes.
    await deleteOwnObjects(services, requestId);
    // A repetition has released nothing more.
    if (record.releasedAt !== null) return null;
    const since = atTime(record.exportStartedAt ?? record.createdAt);
    const counts = await items.counts(requestId);
    metrics.countRelease(counts, record.packageBytes ?? 0, secondsBetween(since, now));
    return null;
  },
);
