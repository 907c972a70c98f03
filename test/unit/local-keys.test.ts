import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalKeyStore } from '../../src/adapters/keys/local-keys';

describe('the file of LOCAL_KEY_FILE', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'key-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const of = (bytes: number, end = ''): string => {
    const file = join(folder, 'key');
    writeFileSync(file, `${Buffer.alloc(bytes, 7).toString('base64')}${end}`);
    return file;
  };

  it.each(['', '\n', ' \r\n'])('holds 32 bytes in base64, and may end with %j', async (end) => {
    const store = new LocalKeyStore(of(32, end));
    expect(await store.unwrap(await store.createSecret())).toHaveProperty('dataKey');
  });

  it.each([0, 31, 33, 64])('holds no key with %d bytes', (bytes) => {
    expect(() => new LocalKeyStore(of(bytes))).toThrow(
      'LOCAL_KEY_FILE must hold 32 bytes in base64.',
    );
  });

  it.each(['nowhere', '.'])('that cannot be read is named by its setting alone: %s', (name) => {
    const file = join(folder, name);
    expect(() => new LocalKeyStore(file)).toThrow(
      new Error('LOCAL_KEY_FILE names a file that cannot be read.'),
    );
  });
});
