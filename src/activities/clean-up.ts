import { allScratch } from '../core/package/blob-names';
import type {
  CodeAndSessionStore,
  DownloadLog,
  ItemLedger,
  KeyStore,
  Ledger,
  Outbox,
  PackageStore,
  RequestRecord,
  ScratchStore,
  SearchLedger,
  Settings,
  StatisticsStore,
} from '../ports';
import { deleteOwnObjects, type BucketCleaning } from '../services/bucket-objects';
import { releaseDeletionHold } from '../services/deletion-hold';
import { countRequest } from '../services/statistics';
import { requestActivity, type ActivityServices, type OnRequest } from './activity';

export interface CleanUpServices extends ActivityServices, Omit<BucketCleaning, 'ledger'> {
  codesAndSessions: Pick<CodeAndSessionStore, 'endAll'>;
  downloadLog: DownloadLog;
  items: Pick<ItemLedger, 'deleteAll'>;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'custodyEntries' | 'get' | 'update' | 'note' | 'deleteDetails'>;
  outbox: Pick<Outbox, 'forget'>;
  packages: Pick<PackageStore, 'delete' | 'size'>;
  scratch: Pick<ScratchStore, 'list' | 'read' | 'delete' | 'deleteAll'>;
  searches: Pick<SearchLedger, 'deleteAll'>;
  settings: Pick<Settings, 'legalClock'>;
  statistics: Pick<StatisticsStore, 'count'>;
}

/**
 * Deletes the package, the scratch blobs, the sessions and the personal part of the request; the key
 * last. Then checks that nothing is left.
 */
export const createCleanUp = requestActivity<'cleanUp', CleanUpServices>('cleanUp', async (on) => {
  const { record, services } = on;
  const { ledger, packages, scratch } = services;
  const { requestId } = record;
  if (record.releasedAt && record.cleanedAt === null) await noteDownloads(services, requestId);
  await services.codesAndSessions.endAll(requestId);
  await services.outbox.forget(requestId);
  await releaseHolds(on);
  const left = await deleteOwnObjects(services, requestId);
  await packages.delete(requestId);
  await scratch.deleteAll(requestId, allScratch);
  await services.items.deleteAll(requestId, record.pages ?? 0);
  await services.searches.deleteAll(requestId);
  await ledger.deleteDetails(requestId);
  if (record.wrappedSecret !== null)
    await ledger.note(requestId, { event: 'keyDestroyed' }, { wrappedSecret: null });
  const isGone =
    (await packages.size(requestId)) === null &&
    (await scratch.list(requestId, allScratch)).length === 0 &&
    left === 0;
  if (!isGone) throw new Error('Something of the package is still stored.');
  if (record.cleanedAt === null) await noteDeletion(services, record);
  return null;
});

/**
 * The request is counted before: a crash between both counts it once, because both are repeated. One whose end
 * nothing says yet is left to the night.
 */
async function noteDeletion(services: CleanUpServices, record: RequestRecord): Promise<void> {
  const { clock, ledger } = services;
  const isCounted = record.isCounted ?? (await countRequest(services, record));
  const cleanedAt = clock.now().toISOString();
  const change = isCounted ? ({ cleanedAt, isCounted } as const) : { cleanedAt };
  await ledger.note(record.requestId, { event: 'deleted' }, change);
}

/** A recall destroys the key, but comes after the release of the package, which releases the holds. */
async function releaseHolds({
  record,
  organisation: { source },
  services: { keys, scratch },
}: OnRequest<'cleanUp', CleanUpServices>): Promise<void> {
  if (record.wrappedSecret === null) return;
  const request = { record, keys: await keys.unwrap(record.wrappedSecret) };
  await releaseDeletionHold({ scratch, source }, request);
}

/**
 * Records the downloads that storage itself has logged, the only evidence of links that a browser
 * followed without the portal. A log that is unavailable does not prevent the deletion.
 */
async function noteDownloads(
  { downloadLog, ledger }: CleanUpServices,
  requestId: string,
): Promise<void> {
  const { until, reads } = await downloadLog
    .reads(requestId)
    .catch(() => ({ until: null, reads: [] }));
  if (until === null) return;
  const bytes = reads.reduce((sum, read) => sum + (read.bytes ?? 0), 0);
  const detail = { reads: reads.length, bytes, until };
  await ledger.note(requestId, { event: 'downloadsLogged', detail });
}
