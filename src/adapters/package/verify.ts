import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createInflateRaw, inflateRaw, type ZlibOptions } from 'node:zlib';
import { IntegrityError } from '../../core/errors';
import type { PackageStore, PartReading, WrittenPart } from '../../ports';
import {
  authCodeLength,
  chunksOf,
  deriveKeys,
  EntryCipher,
  saltLength,
  verifierLength,
} from './aes';
import { inMemory, lazily, SequentialReader } from './sequential-reader';
import { endRecords, longestEnd, parseEnd, shortestEnd } from '../../core/package/zip-end';
import { directoryHeader, localHeader } from './zip-format';

type Part = Pick<WrittenPart, 'bytes' | 'entries'>;

/**
 * Reads the directory of a committed package back and compares it, byte by byte, with the manifests of
 * its parts.
 * @returns the offset at which the last part ends
 * @throws IntegrityError when an entry is missing, added or different
 */
export async function verifyDirectory(
  store: PackageStore,
  requestId: string,
  manifests: AsyncIterable<Part>,
): Promise<number> {
  const size = await store.size(requestId);
  if (size === null || size < shortestEnd) throw new IntegrityError('There is no package.');
  const tailLength = Math.min(size, longestEnd);
  const tail = await store.read(requestId, size - tailLength, tailLength);
  const end = parseEnd(tail);
  if (!end || end.offset + end.size + end.length !== size)
    throw new IntegrityError('The end of the package is damaged.');
  const reader = new SequentialReader(store.stream(requestId, end.offset, end.size));
  let entries = 0;
  let partStart = 0;
  for await (const manifest of manifests) {
    for (const entry of manifest.entries) {
      const expected = directoryHeader({ ...entry, offset: partStart + entry.offset });
      if (!(await reader.take(expected.length)).equals(expected))
        throw new IntegrityError('The directory is damaged.');
      entries += 1;
    }
    partStart += manifest.bytes;
  }
  const isWhole =
    reader.position === end.size &&
    partStart === end.offset &&
    tail.subarray(-end.length).equals(endRecords(entries, end.offset, end.size));
  if (!isWhole) throw new IntegrityError('The directory does not describe the parts.');
  return partStart;
}

/** The longest part that is held in memory, so that it is examined while the next ones are read. */
const longestHeld = 8 * 1024 * 1024;
/** Parts in memory at a time, those that are examined and the one that is read. */
const mostAtOnce = 4;

/**
 * Reads parts of a committed package back, one after the other by one call of storage, decrypts every entry
 * and compares its hash and size with the part's manifest. Short parts are examined side by side.
 * @param reading where the parts are, who is given their bytes, and whether another part may follow
 * @returns how many parts were examined before `mayGoOn` said no; null when all were
 * @throws IntegrityError when an entry is damaged or different, or there are bytes between entries
 */
export async function verifyParts(
  store: PackageStore,
  requestId: string,
  passphrase: string,
  { parts, start, end, onBytes, mayGoOn = () => true }: PartReading,
): Promise<number | null> {
  const source = lazily(() => store.stream(requestId, start, end - start));
  const reader = new SequentialReader(source, onBytes);
  const examined = new Examinations();
  let count = 0;
  let isStopped = false;
  try {
    for await (const part of parts) {
      isStopped = count > 0 && !mayGoOn();
      if (isStopped) break;
      if (part.bytes > longestHeld) await verifyPart(reader, passphrase, part);
      else {
        const held = await reader.take(part.bytes);
        const memory = new SequentialReader(inMemory(held));
        await examined.add(verifyPart(memory, passphrase, part));
      }
      count += 1;
    }
    await examined.end();
    // What follows the parts is compared with the manifests as the directory.
    if (!isStopped) await reader.skip(end - start - reader.position);
  } finally {
    await reader.close();
  }
  return isStopped ? count : null;
}

/** Examinations of parts in memory that run side by side. The first that fails is thrown. */
class Examinations {
  private readonly running = new Set<Promise<void>>();
  private failure: { error: unknown } | null = null;

  /** Waits until there is room for another one. */
  async add(examination: Promise<void>): Promise<void> {
    const one = examination
      .catch((error: unknown) => {
        this.failure ??= { error };
      })
      .then(() => {
        this.running.delete(one);
      });
    this.running.add(one);
    while (this.running.size >= mostAtOnce) await Promise.race(this.running);
    this.throwFailure();
  }

  async end(): Promise<void> {
    await Promise.all(this.running);
    this.throwFailure();
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }
}

/** Reads one part from the stream, and compares it with its manifest. */
async function verifyPart(
  reader: SequentialReader,
  passphrase: string,
  { bytes, entries }: Part,
): Promise<void> {
  const start = reader.position;
  for (const entry of entries) {
    if (start + entry.offset !== reader.position)
      throw new IntegrityError('There are bytes between entries.');
    const found = await hashEntry(reader, entry, passphrase);
    if (found !== entry.sha256) throw new IntegrityError('An entry differs from its manifest.');
  }
  if (reader.position !== start + bytes)
    throw new IntegrityError('There are bytes after the last entry.');
}

/** Bytes of an entry, compressed and clear, that are inflated at once: a stream costs more than most entries. */
const longestAtOnce = 1024 * 1024;
const inflate = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw);

async function* inflated(content: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  yield await inflate(Buffer.concat(chunks), { maxOutputLength: Math.max(size, 1) });
}

/** Reads one entry from the stream and returns the SHA-256 of its clear content. */
async function hashEntry(
  reader: SequentialReader,
  entry: Part['entries'][number],
  passphrase: string,
): Promise<string> {
  const header = localHeader(entry);
  if (!(await reader.take(header.length)).equals(header))
    throw new IntegrityError('A header is damaged.');
  const salt = await reader.take(saltLength);
  const verifier = await reader.take(verifierLength);
  const keys = await deriveKeys(passphrase, salt);
  if (!keys.verifier.equals(verifier)) throw new IntegrityError('An entry has another passphrase.');
  const cipher = new EntryCipher(keys, 'decrypt');
  const length = entry.storedSize - saltLength - verifierLength - authCodeLength;
  const isDeflated = entry.method === 8;
  async function* clear(): AsyncGenerator<Buffer> {
    for await (const received of reader.chunks(length)) {
      for (const chunk of chunksOf(received)) {
        // A stream buffers its chunks, whose memory the cipher reuses before they are read.
        for (const decrypted of cipher.update(chunk)) {
          yield isDeflated ? Buffer.from(decrypted) : decrypted;
        }
      }
    }
  }
  const hash = createHash('sha256');
  let size = 0;
  const count = async (content: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
    }
  };
  const isShort = length <= longestAtOnce && entry.size <= longestAtOnce;
  try {
    if (!isDeflated) await count(clear());
    else if (isShort) await count(inflated(clear(), entry.size));
    else await pipeline(clear(), createInflateRaw(), count);
  } catch (error) {
    // Content that does not inflate, or to more than it should, is damaged.
    if (/^(Z_|ERR_BUFFER_TOO_LARGE)/.test((error as { code?: string }).code ?? ''))
      throw new IntegrityError('An entry is damaged.');
    throw error;
  }
  const code = await reader.take(authCodeLength);
  if (!code.equals(cipher.authenticationCode()) || size !== entry.size)
    throw new IntegrityError('An entry is damaged.');
  return hash.digest('hex');
}
