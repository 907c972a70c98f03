import { readFile } from 'node:fs/promises';
import { pickLocale, translator, type Locales } from '../core/i18n/translator';
import { availabilityReport } from '../core/package/availability-report';
import type { Statement } from '../core/package/availability-statements';
import { inventoryOf } from '../core/package/inventory';
import { bagFiles, isPayload, manifest } from '../core/package/bag';
import { metadataPart, partManifestBlob, personViewBlob } from '../core/package/blob-names';
import { metadataFiles, type TextFile } from '../core/package/metadata-files';
import { maskedProfile } from '../core/redaction/profile';
import { addRedactions } from '../core/redaction/redactions';
import type {
  EntryRecord,
  PackageFile,
  PartManifest,
  PartWriter,
  ItemLedger,
  KeyStore,
  Ledger,
  PackageWriter,
  ScratchStore,
  Settings,
  ViewerAssets,
} from '../ports';
import { text } from '../export/entries';
import { readContents, type WrittenContents } from '../export/package-contents';
import { availabilityFacts } from '../services/availability';
import { processingOf } from '../services/processing';
import type { OpenRequest } from '../services/open-request';
import { readScratch } from '../services/scratch';
import {
  failDamaged,
  openRequestActivity,
  type ActivityServices,
  type OnOpenRequest,
} from './activity';

export interface WritePackageMetadataServices extends ActivityServices {
  items: Pick<ItemLedger, 'counts' | 'list'>;
  keys: Pick<KeyStore, 'unwrap' | 'sign'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  locales: Locales;
  packageWriter: Pick<PackageWriter, 'startPart'>;
  scratch: Pick<ScratchStore, 'read' | 'list' | 'write' | 'writeOnce'>;
  settings: Pick<Settings, 'branding' | 'export' | 'notice' | 'processing'>;
  viewerAssets: ViewerAssets;
}

/**
 * Writes the last part: tables, report, profile, descriptions and the BagIt tag files (RFC 8493),
 * whose manifest covers every payload file of all parts, and whose tag manifest is signed.
 */
export const createWritePackageMetadata = openRequestActivity<
  'writePackageMetadata',
  WritePackageMetadataServices
>('writePackageMetadata', (on) => write(on).catch(failDamaged));

async function write(
  request: OnOpenRequest<'writePackageMetadata', WritePackageMetadataServices>,
): Promise<null> {
  const services = request.services;
  const { requestId } = request.record;
  const { dataKey, passphrase } = request.keys;
  const blob = partManifestBlob(metadataPart);
  if ((await services.scratch.read(requestId, blob, dataKey)) !== null) return null;
  const contents = await readContents(services, request);
  const metadata = await metadataOf(services, request, contents);
  const writer = services.packageWriter.startPart(requestId, metadataPart, passphrase);
  const entries = [...contents.entries, ...(await addFiles(writer, metadata.files))];
  await addBag(services, writer, { requestId, createdAt: metadata.createdAt, entries });
  const written: PartManifest = {
    ...(await writer.finish()),
    items: [],
    rows: [],
    redactions: {},
    groups: contents.groups,
  };
  await services.scratch.writeOnce(requestId, blob, dataKey, written);
  await services.ledger.update(requestId, {
    availability: metadata.statements,
    inventory: inventoryOf(contents.rows),
  });
  return null;
}

const fileOf = ({ name, content }: TextFile): PackageFile => ({ name, content: text(content) });

/** Files of which the texts are made one by one, as they are written. */
function* inTurn(texts: Iterable<TextFile>, others: PackageFile[]): Generator<PackageFile> {
  for (const file of texts) yield fileOf(file);
  yield* others;
}

async function addFiles(writer: PartWriter, files: Iterable<PackageFile>): Promise<EntryRecord[]> {
  const entries: EntryRecord[] = [];
  for (const { name, content } of files) entries.push(await writer.add(name, content, 'deflate'));
  return entries;
}

const keysAddressOf = ({ settings }: Pick<WritePackageMetadataServices, 'settings'>): string =>
  `${settings.branding.portalOrigin}/.well-known/jwks.json`;

/** All files of the part but those of the bag itself, with what the report says. */
async function metadataOf(
  services: WritePackageMetadataServices,
  request: OpenRequest,
  contents: WrittenContents,
): Promise<{ files: Iterable<PackageFile>; createdAt: string; statements: Statement[] }> {
  const details = await services.ledger.details(request.record);
  const { contact, locale } = details;
  const { branding, export: exporting, notice } = services.settings;
  const profile =
    contact === null ? { contact, redactions: {} } : maskedProfile(contact, exporting.policy);
  const speaking = translator(services.locales, pickLocale([locale], services.locales));
  const redactions = addRedactions(contents.redactions, profile.redactions);
  const report = availabilityReport(
    await availabilityFacts(services, request.record, {
      details,
      redactions,
      missing: contents.missing,
      attributesWithheld: contents.rows.reduce((total, row) => total + row.attributesWithheld, 0),
    }),
    speaking,
  );
  const facts = {
    requestId: request.record.requestId,
    contact: profile.contact,
    controller: branding.controllerName,
    policy: exporting.policy,
    contents: { ...contents, redactions },
    report,
    processing: processingOf(services, report.counts, locale),
    translator: speaking,
  };
  const texts = metadataFiles(facts, {
    locale,
    keysAddress: keysAddressOf(services),
    person: await readScratch(services, request, personViewBlob),
    payload: contents.entries.filter(isPayload).map(({ name }) => name),
  });
  const others = [
    ...(notice ? [{ name: notice.name, content: await readFile(notice.path) }] : []),
    ...(await services.viewerAssets(services.locales)),
  ];
  return {
    files: inTurn(texts, others),
    createdAt: report.createdAt,
    statements: report.statements,
  };
}

/** Adds the tag files of the bag, over all entries of the package, and the signature. */
async function addBag(
  services: Pick<WritePackageMetadataServices, 'keys' | 'settings'>,
  writer: PartWriter,
  bag: { requestId: string; createdAt: string; entries: EntryRecord[] },
): Promise<void> {
  const payload = bag.entries.filter(isPayload);
  const files = bagFiles({
    ...bag,
    controller: services.settings.branding.controllerName,
    payload,
  });
  const tags = [
    ...bag.entries.filter((entry) => !isPayload(entry)),
    ...(await addFiles(writer, files.map(fileOf))),
  ];
  const tagManifest = text(manifest(tags));
  const signature = await services.keys.sign(tagManifest, keysAddressOf(services));
  await addFiles(writer, [
    { name: 'tagmanifest-sha256.txt', content: tagManifest },
    { name: 'tagmanifest-sha256.txt.jws', content: text(`${signature}\n`) },
  ]);
}
