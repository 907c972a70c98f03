import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitPackage } from '../../src/adapters/package/commit';
import { PartWriter } from '../../src/adapters/package/part-writer';
import { partName } from '../../src/core/package/blob-names';
import { isLong } from '../helpers/long-tests';
import { MemoryPackageStore } from '../helpers/package-store';
import { writeSparsePackage } from '../helpers/sparse-package';
import { bsdtar, itWith, run, sevenZip } from '../helpers/tools';
import { findTool } from '../../local/tools';

const passphrase = 'TEST-TEST-TEST-TEST';
const gibibyte = 1024 ** 3;

/** Names of the entries that each program finds in a ZIP file, sorted. */
const listers: Record<string, { program: string | null; list: (file: string) => string[] }> = {
  '7-Zip': {
    program: sevenZip,
    list: (file) =>
      linesOf(sevenZip, ['l', '-slt', '-ba', file])
        .filter((line) => line.startsWith('Path = '))
        .map((line) => line.slice('Path = '.length)),
  },
  bsdtar: { program: bsdtar, list: (file) => linesOf(bsdtar, ['-tf', file]) },
  unzip: {
    program: findTool('unzip'),
    list: (file) => linesOf(findTool('unzip'), ['-Z1', file]),
  },
  'zipfile of Python': {
    program: findTool('python3'),
    list: (file) =>
      linesOf(findTool('python3'), [
        '-c',
        'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))',
        file,
      ]),
  },
  lsar: {
    program: findTool('lsar'),
    list: (file) => linesOf(findTool('lsar'), [file]).slice(1),
  },
};

/** What a program prints, by line; fails when the program does. */
function linesOf(program: string | null, args: string[]): string[] {
  const { status, output } = run(program ?? '', args);
  expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
  return output.split('\n').filter((line) => line !== '');
}

describe('the entries of a package', () => {
  const names = Array.from({ length: 44 }, (_, i) => `data/conversations/${i}/größe-${i}.json`);
  const large = [
    { name: 'small-1', size: 5 },
    { name: 'over-4-gib', size: 5 * gibibyte },
    { name: 'small-2', size: 7 },
    { name: 'exactly-32-bits', size: 0xffff_ffff },
    { name: 'small-3', size: 9 },
  ];
  const many = Array.from({ length: 66_000 }, (_, i) => ({ name: `file-${i}`, size: 0 }));
  let folder: string;
  const files = { written: '', large: '', many: '' };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'readers-'));
    for (const name of ['written', 'large', 'many'] as const)
      files[name] = join(folder, `${name}.zip`);
    const store = new MemoryPackageStore();
    const writer = new PartWriter(store, 'r', partName(1, 1, 1), passphrase);
    for (const name of names) await writer.add(name, Buffer.from(`content of ${name}`), 'deflate');
    await commitPackage(store, 'r', listOf([await writer.finish()]), null);
    writeFileSync(files.written, store.content ?? '');
    writeSparsePackage(files.large, large);
    writeSparsePackage(files.many, many);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('may be beyond 4 GiB without taking that on the disk', () => {
    const { size, blocks } = statSync(files.large);
    expect(size).toBeGreaterThan(9 * gibibyte);
    expect(blocks * 512).toBeLessThan(gibibyte);
  });

  describe.each(Object.entries(listers))('in %s', (tool, { program, list }) => {
    itWith(program, tool)('are all listed', () => {
      expect(list(files.written).sort()).toEqual([...names].sort());
    });

    // lsar 1.10 knows no sizes in ZIP64 fields of the directory.
    if (tool !== 'lsar') {
      itWith(program, tool)('are all listed beyond 4 GiB', () => {
        expect(list(files.large).sort()).toEqual(large.map(({ name }) => name).sort());
      });
    }

    // Some take seconds: `npm test` asks one of them.
    if (isLong || tool === '7-Zip') {
      itWith(program, tool)('are all listed, more than 65,535', () => {
        expect(list(files.many)).toHaveLength(many.length);
      });
    }
  });

  itWith(sevenZip, '7-Zip')('have their sizes, also beyond 4 GiB', () => {
    const sizes = linesOf(sevenZip, ['l', '-slt', '-ba', files.large])
      .filter((line) => line.startsWith('Size = '))
      .map((line) => Number(line.slice('Size = '.length)));
    expect(sizes).toEqual(large.map(({ size }) => size));
  });
});

async function* listOf<T>(values: T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* values;
}
