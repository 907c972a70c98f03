import { setTimeout as delay } from 'node:timers/promises';
import { SourceError } from '../../core/errors';

const tries = 5;
/** What an error is written in; media never is. */
const errorPage = /^(text\/html|application\/xml|text\/xml)\b/i;
/** A transfer without a byte for this long has broken. */
const idleTimeout = 60_000;

/**
 * Reads what stands behind a pre-signed address, which takes no token. A broken transfer goes on
 * where it stopped (Range, RFC 9110 section 14); the length announced must be the length received.
 * @throws SourceError `again` when the address has expired, the transfer keeps breaking, or an error
 *   page comes where media was expected
 */
export async function* download(url: string, expected: 'media' | 'any'): AsyncGenerator<Buffer> {
  let received = 0;
  let total: number | null = null;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const abort = new AbortController();
    let idle = setTimeout(() => abort.abort(), idleTimeout);
    try {
      const response = await fetch(url, {
        signal: abort.signal,
        redirect: 'error',
        headers: received > 0 ? { Range: `bytes=${received}-` } : {},
      });
      if (response.status !== (received > 0 ? 206 : 200) || response.body === null) break;
      const type = response.headers.get('content-type') ?? '';
      if (expected === 'media' && errorPage.test(type)) break;
      total ??= Number(response.headers.get('content-length') ?? NaN);
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        clearTimeout(idle);
        idle = setTimeout(() => abort.abort(), idleTimeout);
        received += chunk.length;
        yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      }
      if (Number.isNaN(total) || received === total) return;
    } catch {
      // Whatever broke, what counts is how far it came.
    } finally {
      clearTimeout(idle);
      abort.abort();
    }
    await delay(200 * attempt);
  }
  throw new SourceError({ kind: 'again', afterSeconds: 10, reason: 'sourceUnavailable' });
}
