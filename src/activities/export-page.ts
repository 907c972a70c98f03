import { RequestClosedError } from '../core/errors';
import { countItems, isSameItem, itemKey, type Item } from '../core/package/items';
import { carriedBlob, partManifestBlob, partName } from '../core/package/blob-names';
import { noParts, policyFor, withheldItemKinds } from '../core/subject/withheld-parts';
import { PageExport, type PageExportServices, type WrittenPass } from '../export/page-export';
import type { ItemLedger, KeyStore, Ledger, PartManifest, ScratchStore } from '../ports';
import { hashKeyOf } from '../services/hash-key';
import { noteRefusedHosts, notingRefusedHosts } from '../services/refused-hosts';
import { storeOnce } from '../services/scratch';
import { readSubject } from '../services/subject';
import {
  openKeys,
  openRequestActivity,
  type ActivityServices,
  type OnOpenRequest,
} from './activity';

export interface ExportPageServices
  extends ActivityServices, Omit<PageExportServices, 'source' | 'customerChannel'> {
  items: Pick<ItemLedger, 'put' | 'list' | 'putCounts'>;
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  scratch: ScratchStore;
}

/**
 * Exports what is ready of a page as one part of the package. The part counts once its manifest is
 * stored: a crash before this leaves uncommitted blocks; after it, the retry finds the manifest.
 */
export const createExportPage = openRequestActivity<'exportPage', ExportPageServices>(
  'exportPage',
  async (on) => {
    const { input, record, keys, services } = on;
    const { requestId, page, attempt, pass } = input;
    // A worker of an earlier attempt, which outlived its parent: the present attempt exports its pages.
    if (record.exportAttempts !== attempt) throw new RequestClosedError();
    const blob = partManifestBlob(partName(page, attempt, pass));
    const before = await services.items.list(requestId, page);
    const manifest =
      (await services.scratch.read(requestId, blob, keys.dataKey)) ?? (await writePart(on, before));
    const items = new Map(before.map((item) => [itemKey(item), item]));
    const changed = manifest.items.filter((item) => {
      const known = items.get(itemKey(item));
      return known === undefined || !isSameItem(known, item);
    });
    for (const item of changed) items.set(itemKey(item), item);
    await services.items.put(requestId, page, changed);
    const waiting = [...items.values()].filter(({ status }) => status === 'pending').length;
    // A pass that changed nothing leaves them as they are. In the first one of an attempt, an earlier attempt
    // may have ended before it wrote them; where nothing waits any more, an earlier try of this pass.
    if (pass === 1 || waiting === 0 || manifest.items.length > 0)
      await services.items.putCounts(requestId, page, countItems(items.values()));
    return { waiting };
  },
);

/** @throws RequestClosedError when the request is closed, or exported by another attempt */
async function assertCurrent({
  input,
  services,
}: OnOpenRequest<'exportPage', ExportPageServices>): Promise<void> {
  const present = await services.ledger.get(input.requestId);
  if (present === null || present.exportAttempts !== input.attempt) throw new RequestClosedError();
  await openKeys(services, present);
}

/** Writes what is ready, and what later passes need to know; the manifest last. */
async function writePart(
  on: OnOpenRequest<'exportPage', ExportPageServices>,
  items: readonly Item[],
): Promise<PartManifest> {
  const { services, keys } = on;
  const { requestId, page, attempt, pass } = on.input;
  const { manifest, carried } = await writePass(on, items);
  const isEmpty = manifest.entries.length === 0;
  if (isEmpty && manifest.items.length === 0 && carried === null) return manifest;
  // Another attempt may have planned the page anew meanwhile, without what this one has written.
  await assertCurrent(on);
  if (carried !== null)
    await services.scratch.write(requestId, carriedBlob(page), keys.dataKey, carried);
  const blob = partManifestBlob(partName(page, attempt, pass));
  return isEmpty ? manifest : storeOnce(services, on, blob, manifest);
}

async function writePass(
  on: OnOpenRequest<'exportPage', ExportPageServices>,
  items: readonly Item[],
): Promise<WrittenPass> {
  const { services, record, keys, organisation } = on;
  const { page, attempt, pass, isLast } = on.input;
  const { subject, details } = await readSubject(services, record);
  const { timeZone, decision } = details;
  // Read again at intervals: an officer may have closed the request since the page began.
  const assertOpen = (): Promise<void> => assertCurrent(on);
  const parts = decision?.rightsOfOthers ?? noParts;
  const withheldKinds = withheldItemKinds(parts);
  const owner = { record, keys, subject, timeZone, withheldKinds, assertOpen };
  const part = partName(page, attempt, pass);
  const order = isLast ? 'last' : 'repeated';
  const { source, hosts } = notingRefusedHosts(organisation.source);
  const { export: exporting } = services.settings;
  const policy = policyFor(exporting.policy, parts);
  const settings = { ...services.settings, export: { ...exporting, policy } };
  const from = {
    ...services,
    keys: hashKeyOf(services.keys, record),
    source,
    settings,
    customerChannel: organisation.customerChannel,
  };
  try {
    return await new PageExport(from, owner, { page, number: pass, part, order, items }).write();
  } finally {
    await noteRefusedHosts(services.ledger, record.requestId, hosts);
  }
}
