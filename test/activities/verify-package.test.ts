import { createHash } from 'node:crypto';
import { createVerifyPackage } from '../../src/activities/verify-package';
import { ZipPackageWriter } from '../../src/adapters/package/package-writer';
import type { AppContext } from '../../src/composition/app-context';
import { metadataPart, partManifestBlob, partName } from '../../src/core/package/blob-names';
import { PartGroups, partManifests, WrittenParts } from '../../src/export/part-manifests';
import type { PartManifest } from '../../src/ports';
import { fakeSource, requestEnvironment } from '../helpers/exports';
import { MemoryPackageStore } from '../helpers/package-store';

const requestId = 'request';
const keys = { dataKey: Buffer.alloc(32), passphrase: 'TEST-TEST' };
const owner = { record: { requestId }, keys };
/** Of a few blocks of the hash each, and none of whole blocks. */
const lengths = [1001, 70, 350_003, 5, 4099];

/**
 * A package of these parts and a last one. The time that is given passes whenever the clock is read.
 * @param hasGroups false where an earlier version of the app has written its last part
 */
async function packageOf({ perLook, hasGroups = true }: { perLook: number; hasGroups?: boolean }) {
  const { env, record } = requestEnvironment(fakeSource({}).source);
  const packages = new MemoryPackageStore();
  const packageWriter = new ZipPackageWriter(packages);
  const write = async (part: string, length: number, change: Partial<PartManifest>) => {
    const writer = packageWriter.startPart(requestId, part, keys.passphrase);
    await writer.add(`data/${part}.bin`, Buffer.alloc(length, part), 'store');
    const manifest = { ...(await writer.finish()), ...change } as PartManifest;
    await env.scratch.write(requestId, partManifestBlob(part), keys.dataKey, manifest);
  };
  for (const [i, length] of lengths.entries()) await write(partName(i + 1, 1, 1), length, {});
  const groups = new PartGroups(env, owner);
  for await (const part of partManifests(env, owner)) await groups.add(part);
  await write(metadataPart, 10, hasGroups ? { groups: await groups.finish() } : {});
  const parts = await WrittenParts.of(env, owner);
  await packageWriter.commit(requestId, parts.from(0), null);
  const facts: unknown[] = [];
  let time = Date.parse('2026-11-25T12:00:00.000Z');
  const services = {
    ...env,
    clock: { now: () => new Date((time += perLook)) },
    ledger: {
      ...env.ledger,
      note: (id: string, fact: never, change: object) => {
        facts.push(fact);
        return env.ledger.note(id, fact, change);
      },
    },
    packages,
    packageWriter,
  } as unknown as AppContext;
  return {
    content: packages.content ?? Buffer.alloc(0),
    facts,
    record,
    verify: (from: number) => createVerifyPackage(services)({ requestId, from }),
  };
}

const next = (value: number | null) => ({ kind: 'done', value: { next: value } });
const minute = 60_000;
const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe('a package that is read back', () => {
  it.each<[string, number, boolean, (number | null)[]]>([
    ['in one call while there is time', 0, true, [null]],
    ['three parts in a call, the others in the next', 2 * minute, true, [3, null]],
    ['a part in each call', 5 * minute, true, [1, 2, 3, 4, 5, null]],
    ['from manifests of an earlier version', 5 * minute, false, [1, 2, 3, 4, 5, null]],
  ])('has the hash of the whole: %s', async (_name, perLook, hasGroups, steps) => {
    const written = await packageOf({ perLook, hasGroups });
    let from = 0;
    for (const step of steps) {
      // A call that ends before its result is stored is made again.
      expect(await written.verify(from)).toEqual(next(step));
      expect(await written.verify(from)).toEqual(next(step));
      from = step ?? 0;
    }
    const sha256 = sha256Of(written.content);
    expect(written.record).toMatchObject({ packageSha256: sha256 });
    expect(written.facts).toMatchObject([
      { event: 'packageVerified', detail: { sha256, bytes: written.content.length } },
    ]);
  });

  it('is not verified by a call whose state of the hash is missing', async () => {
    const written = await packageOf({ perLook: 5 * minute });
    expect(await written.verify(0)).toEqual(next(1));
    await expect(written.verify(2)).rejects.toThrow('scratch blob');
    expect(written.facts).toEqual([]);
  });

  it('is damaged where a part that a further call reads is', async () => {
    const written = await packageOf({ perLook: 5 * minute });
    expect(await written.verify(0)).toEqual(next(1));
    expect(await written.verify(1)).toEqual(next(2));
    const at = written.content.lastIndexOf('PK\x03\x04') - 20;
    written.content[at] = (written.content[at] ?? 0) ^ 1;
    for (const from of [2, 3]) expect(await written.verify(from)).toEqual(next(from + 1));
    expect(await written.verify(4)).toEqual({ kind: 'failed', code: 'packageDamaged' });
    expect(written.facts).toEqual([]);
  });
});
