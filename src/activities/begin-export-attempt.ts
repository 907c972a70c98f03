import { CollectionsPausedError } from '../core/errors';
import { countItems, failuresOf, type Item } from '../core/package/items';
import {
  allScratch,
  bulkJobs,
  metadataPart,
  pageBlob,
  partManifestBlob,
  partManifestsOf,
  personBlob,
  personPart,
} from '../core/package/blob-names';
import { isSearchCurrent } from '../core/request/record';
import { resolveRequest } from '../core/subject/no-contact';
import { isRecording } from '../export/recordings';
import { isUnderWay } from '../core/request/states';
import type { ItemLedger, KeyStore, Ledger, ScratchStore, SearchLedger, Settings } from '../ports';
import { releaseDeletionHold } from '../services/deletion-hold';
import { readScratch } from '../services/scratch';
import { openRequestActivity, type ActivityServices, type OnOpenRequest } from './activity';
import { plannedItem } from './plan-pages';

export interface BeginExportAttemptServices extends ActivityServices {
  items: Pick<ItemLedger, 'list' | 'counts' | 'put' | 'putCounts' | 'delete' | 'deleteAll'>;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'changeDetails' | 'move'>;
  scratch: ScratchStore;
  searches: Pick<SearchLedger, 'deleteAll'>;
  settings: { export: Pick<Settings['export'], 'isPaused'> };
}

type On = OnOpenRequest<'beginExportAttempt', BeginExportAttemptServices>;

/**
 * Prepares an export attempt. The first attempt finds nothing. After a failure, what is exported stays
 * and what has failed is expected again. After a decision that another person is meant, everything is
 * searched for and exported again; what other answers change, `planPages` exports again. While new
 * collections are paused, only what is under way goes on.
 */
export const createBeginExportAttempt = openRequestActivity<
  'beginExportAttempt',
  BeginExportAttemptServices
>('beginExportAttempt', async (on) => {
  const { input, record, services } = on;
  const { clock, ledger } = services;
  const { requestId, pages } = record;
  const call = input.call ?? null;
  const isCounted = call !== null && record.exportCall === call;
  // A run that comes late would prepare what is being exported.
  if (isCounted && record.preparedExportCall === call) return { attempt: record.exportAttempts };
  if (services.settings.export.isPaused && !isUnderWay(record.state))
    throw new CollectionsPausedError();
  // Counted before anything else, so that two attempts never write parts with the same name.
  const attempt = isCounted ? record.exportAttempts : await countAttempt(on, call);
  if (!isSearchCurrent(record)) await startAnew(on);
  else if (pages !== null) await resume(on, pages);
  const exportStartedAt = clock.now().toISOString();
  const change = { reason: null, exportStartedAt, preparedExportCall: call, refusedHosts: [] };
  await ledger.move(requestId, 'exporting', change);
  return { attempt };
});

/** Counts the attempt of a call, once. @returns its number */
async function countAttempt({ record, services }: On, call: string | null): Promise<number> {
  const { exportAttempts } = await services.ledger.update(record.requestId, (stored) =>
    call !== null && stored.exportCall === call
      ? {}
      : { exportAttempts: stored.exportAttempts + 1, exportCall: call },
  );
  return exportAttempts;
}

/** Deletes what was found and exported for the person of an earlier decision. */
async function startAnew(on: On): Promise<void> {
  const { record, organisation, services } = on;
  const { items, ledger, scratch, searches } = services;
  const { requestId } = record;
  await ledger.changeDetails(requestId, ({ details }) => {
    const { contactMatches } = details;
    if (contactMatches === null) return { details };
    // Who was invited has proven who they are.
    const { contact } = resolveRequest(contactMatches, details, details.contact);
    return { details: { ...details, contact } };
  });
  await releaseDeletionHold({ scratch, source: organisation.source }, on);
  await scratch.deleteAll(requestId, allScratch);
  await items.deleteAll(requestId, record.pages ?? 0);
  await searches.deleteAll(requestId);
  await ledger.update(requestId, {
    conversations: null,
    pages: null,
    searched: null,
    unanswered: null,
    planned: null,
    withheldByPolicy: 0,
    exportedDecisionVersion: record.subjectVersion,
  });
}

/** Goes on after a failure. What an officer has accepted as missing is not asked for again. */
async function resume(on: On, pages: number): Promise<void> {
  const { items, scratch } = on.services;
  const { requestId, acceptedFailures } = on.record;
  // It says what is missing, and a finished part is never written again.
  await scratch.delete(requestId, partManifestBlob(metadataPart));
  const failures = failuresOf(await items.counts(requestId));
  if (failures > acceptedFailures) await expectFailedAgain(on, pages);
}

const isFailed = ({ status }: Item): boolean => status === 'failed';

/** Lets everything that has failed be tried again. */
async function expectFailedAgain(on: On, pages: number): Promise<void> {
  const { items, scratch } = on.services;
  const { requestId } = on.record;
  // A finished job would report the same failures again, so another one has to be started.
  await scratch.deleteAll(requestId, bulkJobs);
  if ((await items.list(requestId, 0)).some(isFailed)) {
    await scratch.delete(requestId, personBlob);
    await scratch.delete(requestId, partManifestBlob(personPart));
    await items.delete(requestId, 0);
  }
  for (let page = 1; page <= pages; page += 1) await expectPageAgain(on, page);
}

async function expectPageAgain(on: On, page: number): Promise<void> {
  const { items, scratch } = on.services;
  const { requestId } = on.record;
  const before = await items.list(requestId, page);
  const failed = before.filter(isFailed);
  if (failed.length === 0) return;
  // Recordings are requested one by one; texts are written with their conversation, and so their page.
  const areRecordings = failed.every((item) => isRecording(item) && item.sourceId !== null);
  const expected = areRecordings
    ? before.map((item): Item =>
        isFailed(item) ? { ...item, status: 'pending', reason: null } : item,
      )
    : (await readScratch(on.services, on, pageBlob(page))).map(plannedItem);
  if (!areRecordings) {
    await scratch.deleteAll(requestId, partManifestsOf(page));
    await items.delete(requestId, page);
  }
  await items.put(requestId, page, expected);
  await items.putCounts(requestId, page, countItems(expected));
}
