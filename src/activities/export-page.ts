import { RequestClosedError } from '../core/errors';
import { countItems } from '../core/package/items';
import { partManifestBlob, partName } from '../core/package/blob-names';
import { noParts, policyFor, withheldItemKinds } from '../core/subject/withheld-parts';
import { PageExport, type PageExportServices } from '../export/page-export';
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
    let manifest = await services.scratch.read(requestId, blob, keys.dataKey);
    if (manifest === null) {
      const written = await writePart(on);
      // Another attempt may have planned the page anew meanwhile, without what this one has written.
      await assertCurrent(on);
      const isEmpty = written.entries.length === 0;
      manifest = isEmpty ? written : await storeOnce(services, on, blob, written);
    }
    await services.items.put(requestId, page, manifest.items);
    const items = await services.items.list(requestId, page);
    await services.items.putCounts(requestId, page, countItems(items));
    return { waiting: items.filter(({ status }) => status === 'pending').length };
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

async function writePart(
  on: OnOpenRequest<'exportPage', ExportPageServices>,
): Promise<PartManifest> {
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
    return await new PageExport(from, owner, { page, part, order }).write();
  } finally {
    await noteRefusedHosts(services.ledger, record.requestId, hosts);
  }
}
