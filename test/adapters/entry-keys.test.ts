import { setImmediate as immediate } from 'node:timers/promises';
import { deriveKeys } from '../../src/adapters/package/aes';
import { EntryKeyring, type SaltedKeys } from '../../src/adapters/package/entry-keys';
import { endThreads } from '../../src/adapters/package/threads';
import { startedThreads } from '../helpers/started-threads';
import type * as StartedThreads from '../helpers/started-threads';

jest.mock(
  'node:worker_threads',
  () => jest.requireActual<typeof StartedThreads>('../helpers/started-threads').notedThreads,
);

const passphrase = 'TEST-TÉST';

async function taken(keyring: EntryKeyring, count: number): Promise<SaltedKeys[]> {
  const all: SaltedKeys[] = [];
  for (let i = 0; i < count; i += 1) {
    all.push(await keyring.next());
    // Every third entry is long: until it is written, keys are derived in advance.
    if (i % 3 === 0) for (let turn = 0; turn < 200; turn += 1) await immediate();
  }
  return all;
}

async function expectTheirOwn(all: SaltedKeys[]): Promise<void> {
  for (const { salt, keys } of all) expect(keys).toEqual(await deriveKeys(passphrase, salt));
  expect(new Set(all.map(({ salt }) => salt.toString('hex'))).size).toBe(all.length);
}

describe('the keys of entries', () => {
  beforeEach(async () => {
    await endThreads();
    startedThreads.length = 0;
  });
  afterAll(() => Promise.all(startedThreads.map((worker) => worker.terminate())));

  it('are those of their salt, which no other entry has, in whichever thread they were derived', async () => {
    const keyring = new EntryKeyring(passphrase);
    await expectTheirOwn(await taken(keyring, 100));
    const atOnce = await Promise.all(Array.from({ length: 20 }, () => keyring.next()));
    await expectTheirOwn(atOnce);
    expect(startedThreads).toHaveLength(1);
  });

  it('of a part with one entry start no thread', async () => {
    await expectTheirOwn(await taken(new EntryKeyring(passphrase), 1));
    expect(startedThreads).toHaveLength(0);
  });

  it('are derived by the caller where the thread ends in the middle, and by a new one after it', async () => {
    const keyring = new EntryKeyring(passphrase);
    const before = await taken(keyring, 20);
    await startedThreads.at(-1)?.terminate();
    await expectTheirOwn([...before, ...(await taken(keyring, 40))]);
    expect(startedThreads).toHaveLength(2);
  });

  it('let timers run before they are derived by the caller', async () => {
    let turns = 0;
    let isWriting = true;
    const counting = (async () => {
      for (; isWriting; turns += 1) await immediate();
    })();
    // The first entry of a part finds none ready.
    for (let part = 0; part < 30; part += 1) await new EntryKeyring(passphrase).next();
    isWriting = false;
    await counting;
    expect(turns).toBeGreaterThanOrEqual(30);
  });
});
