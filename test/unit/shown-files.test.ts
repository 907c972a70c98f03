import { ShownFiles } from '../../src/web/portal/shown-files';

describe('decrypted files that a page shows', () => {
  const given: string[] = [];
  const revoked: string[] = [];
  beforeEach(() => {
    given.length = revoked.length = 0;
    jest.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      given.push(`blob:${given.length + 1}`);
      return given.at(-1) ?? '';
    });
    jest.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void revoked.push(address));
  });
  afterEach(() => jest.restoreAllMocks());

  const read = jest.fn((file: string) => Promise.resolve(new Blob([file.repeat(10)])));
  beforeEach(() => read.mockClear());

  it('are decrypted once, also when they are asked for twice at the same time', async () => {
    const files = new ShownFiles(read, 1000);
    expect(await Promise.all([files.open('a'), files.open('a')])).toEqual(['blob:1', 'blob:1']);
    expect(await files.open('a')).toBe('blob:1');
    expect([read.mock.calls.length, given, revoked]).toEqual([1, ['blob:1'], []]);
    expect(await files.blobOf('a')?.text()).toBe('aaaaaaaaaa');
    expect(files.blobOf('b')).toBeNull();
  });

  it('are given up when they take too much room, those first that were not asked for lately', async () => {
    const files = new ShownFiles(read, 25);
    for (const file of ['a', 'b', 'a', 'c']) await files.open(file);
    expect(revoked).toEqual(['blob:2']);
    expect([files.blobOf('a'), files.blobOf('b')]).toEqual([expect.any(Blob), null]);
    expect(await files.open('b')).toBe('blob:4');
    expect(read).toHaveBeenCalledTimes(4);
  });

  it('stay one by one, however large', async () => {
    const files = new ShownFiles(read, 5);
    await files.open('a');
    expect(revoked).toEqual([]);
    await files.open('b');
    expect(revoked).toEqual(['blob:1']);
  });

  it('are asked for again after they could not be read', async () => {
    const files = new ShownFiles(read, 1000);
    read.mockRejectedValueOnce(new Error('no connection'));
    await expect(files.open('a')).rejects.toThrow('no connection');
    expect(await files.open('a')).toBe('blob:1');
  });
});
