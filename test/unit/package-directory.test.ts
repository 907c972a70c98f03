import { configure, ZipReader } from '@zip.js/zip.js';
import { PackageDirectory } from '../../src/web/portal/package-directory';
import { heapUsed } from '../helpers/heap';
import { content, packageWith, passphrase } from '../helpers/package-with-holes';

configure({ useWebWorkers: false });

async function textOf(directory: PackageDirectory, name: string): Promise<string> {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>();
  const text = new Response(readable).text();
  await (await directory.entry(name, passphrase)).getData(writable);
  return text;
}

describe('the directory of a package', () => {
  it.each([
    ['small', { count: 2, size: 1000 }],
    ['of 100 GiB', { count: 2500, size: 43_000_000 }],
  ])('leads to every file of a package that is %s', async (_, holes) => {
    const directory = await PackageDirectory.of(await packageWith(holes));
    expect(directory.names).toHaveLength(holes.count + 1);
    expect(directory.names.at(-1)).toBe('data/Ö.json');
    expect(await textOf(directory, 'data/Ö.json')).toBe(content.toString());
  });

  it('is read once, and of a file nothing but the file', async () => {
    const archive = await packageWith({ count: 500, size: 100_000 });
    const directory = await PackageDirectory.of(archive);
    expect(archive.reads).toHaveLength(2);
    archive.reads.length = 0;
    await textOf(directory, 'data/Ö.json');
    const [file] = archive.pieces;
    const [start, end] = [file?.start ?? 0, (file?.start ?? 0) + (file?.bytes.length ?? 0)];
    expect(archive.reads.filter(({ from, to }) => from < start || to > end)).toEqual([]);
  });

  it('takes less than a tenth of the memory of the entries of zip.js', async () => {
    const archive = await packageWith({ count: 1000, size: 1000 });
    const before = heapUsed();
    const directory = await PackageDirectory.of(archive);
    const ours = heapUsed() - before;
    const entries = await new ZipReader(archive).getEntries();
    const theirs = heapUsed() - before - ours;
    expect([directory.names.length, entries.length]).toEqual([1001, 1001]);
    expect(ours / theirs).toBeLessThan(0.1);
  });

  it('is refused where there is none, or not all of it', async () => {
    const archive = await packageWith({ count: 2, size: 10 });
    archive.size -= 1;
    await expect(PackageDirectory.of(archive)).rejects.toThrow('This is no package.');
    const damaged = await packageWith({ count: 2, size: 10 });
    damaged.pieces.at(-1)?.bytes.fill(0, 0, 4);
    await expect(PackageDirectory.of(damaged)).rejects.toThrow('This is no package.');
    const directory = await PackageDirectory.of(await packageWith({ count: 2, size: 10 }));
    await expect(directory.entry('other', passphrase)).rejects.toThrow('The package has no other.');
  });
});
