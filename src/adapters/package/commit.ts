import { randomBytes } from 'node:crypto';
import { directoryPart } from '../../core/layout';
import type { PackageStore, PartFragment } from '../../ports';
import { blockId } from './part-writer';
import { directoryHeader, endRecords } from './zip-format';

const blockLength = 8 * 1024 * 1024;

/**
 * Puts the parts together: writes the directory behind them and commits the list of blocks, which
 * fixes their order. Only blocks that a fragment names are committed; those of abandoned attempts
 * vanish. Doing it twice gives the same entries.
 * @returns size of the package in bytes
 */
export async function commitPackage(
  store: PackageStore,
  requestId: string,
  fragments: AsyncIterable<Pick<PartFragment, 'bytes' | 'blockIds' | 'entries'>>,
): Promise<number> {
  const attempt = randomBytes(4).toString('hex');
  const blockIds: string[] = [];
  const directory: Buffer[] = [];
  let entries = 0;
  let partStart = 0;
  for await (const fragment of fragments) {
    for (const entry of fragment.entries) {
      directory.push(directoryHeader({ ...entry, offset: partStart + entry.offset }));
      entries += 1;
    }
    blockIds.push(...fragment.blockIds);
    partStart += fragment.bytes;
  }
  const directoryBytes = Buffer.concat(directory);
  const tail = Buffer.concat([
    directoryBytes,
    endRecords(entries, partStart, directoryBytes.length),
  ]);
  for (let i = 0, sequence = 0; i < tail.length; i += blockLength, sequence += 1) {
    const id = blockId(directoryPart, attempt, sequence);
    await store.stageBlock(requestId, id, tail.subarray(i, i + blockLength));
    blockIds.push(id);
  }
  await store.commit(requestId, blockIds);
  return partStart + tail.length;
}
