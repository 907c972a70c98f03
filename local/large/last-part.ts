import { createHash } from 'node:crypto';
import { PartWriter } from '../../src/adapters/package/part-writer';
import { translator } from '../../src/core/i18n/translator';
import { bagFiles, isPayload, manifest } from '../../src/core/package/bag';
import { metadataPart, partManifestBlob, partName } from '../../src/core/package/blob-names';
import type { CollectedRow } from '../../src/core/package/conversation-row';
import {
  absent,
  conversationFolder,
  countItems,
  exported,
  newItem,
  type Item,
  type ItemKind,
} from '../../src/core/package/items';
import { metadataFiles, type TextFile } from '../../src/core/package/metadata-files';
import { viewerPerson } from '../../src/core/package/viewer-person';
import { viewerPageOf } from '../../src/core/package/viewer-script';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { readContents, type WrittenContents } from '../../src/export/package-contents';
import type { EntryRecord, PackageStore, PartManifest } from '../../src/ports';
import { builtLocales } from '../viewer-package';
import { conversationsOfPage } from './case-sizes';
import { peakMemory } from './memory';

const requestId = 'bench';
const passphrase = 'BENCH-BENCH-BENCH-BENCH-BENCH';
const start = Date.parse('2021-11-25T12:00:00Z');
const createdAt = '2026-11-25T12:00:00.000Z';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const idOf = (text: string): string =>
  hashOf(text).replace(/(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
const entryOf = (name: string, size: number): EntryRecord => ({
  ...{ name, offset: 0, size, storedSize: size + 28, method: 0 },
  sha256: hashOf(name),
});

/** Numbers of the conversations of a page. */
const numbersOf = (page: number): number[] =>
  Array.from({ length: conversationsOfPage }, (_, i) => (page - 1) * conversationsOfPage + i + 1);
const isCall = (number: number): boolean => number % 5 !== 0;

function itemsOf(number: number): Item[] {
  const folder = conversationFolder(number);
  const there = (kind: ItemKind, file: string, size: number): Item =>
    exported(
      newItem(number, kind, 1, idOf(`${kind} ${number}`)),
      entryOf(`${folder}/${file}`, size),
    );
  const document = there('conversation', 'conversation.json', 6000);
  if (!isCall(number)) return [document, there('email', 'email-1.eml', 3000)];
  const transcript = there('transcript', 'conversation.json', 6000);
  return [
    ...[document, there('audio', 'audio-1.mp3', 2_000_000)],
    number % 2 === 0 ? transcript : absent(newItem(number, 'transcript', 1, null), 'noTranscript'),
  ];
}

function rowOf(number: number, page: string): CollectedRow {
  const at = new Date(start + number * 3_000_000).toISOString();
  const [queue, agent, wrapUp] = ['queue', 'agent', 'wrapUp'].map((one) =>
    idOf(`${one} ${number % 40}`),
  );
  const words = 'Good morning, I have a question about my order, which should have come on Monday.';
  return {
    row: {
      ...{ number, conversationId: idOf(`conversation ${number}`), date: at.slice(0, 10) },
      ...{ time: at.slice(11, 19), start: at, end: at, startLocal: at, durationSeconds: 300 },
      ...{ channel: isCall(number) ? 'voice' : 'email', direction: 'inbound' },
      ...{ queue: 'Orders', agent: 'agent-00000001', wrapUp: 'Resolved' },
      ...{ audioFiles: 1, transcriptFiles: 1, emails: 0, messages: 0, attributesWithheld: 2 },
      timeZone: 'Europe/Berlin',
    },
    ids: { queue: [queue ?? ''], agent: [agent ?? ''], wrapUp: [wrapUp ?? ''] },
    names: { [queue ?? '']: 'Orders', [agent ?? '']: 'agent-00000001', [wrapUp ?? '']: 'Resolved' },
    ...{ page, glance: { subject: '', words, isSummary: true, surveys: [] } },
  };
}

/** Manifest of the part of a page, as it is read from storage. */
function manifestOf(page: number): PartManifest {
  const part = partName(page, 1, 1);
  const script = viewerPageOf(part);
  const items = numbersOf(page).flatMap(itemsOf);
  const names = new Set(items.flatMap(({ entry }) => entry ?? []));
  const made: PartManifest = {
    ...{ part, bytes: 100_000_000, blockIds: [], redactions: {}, items },
    entries: [...names, script].map((name) => entryOf(name, 6000)),
    rows: numbersOf(page).map((number) => rowOf(number, script)),
  };
  return JSON.parse(JSON.stringify(made)) as PartManifest;
}

/** The manifests and items of a request with so many pages; nothing of it is kept. */
function storesOf(pages: number) {
  const numbers = Array.from({ length: pages }, (_, i) => i + 1);
  const blobs = new Map(numbers.map((page) => [partManifestBlob(partName(page, 1, 1)).name, page]));
  const scratch = {
    list: () => Promise.resolve([...blobs.keys()].map((name) => ({ name }))),
    read: ({ name }: { name: string }) => manifestOf(blobs.get(name) ?? 0),
  };
  return {
    scratch,
    items: (page: number): Item[] => (page === 0 ? [] : numbersOf(page).flatMap(itemsOf)),
  };
}

const store = { stageBlock: () => Promise.resolve() } as unknown as PackageStore;

function* filesOf(contents: WrittenContents): Generator<TextFile> {
  const all = [...contents.exported, ...contents.missing];
  const facts = {
    ...{ requestId, contact: null, controller: 'Example Ltd', policy: defaultPolicy, contents },
    ...{ processing: null, translator: translator(builtLocales(), 'en') },
    report: {
      ...{
        format: 'data-availability-report' as const,
        version: 1 as const,
        createdAt,
        language: 'en',
      },
      searched: { from: '2021-11-25T12:00:00Z', to: createdAt, windows: 5 },
      ...{ searchableFrom: null, indexedUntil: null, auditRetainedFrom: null },
      ...{ counts: countItems(all), statements: [], sentences: [] },
      missing: contents.missing.map(({ conversation, kind, status, reason }) => ({
        ...{ conversation, kind, status, reason: reason ?? 'unknown' },
      })),
    },
  };
  const none = viewerPerson({ contacts: [], notes: [], visits: [], campaigns: [], audits: [] });
  const payload = contents.entries.filter(isPayload).map(({ name }) => name);
  const keysAddress = 'https://privacy.shop.example/.well-known/jwks.json';
  yield* metadataFiles(facts, { locale: 'en', keysAddress, person: none, payload });
}

/** Writes the last part of a package of so many conversations, of which no other part exists. */
export async function writeLastPart(conversations: number): Promise<Record<string, unknown>> {
  const pages = Math.ceil(conversations / conversationsOfPage);
  const { scratch, items } = storesOf(pages);
  const startMemoryMiB = peakMemory(process.pid);
  const began = performance.now();
  const contents = await readContents(
    {
      scratch: {
        list: scratch.list,
        read: (_request, ref) => Promise.resolve(scratch.read(ref) as never),
        write: () => Promise.resolve(),
      },
      items: { list: (_request, page) => Promise.resolve(items(page)) },
    },
    { record: { requestId, pages }, keys: { dataKey: Buffer.alloc(32) } },
  );
  const readMs = Math.round(performance.now() - began);
  const readMemoryMiB = peakMemory(process.pid);
  const writer = new PartWriter(store, requestId, metadataPart, passphrase);
  const entries = [...contents.entries];
  const add = async ({ name, content }: TextFile): Promise<void> =>
    void entries.push(await writer.add(name, Buffer.from(content), 'deflate'));
  for (const file of filesOf(contents)) await add(file);
  const payload = entries.filter(isPayload);
  for (const file of bagFiles({ requestId, createdAt, controller: 'Example Ltd', payload }))
    await add(file);
  await add({
    name: 'tagmanifest-sha256.txt',
    content: manifest(entries.filter((one) => !isPayload(one))),
  });
  const { bytes } = await writer.finish();
  const largest = entries
    .slice(contents.entries.length)
    .reduce((a, b) => (a.size > b.size ? a : b));
  return {
    ...{ conversations, entries: entries.length, readMs },
    writeMs: Math.round(performance.now() - began) - readMs,
    partBytes: bytes,
    largestFile: { name: largest.name, bytes: largest.size },
    ...{ startMemoryMiB, readMemoryMiB, peakMemoryMiB: peakMemory(process.pid) },
  };
}
