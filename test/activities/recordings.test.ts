import { createExportPage } from '../../src/activities/export-page';
import { SourceError } from '../../src/core/errors';
import { pageBlob, partManifestBlob, partName } from '../../src/core/package/blob-names';
import { newItem, type Item, type ItemCounts } from '../../src/core/package/items';
import type { ExportSettings, PartManifest, RequestedRecording, Source } from '../../src/ports';
import { conversationIn, fakeSource, requestEnvironment } from '../helpers/exports';

/** Of a conversation of which nothing else is known. */
const noFurther = {
  conversation: () => Promise.resolve(null),
  listRecordings: () => Promise.resolve([]),
};

const away = () =>
  new SourceError({ kind: 'retryLater', afterSeconds: 1, reason: 'sourceUnavailable' });
const outline = ({ sourceId, status, reason }: Item): string =>
  `${sourceId} ${status}${reason === null ? '' : ` ${reason}`}`;
const audio = (ordinal: number): Item => newItem(1, 'audio', ordinal, `r${ordinal}`);

/** A page of one conversation, of which recordings are all that is left to export. */
async function pageOf(
  items: Item[],
  answers: Partial<Source>,
  settings: Partial<ExportSettings> = {},
) {
  const { source } = fakeSource({ ...noFurther, ...answers });
  const { env, blobs, itemsOf } = requestEnvironment(source, settings);
  await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), [conversationIn('voice')]);
  await env.items.put('request', 1, items);
  const input = { requestId: 'request', page: 1, attempt: 1 };
  return {
    run: (pass: number) => createExportPage(env)({ ...input, pass, isLast: false }),
    ledger: env.items,
    runLast: (pass: number) => createExportPage(env)({ ...input, pass, isLast: true }),
    items: () => itemsOf(1).map(outline),
    entriesOf: (pass: number): string[] => {
      const blob = partManifestBlob(partName(1, 1, pass)).name;
      const manifest = JSON.parse(blobs.get(blob) ?? '{"entries":[]}') as PartManifest;
      return manifest.entries.map(({ name }) => name);
    },
  };
}

describe('a recording that is not there yet', () => {
  const archivedItem: Item = { ...audio(1), reason: 'archivedInSource' };

  it.each<[string, Item, RequestedRecording, string, string]>([
    ['is prepared', audio(1), { kind: 'preparing' }, 'r1 pending', 'r1 failed preparationTimedOut'],
    [
      'has a transfer that breaks',
      audio(1),
      { kind: 'file', url: 'https://files.example/1' },
      'r1 pending',
      'r1 failed transferFailed',
    ],
    [
      'is archived',
      archivedItem,
      { kind: 'archived' },
      'r1 pending archivedInSource',
      'r1 archived archivedInSource',
    ],
  ])('and %s stays pending, and is given up in the last pass', async (...given) => {
    const [, item, answer, before, after] = given;
    let restored = 0;
    const page = await pageOf(
      [item],
      {
        requestRecording: () => Promise.resolve(answer),
        restoreRecording: () => Promise.resolve(void (restored += 1)),
        async *download() {
          yield await Promise.resolve(Buffer.from('begin'));
          throw away();
        },
      },
      { restoreArchived: true },
    );
    expect(await page.run(1)).toEqual({ kind: 'done', value: { waiting: 1 } });
    expect(page.items()).toEqual([before]);
    expect(await page.runLast(2)).toEqual({ kind: 'done', value: { waiting: 0 } });
    expect(page.items()).toEqual([after]);
    // The last pass restores nothing: nobody would wait for it.
    expect(restored).toBe(answer.kind === 'archived' ? 1 : 0);
  });

  it('is named archived at once where archived ones are not restored', async () => {
    const page = await pageOf(
      [audio(1)],
      { requestRecording: () => Promise.resolve({ kind: 'archived' }) },
      { restoreArchived: false },
    );
    expect(await page.run(1)).toEqual({ kind: 'done', value: { waiting: 0 } });
    expect(page.items()).toEqual(['r1 archived archivedInSource']);
  });
});

