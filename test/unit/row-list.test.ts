import type { ViewerIndex } from '../../src/core/package/viewer-index';
import type { ViewerRow } from '../../src/core/package/viewer-rows';
import { allRows } from '../../src/core/viewer/place';
import { PackageData } from '../../src/web/viewer/package-data';
import { everything, findRows, type FoundRows } from '../../src/web/viewer/row-list';

/** A package of two scripts with two rows each, of which some cannot be read. */
function packageOf(unreadable: Set<string>): PackageData {
  const row = (id: string): ViewerRow => ({
    ...{ id, kind: 'call', at: '2026-11-14T04:37:00.000Z' },
  });
  const scripts: Record<string, unknown> = {
    'one.js': [row('4'), row('3')],
    'two.js': [row('2'), row('1')],
  };
  const page = { from: '2026-11-14', to: '2026-11-14', rows: 2 };
  const index = {
    pages: [
      { ...page, file: 'one.js', first: 3, last: 4 },
      { ...page, file: 'two.js', first: 1, last: 2 },
    ],
    ...{ months: [{ start: '2026-11-01', counts: { call: 4 } }], timeZone: 'Europe/Berlin' },
  } as unknown as ViewerIndex;
  return new PackageData({
    ...{ index, locales: {}, media: { kind: 'address', of: (file) => file } },
    script: (file) =>
      unreadable.has(file)
        ? Promise.reject(new Error('It cannot be read.'))
        : Promise.resolve(scripts[file]),
  });
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('the list of all rows', () => {
  it('tells which rows could not be read, until they can', async () => {
    const unreadable = new Set(['two.js']);
    const data = packageOf(unreadable);
    const at = (index: number) => [
      everything(data).rowAt(index)?.id,
      everything(data).isLost(index),
    ];
    expect(everything(data).unread).toBe(0);
    await everything(data).complete();
    expect(everything(data).unread).toBe(2);
    expect([at(1), at(2)]).toEqual([
      ['3', false],
      [undefined, true],
    ]);
    // Asked for again it fails again, and is counted once.
    await settled();
    expect(everything(data).unread).toBe(2);
    unreadable.clear();
    await everything(data).complete();
    expect(everything(data).unread).toBe(0);
    expect(at(2)).toEqual(['2', false]);
  });
});

describe('the rows of a filter', () => {
  const calls = { ...allRows, kinds: ['call' as const] };
  const found = async (data: PackageData, signal = new AbortController().signal) => {
    const told: FoundRows[] = [];
    await findRows(data, calls, (state) => told.push(state), signal);
    return { ...told.at(-1), ids: told.at(-1)?.rows.map(({ row }) => row.id) };
  };

  it('are found script by script, without those of a script that cannot be read', async () => {
    expect(await found(packageOf(new Set()))).toMatchObject({
      ...{ ids: ['4', '3', '2', '1'], unread: 0, isDone: true },
    });
    expect(await found(packageOf(new Set(['one.js'])))).toMatchObject({
      ...{ ids: ['2', '1'], unread: 2, isDone: true },
    });
  });

  it('end where something in them is damaged, and the rest counts as not read', async () => {
    const data = packageOf(new Set());
    jest
      .spyOn(data, 'rowsOf')
      .mockImplementation((page) =>
        page === 0
          ? Promise.resolve([{ id: '4', kind: 'call', at: '' }])
          : Promise.resolve([null as unknown as ViewerRow]),
      );
    expect(await found(data)).toMatchObject({ ids: ['4'], unread: 2, isDone: true });
  });

  it('are told of no more once something else is looked for', async () => {
    expect((await found(packageOf(new Set()), AbortSignal.abort())).ids).toBeUndefined();
  });
});
