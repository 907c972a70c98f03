import { memoryBucketLedger } from './bucket-ledger';
import type { AppContext } from '../../src/composition/app-context';
import type { ScratchRef } from '../../src/core/package/blob-names';
import type { Contact } from '../../src/core/subject/contact';
import type { PageConversation } from '../../src/core/package/page';
import { createHash } from 'node:crypto';
import { emlComposer } from '../../src/adapters/eml/email-composer';
import { ZipPackageWriter } from '../../src/adapters/package/package-writer';
import type { EntryWriter } from '../../src/export/entries';
import type { EmailConversation } from '../../src/export/emails';
import type { RecordingResult } from '../../src/export/recording-exporter';
import { sanitiserFor } from '../../src/export/sanitiser';
import { defaultPolicy, policySchema, type Policy } from '../../src/core/redaction/policy';
import { countItems, exported, failed, itemKey, type Item } from '../../src/core/package/items';
import type {
  EntryRecord,
  ExportSettings,
  ItemLedger,
  PackageStore,
  ScratchStore,
  SearchLedger,
  SearchRecord,
  Source,
  WindowLengthStore,
} from '../../src/ports';
import type { WindowLength } from '../../src/core/genesys/window-length';

/** Masks every text that is masked at all. */
export const maskEverything: Policy = policySchema.parse({
  version: 1,
  patterns: [{ name: 'all', pattern: '[^\\n]+' }],
});

/** Keeps entries in memory, as the writer of a part keeps them in a package. */
export class MemoryWriter implements EntryWriter {
  readonly entries = new Map<string, Buffer>();

  add(name: string, content: Buffer | AsyncIterable<Buffer>): Promise<EntryRecord> {
    return this.atomically(async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of Buffer.isBuffer(content) ? [content] : content) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      this.entries.set(name, bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return { name, offset: 0, size: bytes.length, storedSize: bytes.length, method: 0, sha256 };
    });
  }

  async atomically<T>(work: () => Promise<T>): Promise<T> {
    const before = new Map(this.entries);
    try {
      return await work();
    } catch (error) {
      this.entries.clear();
      for (const [name, bytes] of before) this.entries.set(name, bytes);
      throw error;
    }
  }

  text(name: string): string {
    const bytes = this.entries.get(name);
    if (bytes === undefined) throw new Error(`Nothing was written as ${name}.`);
    return bytes.toString('utf8');
  }

  /** Everything that was written, names included. */
  get all(): string {
    return [...this.entries].map(([name, bytes]) => `${name}\n${bytes.toString()}`).join('\n');
  }
}

/** A source of which a test says what it answers; every other call is refused. */
export function fakeSource(answers: Partial<Source>): { source: Source; fetched: string[] } {
  const fetched: string[] = [];
  const known: Partial<Source> = {
    async *download(url: string) {
      fetched.push(url);
      yield await Promise.resolve(Buffer.from(`content of ${url}`));
    },
    transcriptUrls: () => Promise.resolve([]),
    ...answers,
  };
  const source = new Proxy(known, {
    get: (target, name): unknown =>
      Reflect.get(target, name) ??
      (() => Promise.reject(new Error(`No answer was prepared for ${String(name)}.`))),
  });
  return { source: source as Source, fetched };
}

/** As much of the environment as the exporters of a conversation need. */
export function exportEnvironment(
  source: Source,
  settings: Partial<ExportSettings> = {},
): AppContext & { source: Source; customerChannel: string | null } {
  const environment = {
    source,
    customerChannel: null,
    emailComposer: emlComposer,
    keys: {
      keyedHash: (_purpose: string, text: string) =>
        createHash('sha256').update(text).digest('hex'),
    },
    settings: {
      export: {
        policy: defaultPolicy,
        audioFormat: 'mp3',
        recordingExporter: 'formatted',
        restoreArchived: false,
        summaries: true,
        sentiment: true,
        secureAttributes: false,
        evaluations: false,
        attributes: 'all',
        ...settings,
      },
      search: { years: 7, windowDays: 366, mailboxOwners: 'permanent' },
      decisions: { doubtful: 'ask', atDeadline: 'wait', warningDays: 7 },
      legalClock: { timeZone: 'UTC', holidays: new Set(), isSuspendedByVerification: false },
    },
  };
  return environment as unknown as AppContext & { source: Source; customerChannel: string | null };
}