describe('recordings that take long to be prepared', () => {
  /** A page of twelve, and which of them each pass asks for. */
  async function pageOfTwelve(isReady: (recordingId: string) => boolean) {
    let asked: string[] = [];
    const recordings = Array.from({ length: 12 }, (_, i) => audio(i + 1));
    // What was said in a recording bears its id, and has not to be waited for.
    const said: Item = { ...newItem(1, 'transcript', 1, 'r1'), status: 'exported' };
    const page = await pageOf([...recordings, said], {
      requestRecording: (_id, { recordingId }) => {
        asked.push(recordingId);
        return Promise.resolve(
          isReady(recordingId)
            ? { kind: 'file', url: `https://files.example/${recordingId}` }
            : { kind: 'preparing' },
        );
      },
    });
    const askedIn = async (run: () => Promise<unknown>): Promise<string> => {
      asked = [];
      await run();
      return asked.map((id) => id.slice(1)).join(' ');
    };
    return { page, askedIn };
  }
  const all = '1 2 3 4 5 6 7 8 9 10 11 12';

  it('are asked for one at a time, each of them soon, until the last pass asks for all', async () => {
    const { page, askedIn } = await pageOfTwelve(() => false);
    expect(await askedIn(() => page.run(1))).toBe(all);
    const passes: string[] = [];
    for (let pass = 2; pass <= 22; pass += 1) passes.push(await askedIn(() => page.run(pass)));
    expect(passes.slice(0, 4)).toEqual(['1', '8', '3', '11']);
    expect(new Set(passes).size).toBe(12);
    expect(await askedIn(() => page.runLast(23))).toBe(all);
    expect(new Set(page.items().map((item) => item.replace(/^r\d+ /, '')))).toEqual(
      new Set(['failed preparationTimedOut', 'exported']),
    );
  });

  it('are asked for one at a time also where another was there at once', async () => {
    const { page, askedIn } = await pageOfTwelve((id) => id === 'r12');
    await page.run(1);
    expect(await askedIn(() => page.run(2))).toBe('1');
  });

  it('come in one pass when they are ready', async () => {
    let isReady = false;
    const { page, askedIn } = await pageOfTwelve(() => isReady);
    await page.run(1);
    isReady = true;
    expect(await askedIn(() => page.run(2))).toBe(all);
    expect(page.entriesOf(2)).toHaveLength(12);
  });

  it('keep none of the others waiting for long when they are never ready', async () => {
    let pass = 1;
    const { page, askedIn } = await pageOfTwelve((id) => pass > 1 && Number(id.slice(1)) > 6);
    await page.run(1);
    pass = 2;
    expect(await askedIn(() => page.run(2))).toBe('1');
    expect(await askedIn(() => page.run(3))).toBe('8 9 10 11 12 1 2');
    // Six are left that are never ready, and one that this pass has not come to.
    await page.run(4);
    expect(await askedIn(() => page.run(5))).toBe('6 7 1 2');
    expect(page.items().filter((item) => item.endsWith('exported'))).toHaveLength(6 + 1);
  });
});

describe('the counts of a page', () => {
  it('are written although the process ends between them and the items that wait for nothing', async () => {
    const preparing = { requestRecording: () => Promise.resolve({ kind: 'preparing' } as const) };
    const page = await pageOf([audio(1)], preparing);
    const counted: ItemCounts['audio'][] = [];
    const counts = jest.spyOn(page.ledger, 'putCounts').mockImplementation((_id, _page, all) => {
      counted.push(all.audio);
      return Promise.resolve();
    });
    await page.run(1);
    expect(counted).toMatchObject([{ pending: 1, failed: 0 }]);
    counts.mockRejectedValueOnce(new Error('The process has ended.'));
    await expect(page.runLast(2)).rejects.toThrow();
    expect(page.items()).toEqual(['r1 failed preparationTimedOut']);
    expect(await page.runLast(2)).toEqual({ kind: 'done', value: { waiting: 0 } });
    expect(counted.at(-1)).toMatchObject({ pending: 0, failed: 1 });
  });
});

