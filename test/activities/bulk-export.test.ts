import { BulkExporter } from '../../src/export/bulk';
import type { RecordingOutcome, RecordingPage } from '../../src/export/recording-exporter';
import { daysOf, type SearchWindow } from '../../src/core/genesys/search-windows';
import { wholePlan } from '../../src/core/redaction/spoken';
import { SourceError } from '../../src/core/errors';
import { newItem } from '../../src/core/package/items';
import type { BulkStart, RecordingBucket } from '../../src/ports';
import { fakeSource, MemoryWriter, requestEnvironment } from '../helpers/exports';

const dayOf = (start: string): number => Math.floor(Date.parse(start) / 86_400_000);

/** One recording for each conversation; these began years apart. */
const starts = ['2020-03-01T10:00:00Z', '2021-07-01T10:00:00Z', '2026-02-03T23:30:00Z'];

type JobState = 'running' | 'ready' | 'fulfilled' | 'failed';

interface Jobs {
  start?: (window: SearchWindow) => BulkStart['kind'];
  /** @param attempt how often this window was submitted, from 1 */
  stateOf?: (window: SearchWindow, attempt: number) => JobState;
  /** Most jobs under way at once. */
  atOnce?: number;
}

/** A bulk export of a page, with a bucket that holds what executed jobs have delivered. */
function exportOf({ start, stateOf, atOnce = 2 }: Jobs) {
  const jobs: { window: SearchWindow; ids: string[]; isExecuted: boolean }[] = [];
  const submitted: SearchWindow[] = [];
  const executed: string[] = [];
  const delivered = new Set<string>();
  const isUnderWay = (job: (typeof jobs)[number]): boolean =>
    job.isExecuted && !job.ids.every((id) => delivered.has(id));
  const { source } = fakeSource({
    organizationId: () => Promise.resolve('org'),
    startBulkExport: (window, ids) => {
      if (jobs.filter(isUnderWay).length >= atOnce) return Promise.resolve({ kind: 'busy' });
      submitted.push(window);
      const kind = start?.(window) ?? 'started';
      if (kind !== 'started') return Promise.resolve({ kind });
      jobs.push({ window, ids, isExecuted: false });
      return Promise.resolve({ kind, jobId: String(jobs.length - 1) });
    },
    bulkExportState: (jobId) => {
      const job = jobs[Number(jobId)];
      if (!job) return Promise.resolve('failed');
      const same = jobs.filter(
        ({ window }) => window.from === job.window.from && window.to === job.window.to,
      );
      const state = stateOf?.(job.window, same.indexOf(job) + 1);
      if (state !== undefined) return Promise.resolve(state);
      if (!job.isExecuted) return Promise.resolve('ready');
      job.ids.forEach((id) => delivered.add(id));
      return Promise.resolve('fulfilled');
    },
    executeBulkExport: (jobId) => {
      executed.push(jobId);
      const job = jobs[Number(jobId)];
      if (job) job.isExecuted = true;
      return Promise.resolve();
    },
    bulkExportFailures: () => Promise.resolve([]),
  });
  const bucket: RecordingBucket = {
    list: (prefix) => {
      const id = /conversation_id=([^/]+)/.exec(prefix)?.[1] ?? '';
      const key = `${prefix}${id.replace('c', 'r')}.wav`;
      return Promise.resolve(delivered.has(id) ? [{ key, stamp: '' }] : []);
    },
    current: (key) => Promise.resolve({ key, stamp: '', versionId: null }),
    delete: () => Promise.resolve(),
    hasExpiry: () => Promise.resolve(true),
    async *read(key) {
      yield await Promise.resolve(Buffer.from(`sound of ${key}`));
    },
  };
  const none = { async *export() {} };
  const { env } = requestEnvironment(source);
  const exporter = new BulkExporter({ ...env, source }, bucket, none);
  const open = new Set(starts.keys());
  const outcomes = new Map<number, string>();
  const pass = async (): Promise<void> => {
    const wanted = [...open].map((i) => ({
      item: newItem(i + 1, 'audio', 1, `r${i}`),
      conversationId: `c${i}`,
      start: starts[i] ?? '',
      sound: wholePlan,
    }));
    const page = {
      owner: { record: { requestId: 'request' }, keys: { dataKey: Buffer.alloc(32) } },
      page: 1,
      writer: new MemoryWriter(),
      wanted,
      own: new Set(),
      siblingsOf: () => [],
      hasTime: () => Promise.resolve(true),
    } as unknown as RecordingPage;
    for await (const { recording, result } of exporter.export(
      page,
    ) as AsyncIterable<RecordingOutcome>) {
      const i = wanted.findIndex((one) => one === recording);
      const number = [...open][i] ?? -1;
      outcomes.set(number, result.kind === 'failed' ? `failed ${result.reason}` : result.kind);
    }
    for (const [i, outcome] of outcomes) if (outcome !== 'notYet') open.delete(i);
  };
  return {
    submitted,
    executed,
    outcomes,
    jobs,
    passes: async (count: number): Promise<string[]> => {
      for (let i = 0; i < count && open.size > 0; i += 1) await pass();
      return [...starts.keys()].map((i) => outcomes.get(i) ?? 'none');
    },
  };
}

