import { FileRefusedError } from '../core/errors';
import type { Ledger, Source } from '../ports';

/** Of a hostile source, no more names than these are kept. */
const mostHosts = 20;

/**
 * A source that notes at which hosts files stand that may not be fetched.
 * @returns the same calls, and the hosts so far
 */
export function notingRefusedHosts(source: Source): { source: Source; hosts: Set<string> } {
  const hosts = new Set<string>();
  async function* download(...asked: Parameters<Source['download']>): AsyncGenerator<Buffer> {
    try {
      yield* source.download(...asked);
    } catch (error) {
      if (error instanceof FileRefusedError && error.host !== null) hosts.add(error.host);
      throw error;
    }
  }
  return { source: Object.assign(Object.create(source) as Source, { download }), hosts };
}

/** Adds hosts to those that the status and the report of a request name. */
export async function noteRefusedHosts(
  ledger: Pick<Ledger, 'update'>,
  requestId: string,
  hosts: ReadonlySet<string>,
): Promise<void> {
  if (hosts.size === 0) return;
  await ledger.update(requestId, ({ refusedHosts }) => ({
    refusedHosts: [...new Set([...refusedHosts, ...hosts])].sort().slice(0, mostHosts),
  }));
}
