import { directoryPart } from '../../core/package/blob-names';
import { IntegrityError } from '../../core/errors';
import { mostBlocks } from '../../core/package/limits';
import { endRecords } from '../../core/package/zip-end';
import type { PackageStore, PartManifest } from '../../ports';
import { BlockWriter } from './block-writer';
import { directoryHeader } from './zip-format';

type Part = Pick<PartManifest, 'bytes' | 'blockIds' | 'entries'>;

/**
 * Joins the parts of a package: writes the directory after them and commits the list of blocks, which
 * fixes their order. Only blocks that a manifest names are committed; storage deletes those of abandoned
 * attempts. A second commit gives the same entries.
 * @param version of the stored package, as `PackageStore.version` gave it before the manifests were read,
 *   so that an attempt that was overtaken commits nothing
 * @returns size of the package in bytes
 * @throws ConflictError when another package was committed meanwhile, IntegrityError when there are more
 *   blocks than a blob can have
 */
export async function commitPackage(
  store: PackageStore,
  requestId: string,
  manifests: AsyncIterable<Part>,
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
  await directory.write(Buffer.from(endRecords(entries, partStart, directory.offset)));
  await directory.finish();
  blockIds.push(...directory.blockIds);
  if (blockIds.length > mostBlocks) throw new IntegrityError('The package has too many blocks.');
  await store.commit(requestId, blockIds, version);
  return partStart + directory.offset;
}
