import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { IntegrityError } from '../../core/errors';
import type { PackageStore, PartManifest, PartReading } from '../../ports';
import {
  authCodeLength,
  chunksOf,
  deriveKeys,
  EntryCipher,
  saltLength,
  verifierLength,
} from './aes';
import {
  directoryHeader,
  endRecords,
  localHeader,
  longestEnd,
  parseEnd,
  shortestEnd,
} from './zip-format';

type Part = Pick<PartManifest, 'bytes' | 'entries'>;

/**
 * Reads the directory of a committed package back and compares it, byte by byte, with the manifests of
 * its parts.
 * @returns the offset of each part
 * @throws IntegrityError when an entry is missing, added or different
 */
export async function verifyDirectory(
  store: PackageStore,
  requestId: string,
  manifests: AsyncIterable<Part>,
): Promise<number[]> {
  const size = await store.size(requestId);
  if (size === null || size < shortestEnd) throw new IntegrityError('There is no package.');
  const tailLength = Math.min(size, longestEnd);
  const tail = await store.read(requestId, size - tailLength, tailLength);
  const end = parseEnd(tail);
  if (!end || end.offset + end.size + end.length !== size)
    throw new IntegrityError('The end of the package is damaged.');
  const reader = new SequentialReader(store.stream(requestId, end.offset, end.size));
  const starts: number[] = [];
  let entries = 0;
  let partStart = 0;
  for await (const manifest of manifests) {
    starts.push(partStart);
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
    endRecords(entries, end.offset, end.size).equals(tail.subarray(-end.length));
  if (!isWhole) throw new IntegrityError('The directory does not describe the parts.');
  return starts;
}

/**
 * Reads one part of a committed package back, decrypts every entry and compares its hash and size with
 * the part's manifest.
 * @param part its manifest, its offset in the package, and who is given its bytes
 * @throws IntegrityError when an entry is damaged or different, or there are bytes between entries
 */
export async function verifyPart(
  store: PackageStore,
  requestId: string,
  passphrase: string,
  { bytes, entries, start, onBytes }: Part & PartReading,
): Promise<void> {
  if (bytes === 0) return;
  const source = store.stream(requestId, start, bytes);
  const reader = new SequentialReader(onBytes ? watched(source, onBytes) : source);
  for (const entry of entries) {
    if (entry.offset !== reader.position)
      throw new IntegrityError('There are bytes between entries.');
    const found = await hashEntry(reader, entry, passphrase);
    if (found !== entry.sha256) throw new IntegrityError('An entry differs from its manifest.');
  }
  if (reader.position !== bytes) throw new IntegrityError('There are bytes after the last entry.');
}

/** The same bytes, of which somebody else is given each chunk first. */
async function* watched(
  source: AsyncIterable<Buffer>,
  onBytes: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    onBytes(chunk);
    yield chunk;
  }
}

/** Reads one entry from the stream and returns the SHA-256 of its clear content. */
async function hashEntry(
  reader: SequentialReader,
  entry: PartManifest['entries'][number],
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
  const content: AsyncIterable<Buffer> = isDeflated
    ? (Readable.from(clear()).compose(createInflateRaw()) as AsyncIterable<Buffer>)
    : clear();
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    // Content that does not inflate is damaged.
    if ((error as { code?: string }).code?.startsWith('Z_'))
      throw new IntegrityError('An entry is damaged.');
    throw error;
  }
  const code = await reader.take(authCodeLength);
  if (!code.equals(cipher.authenticationCode()) || size !== entry.size)
    throw new IntegrityError('An entry is damaged.');
  return hash.digest('hex');
}

/** Reads a stream of bytes in the lengths that are requested. */
class SequentialReader {
  position = 0;
  private buffer: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes in one buffer, for small lengths. */
  async take(length: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks(length)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *chunks(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (this.buffer.length === 0) {
        const next = await this.source.next();
        if (next.done) throw new IntegrityError('The package ends too early.');
        this.buffer = next.value;
      }
      const chunk = this.buffer.subarray(0, left);
      this.buffer = this.buffer.subarray(chunk.length);
      left -= chunk.length;
      this.position += chunk.length;
      yield chunk;
    }
  }
}