/** The items after a recording was exported, or has failed. */
export function itemsAfter(item: Item, result: RecordingResult): Item[] {
  switch (result.kind) {
    case 'exported':
      return [exported(item, result.entry), ...result.attachments];
    case 'failed':
      return [failed(item, result.reason)];
    default:
      throw new Error(`The recording is ${result.kind}.`);
  }
}

/** A conversation with a customer in one channel. */
export const conversationIn = (
  mediaType: string,
  change: Partial<PageConversation['conversation']> = {},
): PageConversation => ({
  number: 1,
  judgement: 'subject',
  withheldAs: null,
  conversation: {
    conversationId: 'c1',
    conversationStart: '2026-01-02T03:04:05.000Z',
    participants: [
      { participantId: 'p1', purpose: 'customer', sessions: [{ sessionId: 's1', mediaType }] },
    ],
    ...change,
  },
});

/** What the exporters of texts are given, over a source and a writer. */
export function textSource(
  source: Source,
  writer: EntryWriter,
  change: Partial<EmailConversation> & { policy?: Policy } = {},
): EmailConversation {
  const { policy = defaultPolicy, ...rest } = change;
  const services = exportEnvironment(source, { policy });
  return {
    services,
    writer,
    entry: conversationIn('message'),
    details: null,
    recordings: [],
    documents: {},
    sound: {},
    sanitiser: sanitiserFor(services, 'request'),
    subject: { emails: [] },
    ...rest,
  };
}

/** Arrays in one another, as JSON: a level more each than anything that is processed. */
export const deepJson = (bottom: unknown, levels = 20_000): string =>
  `${'['.repeat(levels)}${JSON.stringify(bottom)}${']'.repeat(levels)}`;

/** A mail of parts in one another, with a text in the innermost. */
export function nestedMail(parts: number, words: string): Buffer {
  const lines = ['From: a@b.example', 'Subject: Hello', 'MIME-Version: 1.0'];
  for (let i = 0; i < parts; i += 1)
    lines.push(`Content-Type: multipart/mixed; boundary="b${i}"`, '', `--b${i}`);
  lines.push('Content-Type: text/plain', '', words);
  for (let i = parts - 1; i >= 0; i -= 1) lines.push(`--b${i}--`);
  return Buffer.from(lines.join('\r\n'));
}

type Columns = Record<string, unknown>;

/**
 * As much of the environment as activities of an export need: a request whose ledgers and scratch
 * blobs are in memory, as JSON, as storage has them.
 */
