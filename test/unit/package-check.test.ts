import { createHash } from 'node:crypto';
import { TextReader, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { checkPackage, type Hasher } from '../../src/web/package-check/check';
import { heapUsed } from '../helpers/heap';
import { packageWith, passphrase } from '../helpers/package-with-holes';

const hasher: Hasher = () => {
  const hash = createHash('sha256');
  return {
    stream: new WritableStream({ write: (chunk) => void hash.update(chunk) }),
    hex: () => Promise.resolve(hash.digest('hex')),
  };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const manifestOf = (files: Record<string, string>): string =>
  Object.entries(files)
    .map(([name, text]) => `${sha256(text)}  ${name}\n`)
    .join('');

/** A package of two files and its manifests. @param level of the compression */
async function smallPackage(level: number): Promise<Uint8Array> {
  const data = {
    'data/one.json': JSON.stringify(Array.from({ length: 2000 }, (_, i) => i)),
    'data/two.json': JSON.stringify(Array.from({ length: 2000 }, (_, i) => i * i)),
  };
  const manifest = manifestOf(data);
  const files = {
    ...data,
    'manifest-sha256.txt': manifest,
    'tagmanifest-sha256.txt': manifestOf({ 'manifest-sha256.txt': manifest }),
  };
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    ...{ password: passphrase, encryptionStrength: 3, useWebWorkers: false, level },
  });
  for (const [name, text] of Object.entries(files)) await writer.add(name, new TextReader(text));
  return writer.close();
}

describe('the check of a package', () => {
  it.each([
    ['its content', 0, 1000],
    ['its content, which is compressed', 9, 1000],
    ['its salt', 9, 5],
  ])('names the file that was changed in %s, and reads the others', async (_, level, offset) => {
    const bytes = await smallPackage(level);
    const name = 'data/two.json';
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // Behind the name in the header of a file there are fields, and behind them its salt and its content.
    const start = all.indexOf(name);
    const at = start + name.length + all.readUInt16LE(start - 2) + offset;
    all.writeUInt8(all.readUInt8(at) ^ 1, at);
    const archive = new Uint8ArrayReader(bytes);
    const { findings, files } = await checkPackage(archive, passphrase, null, hasher);
    expect(findings).toEqual([{ code: 'changed', name }]);
    expect(files).toBe(4);
  });

  it('takes an archive with another passphrase for none', async () => {
    const archive = new Uint8ArrayReader(await smallPackage(9));
    await expect(checkPackage(archive, 'ANOTHER', null, hasher)).rejects.toThrow(
      'Invalid password',
    );
  });

  it('holds no more of many files than of few, and says how many there are', async () => {
    const archive = await packageWith({ count: 2500, size: 1000 });
    const before = heapUsed();
    const seen: { bytes: number; done: number; all: number }[] = [];
    const check = checkPackage(archive, passphrase, null, hasher, (done, all) => {
      seen.push({ bytes: heapUsed() - before, done, all });
      throw new Error('The first file is enough.');
    });
    await expect(check).rejects.toThrow('The first file is enough.');
    expect(seen).toMatchObject([{ done: 0, all: 2501 }]);
    // The directory as it was read, 100 bytes a file; entries of zip.js take 6 KB each.
    expect(seen[0]?.bytes).toBeLessThan(2501 * 600);
  });
});