describe('recordings in batches', () => {
  it('are written once when the source stops answering between two batches', async () => {
    const recordings = Array.from({ length: 101 }, (_, i) => audio(i + 1));
    const batches: string[][] = [];
    let answersLeft = 1;
    const page = await pageOf(
      recordings,
      {
        requestBatch: (wanted) => {
          batches.push(wanted.map(({ recordingId }) => recordingId));
          return Promise.resolve(`job-${batches.length - 1}`);
        },
        batchResults: (jobId) => {
          if (answersLeft === 0) return Promise.reject(away());
          answersLeft -= 1;
          const ids = batches[Number(jobId.split('-')[1])] ?? [];
          return Promise.resolve(
            ids.map((recordingId) => ({
              recordingId,
              url: `https://files.example/${recordingId}`,
              contentType: 'audio/ogg',
            })),
          );
        },
      },
      { recordingExporter: 'batch' },
    );
    await page.run(1);
    await page.run(2);
    expect(page.entriesOf(2)).toHaveLength(100);
    answersLeft = 2;
    expect(await page.run(3)).toEqual({ kind: 'done', value: { waiting: 0 } });
    const names = [...page.entriesOf(2), ...page.entriesOf(3)];
    expect(new Set(names).size).toBe(101);
    expect(names).toHaveLength(101);
    expect(batches).toHaveLength(2);
  });

  it('are not asked for in the pass that requests them: nothing is prepared at once', async () => {
    const asked: string[] = [];
    const page = await pageOf(
      [audio(1)],
      {
        requestBatch: () => Promise.resolve('job'),
        batchResults: (jobId) => Promise.resolve(asked.push(jobId) > 1 ? [] : null),
      },
      { recordingExporter: 'batch' },
    );
    expect(await page.run(1)).toEqual({ kind: 'done', value: { waiting: 1 } });
    expect(asked).toEqual([]);
    await page.run(2);
    await page.run(3);
    expect(asked).toEqual(['job', 'job']);
    // A batch that ends without naming it has not delivered it.
    expect(page.items()).toEqual(['r1 failed notDelivered']);
  });
});

