import { RowMemories } from '../../src/adapters/storage/table';

const row = (value: string) => ({ partitionKey: value, rowKey: value, etag: '1' });

describe('the rows that a process remembers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('are those of the names that were asked for last, fifty of them', () => {
    const memories = new RowMemories();
    memories.of('first').row = row('first');
    for (let i = 1; i < 50; i += 1) memories.of(`row ${i}`).row = row(`row ${i}`);
    expect(memories.of('first').row?.rowKey).toBe('first');
    memories.of('one more');
    expect(memories.of('first').row?.rowKey).toBe('first');
    expect(memories.of('row 1').row).toBeUndefined();
  });

  it('are forgotten a minute after the last one was asked for', () => {
    const memories = new RowMemories();
    memories.of('first').row = row('first');
    jest.advanceTimersByTime(59_000);
    expect(memories.of('first').row).toBeDefined();
    jest.advanceTimersByTime(59_000);
    expect(memories.of('first').row).toBeDefined();
    jest.advanceTimersByTime(60_000);
    expect(memories.of('first').row).toBeUndefined();
  });
});
