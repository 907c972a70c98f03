import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { configure, TextWriter, Uint8ArrayReader, ZipReader } from '@zip.js/zip.js';
import type { AppContext } from '../../src/composition/compose';
import type { Item } from '../../src/core/package/items';
import { checkCustody } from '../../src/services/custody';

/** A package as somebody has it who downloads it: opened by a reader that is not ours. */
export interface OpenedPackage {
  /** Names of all entries, in their order. */
  names: string[];
  /** Lines of the manifest: hash and name of every payload file. */
  manifest: string[];
  /** What was read of it, by name. */
  files: ReadonlyMap<string, string>;
  /** The same as one text. */
  texts: string;
}

const manifestFile = 'manifest-sha256.txt';
const isText = (name: string): boolean => /\.(json|csv|html|txt|eml|vtt)$/.test(name);

/**
 * The committed package of a request, as its person downloads it, and what opens it.
 * @throws Error when there is none
 */
export async function downloadedOf(
  app: AppContext,
  requestId: string,
): Promise<{ bytes: Buffer; passphrase: string }> {
  const { wrappedSecret } = (await app.ledger.get(requestId)) ?? {};
  const { passphrase } = await app.keys.unwrap(wrappedSecret ?? '');
  const size = (await app.packages.size(requestId)) ?? 0;
  return { bytes: await app.packages.read(requestId, 0, size), passphrase };
}

/**
 * Opens the committed package of a request.
 * @param isWanted which files are read, besides the manifest
 * @throws Error when there is none, or it cannot be read
 */
export async function openPackage(
  app: AppContext,
  requestId: string,
  isWanted: (name: string) => boolean = isText,
): Promise<OpenedPackage> {
  configure({ useWebWorkers: false });
  const { bytes, passphrase } = await downloadedOf(app, requestId);
  const reader = new ZipReader(new Uint8ArrayReader(bytes), { password: passphrase });
  const names: string[] = [];
  const files = new Map<string, string>();
  for (const entry of await reader.getEntries()) {
    names.push(entry.filename);
    if (entry.directory || !(entry.filename === manifestFile || isWanted(entry.filename))) continue;
    const text = await entry.getData(new TextWriter(), { checkSignature: true });
    files.set(entry.filename, text);
  }
  await reader.close();
  const manifest = files.get(manifestFile)?.trim().split('\n').sort() ?? [];
  return { names, manifest, files, texts: [...files.values()].join('\n') };
}

/** What a request has come to, as far as it is the same in every run. */
export interface Outcome {
  manifest: string[];
  /** Names of entries that are in the package more than once. */
  twice: string[];
  /** Payload files of the manifest that are not in the package, and the other way round. */
  missing: string[];
  /** Every item of the ledger with what became of it. */
  items: string[];
  /** Items counted by page, as the status sums them up. */
  counts: unknown;
  /** The states that the request went through, by its custody record. */
  states: string[];
  /** Kinds of facts in the custody record. */
  events: string[];
  /** What is wrong with the custody record, its heads and its witness. */
  chain: string[];
}

/** Reads what a request has come to once its package is available. */
export async function outcomeOf(app: AppContext, requestId: string): Promise<Outcome> {
  const { names, manifest } = await openPackage(app, requestId, () => false);
  const payload = manifest.map((line) => line.slice(line.indexOf(' ')).trim());
  const present = names.filter((name) => name.startsWith('data/'));
  const record = await app.ledger.get(requestId);
  const items: string[] = [];
  for (let page = 0; page <= (record?.pages ?? 0); page += 1)
    items.push(...(await app.items.list(requestId, page)).map((item) => lineOf(page, item)));
  return {
    manifest,
    twice: names.filter((name, i) => names.indexOf(name) !== i),
    missing: [
      ...payload.filter((name) => !present.includes(name)),
      ...present.filter((name) => !payload.includes(name)),
    ],
    items: items.sort(),
    counts: await app.items.counts(requestId),
    ...(await custodyOf(app, requestId)),
  };
}

const lineOf = (page: number, item: Item): string =>
  [page, item.conversation, item.kind, item.ordinal, item.status, item.reason, item.entry].join(
    ' ',
  );

async function custodyOf(
  app: AppContext,
  requestId: string,
): Promise<Pick<Outcome, 'states' | 'events' | 'chain'>> {
  const { record, problems } = await checkCustody(app, requestId);
  const { entries } = record;
  return {
    states: entries
      .filter(({ event }) => event === 'stateChanged')
      .map(({ from = '', to = '' }) => `${from} > ${to}`),
    events: [...new Set(entries.map(({ event }) => event))].sort(),
    chain: problems,
  };
}

/** Everything that storage holds of a request, named by table or container. */
export async function storedOf(connectionString: string, requestId: string): Promise<string[]> {
  const found: string[] = [];
  const blobs = BlobServiceClient.fromConnectionString(connectionString);
  for (const container of ['scratch', 'packages']) {
    const client = blobs.getContainerClient(container);
    if (!(await client.exists())) continue;
    const listed = client.listBlobsFlat({
      prefix: requestId,
      includeUncommitedBlobs: true,
    });
    for await (const { name } of listed) found.push(`${container} ${name.split('/')[1] ?? ''}`);
  }
  for (const table of ['requests', 'items', 'codesAndSessions', 'outbox']) {
    const client = TableClient.fromConnectionString(connectionString, table, {
      allowInsecureConnection: true,
    });
    // There is none before something is stored in it.
    await client.createTable();
    for await (const row of client.listEntities())
      if (JSON.stringify(row).includes(requestId)) found.push(`${table} ${row.rowKey ?? ''}`);
  }
  return found.sort();
}

/** Deletes every row of a table, if there is the table. */
export async function deleteRows(connectionString: string, table: string): Promise<void> {
  const client = TableClient.fromConnectionString(connectionString, table, {
    allowInsecureConnection: true,
  });
  await client.createTable();
  for await (const { partitionKey = '', rowKey = '' } of client.listEntities())
    await client.deleteEntity(partitionKey, rowKey);
}