describe('a page that takes long', () => {
  const idsOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i + 1}`);
  const ids = idsOf(12);
  type Exporter = ExportSettings['recordingExporter'];

  interface Slow {
    what: 'conversations' | 'recordings';
    exporter?: Exporter;
    seconds: number;
    count?: number;
    /** Made to the request when two of them are there. */
    change?: object;
  }

  /** Conversations, twelve if nothing is said, or their recordings, of which each takes so long. */
  async function slowPage({
    what,
    exporter = 'formatted',
    seconds,
    count = 12,
    change = {},
  }: Slow) {
    const ids = idsOf(count);
    let batches = 0;
    let time = Date.parse('2026-11-25T12:00:00.000Z');
    let taken: string[] = [];
    const takeLong = async (id: string): Promise<Buffer> => {
      taken.push(id);
      time += seconds * 1000;
      if (taken.length === 2) Object.assign(record, change);
      return Promise.resolve(Buffer.from(id));
    };
    const idIn = (text: string): string => /r(\d+)/.exec(text)?.[1] ?? '';
    async function* read(address: string) {
      yield await takeLong(idIn(address));
    }
    const urlOf = (id: string): string => `https://files.example/${id}`;
    const { source } = fakeSource({
      ...noFurther,
      conversation: async (id) => {
        if (what === 'conversations') await takeLong(id.slice(1));
        return null;
      },
      organizationId: () => Promise.resolve('org'),
      requestRecording: (_id, { recordingId }) =>
        Promise.resolve({ kind: 'file', url: urlOf(recordingId) }),
      requestBatch: () => Promise.resolve(`job-${(batches += 1)}`),
      batchResults: () =>
        Promise.resolve(
          ids.map((id) => ({
            recordingId: `r${id}`,
            url: urlOf(`r${id}`),
            contentType: 'audio/ogg',
          })),
        ),
      download: read,
    });
    const settings = { summaries: false, recordingExporter: exporter };
    const { env, record, blobs, itemsOf } = requestEnvironment(source, settings);
    const entries = ids.map((id) => ({
      ...conversationIn('screenshare', { conversationId: `c${id}` }),
      number: Number(id),
    }));
    const items = ids.map((id) =>
      what === 'recordings'
        ? newItem(Number(id), 'audio', 1, `r${id}`)
        : newItem(Number(id), 'conversation', 1, null),
    );
    await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), entries);
    await env.items.put('request', 1, items);
    let looks = 0;
    const get: typeof env.ledger.get = (...given) => {
      looks += 1;
      return env.ledger.get(...given);
    };
    const services = {
      ...env,
      clock: { now: () => new Date(time) },
      ledger: { ...env.ledger, get },
      bucket: {
        list: (prefix: string) => {
          const id = /conversation_id=c(\d+)/.exec(prefix)?.[1] ?? '';
          return Promise.resolve([{ key: `${prefix}r${id}.ogg`, stamp: '' }]);
        },
        current: () => Promise.resolve(null),
        read: (key: string) => read(key.split('/').at(-1) ?? ''),
      },
    } as unknown as typeof env;
    const input = { requestId: 'request', page: 1, attempt: 1 };
    const run = async (pass: number, isLast = false) => {
      taken = [];
      looks = 0;
      const result = await createExportPage(services)({ ...input, pass, isLast });
      return { result, taken, looks };
    };
    const isFirstAsking = what === 'recordings' && exporter === 'batch';
    if (isFirstAsking) await run(1);
    const partsOf = (): string[] => [...blobs.keys()].filter((name) => name.startsWith('part-'));
    const pass = isFirstAsking ? 2 : 1;
    return { run, pass, partsOf, items: () => itemsOf(1), batches: () => batches };
  }

  const kinds = [
    { what: 'conversations' },
    { what: 'recordings', exporter: 'formatted' },
    { what: 'recordings', exporter: 'batch' },
    { what: 'recordings', exporter: 'bulkS3' },
  ] as const;
  const closings = [
    { state: 'cancelled' },
    { state: 'cancelled', wrappedSecret: null },
    { exportAttempts: 2 },
  ];

  it.each(kinds.flatMap((kind) => closings.map((change) => ({ ...kind, change }))))(
    'ends within half a minute when its request is closed, and leaves nothing: %j',
    async (given) => {
      const page = await slowPage({ ...given, seconds: 10 });
      const { result, taken } = await page.run(page.pass);
      expect(result).toMatchObject({ kind: 'failed' });
      expect(taken).toStrictEqual(ids.slice(0, 3));
      expect(page.partsOf()).toEqual([]);
      expect(page.items().every(({ status }) => status === 'pending')).toBe(true);
    },
  );

  it.each(kinds)(
    'is exported while its request is open, which it looks at every half a minute: %j',
    async (kind) => {
      const page = await slowPage({ ...kind, seconds: 10 });
      const { result, taken, looks } = await page.run(page.pass);
      expect(result).toEqual({ kind: 'done', value: { waiting: 0 } });
      expect(taken).toStrictEqual(ids);
      // As the activity begins, three times in two minutes, and before the part counts.
      expect(looks).toBe(1 + 3 + 1);
    },
  );

  it.each(kinds.flatMap((kind) => [false, true].map((isLast) => ({ ...kind, isLast }))))(
    'goes on in a further pass after four minutes, and nothing is exported twice or given up: %j',
    async ({ isLast, ...kind }) => {
      const page = await slowPage({ ...kind, seconds: 60 });
      const first = await page.run(page.pass, isLast);
      expect(first.taken).toStrictEqual(ids.slice(0, 5));
      expect(first.result).toEqual({ kind: 'done', value: { waiting: 7 } });
      const second = await page.run(page.pass + 1, isLast);
      expect(second.taken).toStrictEqual(ids.slice(5, 10));
      const third = await page.run(page.pass + 2, isLast);
      expect(third.taken).toStrictEqual(ids.slice(10));
      expect(third.result).toEqual({ kind: 'done', value: { waiting: 0 } });
      expect(page.items().every(({ status }) => status === 'exported')).toBe(true);
      expect(page.partsOf()).toHaveLength(3);
    },
  );

  it('has no time for a further batch, of which nothing is given up or asked for anew', async () => {
    const given = { what: 'recordings', exporter: 'batch', count: 101, seconds: 3 } as const;
    const page = await slowPage(given);
    expect((await page.run(2, true)).taken).toStrictEqual(idsOf(101).slice(0, 81));
    const { taken, result } = await page.run(3, true);
    expect(taken).toStrictEqual(idsOf(101).slice(81));
    expect(result).toEqual({ kind: 'done', value: { waiting: 0 } });
    expect(page.items().every(({ status }) => status === 'exported')).toBe(true);
    expect(page.batches()).toBe(2);
  });
});
