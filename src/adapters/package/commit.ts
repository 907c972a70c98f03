import { directoryPart } from '../../core/package/blob-names';
import { IntegrityError } from '../../core/errors';
import { mostBlocks } from '../../core/package/limits';
import type { PackageStore, PartManifest } from '../../ports';
import { BlockWriter } from './block-writer';
import { directoryHeader, endRecords } from './zip-format';

type Fragment = Pick<PartManifest, 'bytes' | 'blockIds' | 'entries'>;

/**
 * Puts the parts together: writes the directory behind them and commits the list of blocks, which
 * fixes their order. Only blocks that a fragment names are committed; those of abandoned attempts
 * vanish. Doing it twice gives the same entries.
 * @param version of the package that is there already, as `PackageStore.version` gave it before the
 *   fragments were read: an attempt that was overtaken commits nothing
 * @returns size of the package in bytes
 * @throws ConflictError when the package is another one by now, IntegrityError when it has more
 *   blocks than a blob can have
 */
export async function commitPackage(
  store: PackageStore,
  requestId: string,
  manifests: AsyncIterable<Fragment>,
  version: string | null,
): Promise<number> {
  const blockIds: string[] = [];
  const directory = new BlockWriter(store, requestId, directoryPart);
  let entries = 0;
  let partStart = 0;
  for await (const manifest of manifests) {
    for (const entry of manifest.entries) {
      await directory.write(directoryHeader({ ...entry, offset: partStart + entry.offset }));
      entries += 1;
    }
    blockIds.push(...manifest.blockIds);
    partStart += manifest.bytes;
  }
  await directory.write(endRecords(entries, partStart, directory.offset));
  await directory.finish();
  blockIds.push(...directory.blockIds);
  if (blockIds.length > mostBlocks) throw new IntegrityError('The package has too many blocks.');
  await store.commit(requestId, blockIds, version);
  return partStart + directory.offset;
}
