import { fragmentPrefix } from '../core/layout';
import type { PartFragment } from '../ports';
import type { Environment, OpenRequest } from './environment';

/** Fragments of the finished parts, in the order of the package. */
export async function* fragments(
  env: Environment,
  { record, keys }: OpenRequest,
): AsyncGenerator<PartFragment> {
  for (const name of await env.work.list(record.requestId, fragmentPrefix)) {
    yield (await env.work.read(record.requestId, name, keys.sealingKey)) as PartFragment;
  }
}