export function requestEnvironment(source: Source, settings: Partial<ExportSettings> = {}) {
  const items = new Map<number, Map<string, Item>>();
  const searches = new Map<string, SearchRecord>();
  const blobs = new Map<string, string>();
  const record: Record<string, unknown> = {
    requestId: 'request',
    organisation: 'main',
    state: 'exporting',
    wrappedSecret: 'secret',
    exportAttempts: 1,
    acceptedFailures: 0,
    decisionVersion: 0,
    subjectVersion: 0,
    exportedDecisionVersion: 0,
    unanswered: null,
    planned: null,
    withheldByPolicy: 0,
    refusedHosts: [],
    conversations: null,
    pages: null,
    waiting: null,
  };
  const contact: Contact = {
    id: 'contact-1',
    firstName: 'Ada',
    lastName: 'B',
    mergeSet: ['contact-1'],
    phones: [],
    emails: ['ada@mail.example'],
    handles: [],
    former: [],
    createdAt: null,
  };
  const nothing = (): Promise<null> => Promise.resolve(null);
  const put = <K, V>(map: Map<K, V>, key: K, value: V): void => void map.set(key, value);
  const details = { contact, decision: null, timeZone: 'UTC', locale: 'en' };
  const ledger = {
    get: () => Promise.resolve({ ...record }),
    details: () => Promise.resolve(details),
    update: (_id: string, change: Columns | ((stored: Columns) => Columns)) => {
      const changed = typeof change === 'function' ? change({ ...record }) : change;
      return Promise.resolve({ ...Object.assign(record, changed) });
    },
    changeDetails: (_id: string, change: (stored: Columns) => Columns) =>
      Promise.resolve({ ...change({ record, details }), record }),
    note: (_id: string, _fact: unknown, change: object = {}) =>
      Promise.resolve(void Object.assign(record, change)),
    move: nothing,
  };
  const itemLedger: ItemLedger = {
    put: (_id, page, changed) => {
      const known = items.get(page) ?? new Map<string, Item>();
      for (const item of changed) known.set(itemKey(item), item);
      return Promise.resolve(put(items, page, known));
    },
    list: (_id, page) => Promise.resolve([...(items.get(page)?.values() ?? [])]),
    delete: (_id, page) => Promise.resolve(void items.delete(page)),
    putCounts: () => Promise.resolve(),
    counts: () =>
      Promise.resolve(countItems([...items.values()].flatMap((page) => [...page.values()]))),
    missing: () =>
      Promise.resolve(
        [...items.values()]
          .flatMap((page) => [...page.values()])
          .filter(({ status }) => status !== 'exported'),
      ),
    deleteAll: () => Promise.resolve(items.clear()),
  };
  const searchLedger: SearchLedger = {
    put: (_id, changed) =>
      Promise.resolve(changed.forEach((search) => put(searches, search.key, search))),
    list: () => Promise.resolve([...searches.values()].sort((a, b) => (a.key < b.key ? -1 : 1))),
    deleteAll: () => Promise.resolve(searches.clear()),
  };
  const lengths = new Map<string, WindowLength>();
  const windowLengths: WindowLengthStore = {
    get: (organisation, kind) => Promise.resolve(lengths.get(`${organisation}/${kind}`) ?? null),
    set: (organisation, kind, length) =>
      Promise.resolve(put(lengths, `${organisation}/${kind}`, length)),
  };
  const scratch: ScratchStore = {
    write: async (_id, { name }, _key, value) => {
      await nothing();
      blobs.set(name, JSON.stringify(value));
    },
    writeOnce: async (_id, { name }, _key, value) => {
      await nothing();
      const isNew = !blobs.has(name);
      if (isNew) blobs.set(name, JSON.stringify(value));
      return isNew;
    },
    read: <T>(_id: string, { name }: ScratchRef<T>) =>
      Promise.resolve(JSON.parse(blobs.get(name) ?? 'null') as T | null),
    list: (_id, { prefix }) =>
      Promise.resolve(
        [...blobs.keys()]
          .filter((name) => name.startsWith(prefix))
          .sort()
          .map((name) => ({ name })),
      ),
    delete: (_id, { name }) => Promise.resolve(void blobs.delete(name)),
    deleteAll: (_id, { prefix }) =>
      Promise.resolve(
        [...blobs.keys()]
          .filter((name) => name.startsWith(prefix))
          .forEach((name) => blobs.delete(name)),
      ),
  };
  const base = exportEnvironment(source, { conversationsPerPage: 5, ...settings });
  const env = {
    ...base,
    clock: { now: () => new Date('2026-11-25T12:00:00.000Z') },
    organisations: new Map([
      ['main', { source, divisionContacts: new Map(), permissionNeeds: {} }],
    ]),
    ledger,
    items: itemLedger,
    searches: searchLedger,
    windowLengths,
    scratch,
    bucketLedger: memoryBucketLedger(),
    keys: {
      ...base.keys,
      unwrap: () =>
        Promise.resolve({
          passphrase: 'TEST-TEST',
          dataKey: Buffer.alloc(32),
          invitationToken: '',
          codeKey: Buffer.alloc(32),
        }),
    },
    packageWriter: new ZipPackageWriter({ stageBlock: nothing } as unknown as PackageStore),
  } as unknown as AppContext;
  return {
    env,
    record,
    blobs,
    itemsOf: (page: number): Item[] => [...(items.get(page)?.values() ?? [])],
  };
}
