import { byCursor, byIds, byNumber, paginate } from '../../src/adapters/genesys/paginate';
import { SourceError } from '../../src/core/errors';

/** Reads pages with a rule, and returns the positions that were read. */
async function positionsOf<Page, Position>(
  rule: Parameters<typeof paginate<Page, Position>>[0],
  pages: (Page | null)[],
): Promise<{ positions: Position[]; isComplete: boolean }> {
  const positions: Position[] = [];
  const { isComplete } = await paginate<Page, Position>(rule, (position) => {
    positions.push(position);
    return Promise.resolve(pages[positions.length - 1] ?? null);
  });
  return { positions, isComplete };
}

describe('pages with numbers', () => {
  const of = (pageCount: number) => ({ pageCount });

  it('are read up to the last one that the answers name', async () => {
    const pages = [of(3), of(3), of(3), of(3)];
    expect(await positionsOf(byNumber({ pageSize: 100 }), pages)).toEqual({
      positions: [1, 2, 3],
      isComplete: true,
    });
  });

  it('are one page when the answer does not say how many there are', async () => {
    const { positions } = await positionsOf(byNumber({ pageSize: 100 }), [{}, {}]);
    expect(positions).toEqual([1]);
  });

  it('are not read beyond the records that the API delivers', async () => {
    const rule = byNumber({ pageSize: 100, recordLimit: 1000 });
    const { positions } = await positionsOf(
      rule,
      Array.from({ length: 20 }, () => of(20)),
    );
    expect(positions).toHaveLength(10);
  });
});

describe('pages with cursors', () => {
  const rule = byCursor<{ cursor?: string }>(({ cursor }) => cursor);

  it('are read until one names no next', async () => {
    const pages = [{ cursor: 'a' }, { cursor: 'b' }, {}, { cursor: 'c' }];
    expect(await positionsOf(rule, pages)).toEqual({
      positions: ['', 'a', 'b'],
      isComplete: true,
    });
  });

  it('end with an error when a page names itself, instead of being read forever', async () => {
    const same = paginate(rule, () => Promise.resolve({ cursor: 'same' }));
    await expect(same).rejects.toThrow(SourceError);
  });

  it('end early, and say so, where the source does not have a page', async () => {
    expect(await positionsOf(rule, [{ cursor: 'a' }, null])).toEqual({
      positions: ['', 'a'],
      isComplete: false,
    });
  });
});

describe('chunks of ids', () => {
  const ids = (count: number) => Array.from({ length: count }, String);

  it('are as many as the ids need, and none without ids', async () => {
    const read = (count: number) => positionsOf(byIds(ids(count), 10), [{}, {}, {}]);
    expect((await read(0)).positions).toEqual([]);
    expect((await read(10)).positions).toEqual([0]);
    expect((await read(21)).positions).toEqual([0, 10, 20]);
  });
});
