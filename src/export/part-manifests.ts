import { partManifestPrefix } from '../core/package/blob-names';
import type { PartManifest } from '../ports';
import type { Environment, OpenRequest } from '../services/environment';

/** Fragments of the finished parts, in the order of the package. */
export async function* partManifests(
  env: Environment,
  { record, keys }: OpenRequest,
): AsyncGenerator<PartManifest> {
  for (const name of await env.scratch.list(record.requestId, partManifestPrefix)) {
    yield (await env.scratch.read(record.requestId, name, keys.dataKey)) as PartManifest;
  }
}
