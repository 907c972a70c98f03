import { partManifests as manifestPrefix } from '../core/package/blob-names';
import type { PartManifest, ScratchStore } from '../ports';
import { readScratch, type ScratchOwner } from '../services/scratch';

/** Manifests of the finished parts, in the order of the package. */
export async function* partManifests(
  services: { scratch: Pick<ScratchStore, 'list' | 'read'> },
  owner: ScratchOwner,
): AsyncGenerator<PartManifest> {
  for (const ref of await services.scratch.list(owner.record.requestId, manifestPrefix)) {
    yield await readScratch(services, owner, ref);
  }
}
