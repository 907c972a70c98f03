import { createHash } from 'node:crypto';
import type { EntryWriter } from '../../src/activities/entries';
import type { ActivitySettings, Environment } from '../../src/activities/environment';
import type { TextSource } from '../../src/activities/export-texts';
import type { PageConversation } from '../../src/activities/plan-pages';
import { sanitiserFor } from '../../src/activities/sanitising';
import { defaultPolicy, policySchema, type Policy } from '../../src/core/policy';
import type { EntryRecord, Source } from '../../src/ports';

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
  settings: Partial<ActivitySettings> = {},
): Environment {
  const environment = {
    source,
    keys: {
      keyedHash: (_purpose: string, text: string) =>
        createHash('sha256').update(text).digest('hex'),
    },
    settings: {
      policy: defaultPolicy,
      audioFormat: 'mp3',
      recordingExporter: 'formatted',
      restoreArchived: false,
      exportSummaries: true,
      exportSentiment: true,
      attributes: 'all',
      ...settings,
    },
  };
  return environment as unknown as Environment;
}

/** A conversation with a customer in one channel. */
export const conversationIn = (
  mediaType: string,
  change: Partial<PageConversation['conversation']> = {},
): PageConversation => ({
  number: 1,
  judgement: 'subject',
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
  change: Partial<TextSource> & { policy?: Policy } = {},
): TextSource {
  const { policy = defaultPolicy, ...rest } = change;
  const env = exportEnvironment(source, { policy });
  return {
    env,
    writer,
    entry: conversationIn('message'),
    details: null,
    recordings: [],
    documents: {},
    sanitiser: sanitiserFor(env, 'request'),
    ...rest,
  };
}