const exportedAll = ['exported', 'exported', 'exported'];

describe('the bulk export of a page', () => {
  it('is one job over all the years where the source takes that', async () => {
    const page = exportOf({});
    expect(await page.passes(10)).toEqual(exportedAll);
    expect(page.submitted).toEqual([
      { from: '2020-03-01T00:00:00.000Z', to: '2026-02-04T00:00:00.000Z' },
    ]);
  });

  it('is cut where the source refuses its window, and every recording is asked for once', async () => {
    const refuses = (window: SearchWindow) => daysOf(window) > 366;
    const page = exportOf({ start: (window) => (refuses(window) ? 'refused' : 'started') });
    expect(await page.passes(10)).toEqual(exportedAll);
    expect(page.jobs.flatMap(({ ids }) => ids).sort()).toEqual(['c0', 'c1', 'c2']);
    for (const { window, ids } of page.jobs) {
      expect(refuses(window)).toBe(false);
      for (const id of ids) {
        const day = dayOf(starts[Number(id.slice(1))] ?? '');
        expect(day).toBeGreaterThanOrEqual(dayOf(window.from));
        expect(day).toBeLessThan(dayOf(window.to));
      }
    }
  });

  it('waits with the parts that find two jobs of the organisation under way', async () => {
    const page = exportOf({
      start: (window) => (daysOf(window) > 100 ? 'refused' : 'started'),
      atOnce: 1,
    });
    expect(await page.passes(20)).toEqual(exportedAll);
    expect(page.jobs).toHaveLength(3);
  });

  it('waits while its query and then its job run, and starts neither again', async () => {
    let polls = 0;
    const page = exportOf({
      // Three times while the query runs, then ready, and three times while the job runs.
      stateOf: () => {
        polls += 1;
        return (polls === 4 || polls > 7 ? undefined : 'running') as JobState;
      },
    });
    expect(await page.passes(8)).toEqual(['notYet', 'notYet', 'notYet']);
    expect(page.submitted).toHaveLength(1);
    expect(page.executed).toEqual(['0']);
    expect(await page.passes(10)).toEqual(exportedAll);
    expect(page.submitted).toHaveLength(1);
    expect(page.executed).toEqual(['0']);
  });

  it('is cut where its job fails three times', async () => {
    const page = exportOf({
      stateOf: (window) => (daysOf(window) > 1000 ? 'failed' : undefined) as JobState,
    });
    expect(await page.passes(20)).toEqual(exportedAll);
  });

  it('gives up what fails on a single day, and keeps the rest', async () => {
    const first = starts[0]?.slice(0, 10) ?? '';
    const page = exportOf({
      stateOf: (window) => (window.from.startsWith(first) ? 'failed' : undefined) as JobState,
    });
    expect(await page.passes(100)).toEqual(['failed notDelivered', 'exported', 'exported']);
  });

  it('ends the request where the source refuses even a day', async () => {
    const page = exportOf({ start: () => 'refused' });
    await expect(page.passes(1)).rejects.toEqual(
      new SourceError({ kind: 'failed', code: 'sourceRefusedSearch' }),
    );
    // It goes down by one part of the window.
    expect(page.submitted.length).toBeLessThan(15);
  });
});
