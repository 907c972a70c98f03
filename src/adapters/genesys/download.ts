import { setTimeout as delay } from 'node:timers/promises';
import type { Response } from 'undici';
import { FileRefusedError, SourceError } from '../../core/errors';
import { HostNotAllowedError, type GuardedFetch } from '../network/guarded-fetch';

const attempts = 5;
/**
 * Addresses of one file that are tried when the source refuses them for good: a renewed one may expire as
 * well before it is read.
 */
const addressesTried = 3;
/** Refusals that no repetition changes; 403 also says that an address has expired. */
const refusals: readonly number[] = [403, 404, 410];
/** Content types of error pages, which no media has. */
const errorPage = /^(text\/html|application\/xml|text\/xml)\b/i;
/** A transfer that delivers nothing for this long is broken. */
const idleTimeout = 60_000;
/** One that is not over by then is left: a server could hold an activity for ever by a byte at a time. */
const wholeTimeout = 30 * 60_000;
/** Bytes of the largest file that is taken: a day of uncompressed sound in two channels. */
const largestFile = 4 * 1024 ** 3;

/** How far a file has come. */
interface Progress {
  received: number;
  /** Bytes of the whole file; null where no answer has said so. */
  total: number | null;
  /** Its ETag. */
  version: string | null;
}

/**
 * Reads what stands behind a pre-signed address, which takes no token, at the hosts that the fetch
 * allows. A broken transfer goes on
 * where it stopped (Range, RFC 9110 section 14), from another address when this one has expired; the
 * length announced must be the length received, and stay the same. Where only the end of the connection
 * says that a file ends, the server is asked for what follows: it may have been cut.
 * @param fetch refuses hosts that may not be called
 * @param renew gives another address of the same file, or null when there is none by now
 * @throws FileRefusedError when the address and two others are refused for good, are none, or there is
 *   no other; when the address may not be called, or the file is too large; SourceError `again` when the transfer keeps breaking, the file has changed meanwhile, or an
 *   error page comes where media was expected
 */
export async function* download(
  fetch: GuardedFetch,
  url: string,
  expected: 'media' | 'any',
  renew?: () => Promise<string | null>,
): AsyncGenerator<Buffer> {
  let address: string | null = url;
  const progress: Progress = { received: 0, total: null, version: null };
  let refused = 0;
  const ending = AbortSignal.timeout(wholeTimeout);
  for (let attempt = 1; attempt <= attempts && address !== null; attempt += 1) {
    const abort = new AbortController();
    let idle = setTimeout(() => abort.abort(), idleTimeout);
    let isRefused = !/^https?:$/.test(URL.parse(address)?.protocol ?? '');
    if (isRefused) refused += 1;
    let canGoOn = true;
    try {
      const response: Response = await fetch(address, {
        signal: AbortSignal.any([abort.signal, ending]),
        headers: {
          'Accept-Encoding': 'identity',
          ...(progress.received > 0 ? { Range: `bytes=${progress.received}-` } : {}),
        },
      });
      if (saysThatNothingFollows(response, progress)) return;
      if (refusals.includes(response.status)) refused += 1;
      isRefused ||= !isFile(response, progress, expected);
      if (!isRefused) {
        if (!isOfSameFile(response, progress)) break;
        // Of a coded file that breaks, what has come cannot be counted in the server's bytes.
        canGoOn = !isCoded(response);
        for await (const chunk of chunksOf(response)) {
          clearTimeout(idle);
          idle = setTimeout(() => abort.abort(), idleTimeout);
          progress.received += chunk.length;
          if (progress.received > largestFile) throw new FileRefusedError('tooLarge');
          yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        }
        if (isWhole(response, progress)) return;
      }
    } catch (error) {
      if (error instanceof FileRefusedError) throw error;
      if (error instanceof HostNotAllowedError && error.host !== '')
        throw new FileRefusedError('hostNotAllowed', error.host);
      // Whatever broke the transfer, the next attempt resumes after the bytes received.
    } finally {
      clearTimeout(idle);
      abort.abort();
    }
    if (!canGoOn && progress.received > 0) break;
    if (isRefused) address = renew && refused < addressesTried ? await renew() : null;
    if (address === null && refused > 0) throw new FileRefusedError();
    await delay(200 * attempt);
  }
  throw new SourceError({ kind: 'retryLater', afterSeconds: 10, reason: 'sourceUnavailable' });
}

const chunksOf = ({ body }: Response): AsyncIterable<Uint8Array> =>
  body as unknown as AsyncIterable<Uint8Array>;

/** First byte and length of the whole, as the answer with a part of it says (RFC 9110 section 14.4). */
function rangeOf({ headers }: Response): { first: number | null; total: number | null } {
  const field = headers.get('content-range') ?? '';
  const [, first, total] = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(field) ?? [];
  const numberOf = (text = '*'): number | null => (text === '*' ? null : Number(text));
  return { first: numberOf(first), total: numberOf(total) };
}

/** Whether a file or the rest of it comes, and not an error. */
function isFile(response: Response, { received }: Progress, expected: 'media' | 'any'): boolean {
  const type = response.headers.get('content-type') ?? '';
  if (response.body === null || (expected === 'media' && errorPage.test(type))) return false;
  return received === 0
    ? response.status === 200
    : response.status === 206 && rangeOf(response).first === received;
}

/**
 * Notes length and version of the file, if they are new.
 * @returns false for another length or version: what is here would not fit what comes
 */
function isOfSameFile(response: Response, progress: Progress): boolean {
  const total = totalOf(response);
  const version = response.headers.get('etag');
  if (differ(total, progress.total) || differ(version, progress.version)) return false;
  progress.total ??= total;
  progress.version ??= version;
  return true;
}

const differ = <T>(one: T | null, other: T | null): boolean =>
  one !== null && other !== null && one !== other;

/** Bytes of the whole file as they are handed over; null where the answer does not say. */
function totalOf(response: Response): number | null {
  if (isCoded(response)) return null;
  if (response.status !== 200) return rangeOf(response).total;
  const length = response.headers.get('content-length');
  return length === null ? null : Number(length);
}

/** Whether bytes are sent in another form than they are handed over, such as gzip. */
const isCoded = ({ headers }: Response): boolean =>
  (headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity';

/**
 * Whether a transfer that ended without an error has brought the whole. One that is closed without a
 * length and without chunks ends so too when it was cut (RFC 9112 section 8).
 */
function isWhole({ headers }: Response, { received, total }: Progress): boolean {
  if (total !== null) return received === total;
  return headers.has('content-length') || headers.has('transfer-encoding');
}

/** Whether the answer to a request for what follows says that the file ends here. */
const saysThatNothingFollows = (response: Response, progress: Progress): boolean =>
  progress.received > 0 &&
  response.status === 416 &&
  rangeOf(response).total === progress.received &&
  isOfSameFile(response, progress);
