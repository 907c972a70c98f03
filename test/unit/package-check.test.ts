import { createHash } from 'node:crypto';
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

describe('the check of a package', () => {
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
