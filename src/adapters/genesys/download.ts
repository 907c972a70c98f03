import { setTimeout as delay } from 'node:timers/promises';
import { SourceError } from '../../core/errors';

const tries = 5;
/** What an error is written in; media never is. */
const errorPage = /^(text\/html|application\/xml|text\/xml)\b/i;
/** A transfer without a byte for this long has broken. */
const idleTimeout = 60_000;

/**
 * Reads what stands behind a pre-signed address, which takes no token. A broken transfer goes on
 * where it stopped (Range, RFC 9110 section 14), from another address when this one has expired; the
 * length announced must be the length received, and stay the same.
 * @param renew gives another address of the same file, or null when there is none by now
 * @throws SourceError `again` when the address has expired, the transfer keeps breaking, the file has
 *   changed meanwhile, or an error page comes where media was expected
 */
export async function* download(
  url: string,
  expected: 'media' | 'any',
  renew?: () => Promise<string | null>,
): AsyncGenerator<Buffer> {
  let address: string | null = url;
  let received = 0;
  let total: number | null = null;
  let version: string | null = null;
  for (let attempt = 1; attempt <= tries && address !== null; attempt += 1) {
    const abort = new AbortController();
    let idle = setTimeout(() => abort.abort(), idleTimeout);
    let isRefused = false;
    try {
      const response = await fetch(address, {
        signal: abort.signal,
        redirect: 'error',
        headers: received > 0 ? { Range: `bytes=${received}-` } : {},
      });
      const type = response.headers.get('content-type') ?? '';
      const isFile =
        response.status === (received > 0 ? 206 : 200) &&
        response.body !== null &&
        !(expected === 'media' && errorPage.test(type));
      isRefused = !isFile;
      if (isFile) {
        const announced = lengthOf(response);
        const tag = response.headers.get('etag');
        // Another length, or another version of the file: what is here would not fit what comes.
        if (received > 0 && (differ(announced, total) || differ(tag, version))) break;
        total ??= announced;
        version ??= tag;
        for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
          clearTimeout(idle);
          idle = setTimeout(() => abort.abort(), idleTimeout);
          received += chunk.length;
          yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        }
        if (total === null || received === total) return;
      }
    } catch {
      // Whatever broke, what counts is how far it came.
    } finally {
      clearTimeout(idle);
      abort.abort();
    }
    if (isRefused) address = renew ? await renew() : null;
    await delay(200 * attempt);
  }
  throw new SourceError({ kind: 'again', afterSeconds: 10, reason: 'sourceUnavailable' });
}

/** Bytes of the whole file, as an answer with all or a part of it says; null when it does not. */
function lengthOf({ status, headers }: Response): number | null {
  const text =
    status === 206
      ? (/\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? null)
      : headers.get('content-length');
  return text === null ? null : Number(text);
}

const differ = <T>(one: T | null, other: T | null): boolean =>
  one !== null && other !== null && one !== other;
