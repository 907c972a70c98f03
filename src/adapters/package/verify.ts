import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { IntegrityError } from '../../core/errors';
import type { PackageStore, PartManifest } from '../../ports';
import { authCodeLength, EntryCipher, deriveKeys, saltLength, slices, verifierLength } from './aes';
import { directoryHeader, endLength, endRecords, localHeader, parseEnd } from './zip-format';

type Fragment = Pick<PartManifest, 'bytes' | 'entries'>;

/**
 * Reads the directory of a committed package back and compares it, to the byte, with what the
 * fragments of its parts say.
 * @returns where each part begins
 * @throws IntegrityError when an entry is missing, added or different
 */
export async function verifyDirectory(
  store: PackageStore,
  requestId: string,
  manifests: AsyncIterable<Fragment>,
): Promise<number[]> {
  const size = await store.size(requestId);
  if (size === null || size < endLength) throw new IntegrityError('The package is not there.');
  const tail = await store.read(requestId, size - endLength, endLength);
  const end = parseEnd(tail);
  if (!end || end.offset + end.size + endLength !== size)
    throw new IntegrityError('The end is damaged.');
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
    endRecords(entries, end.offset, end.size).equals(tail);
  if (!isWhole) throw new IntegrityError('The directory names something else.');
  return starts;
}

/**
 * Reads one part of a committed package back, decrypts every entry and compares hash and size with
 * what was written.
 * @param start where the part begins in the package
 * @throws IntegrityError when an entry is damaged or different, or something stands between entries
 */
export async function verifyPart(
  store: PackageStore,
  requestId: string,
  passphrase: string,
  { bytes, entries }: Fragment,
  start: number,
): Promise<void> {
  if (bytes === 0) return;
  const reader = new SequentialReader(store.stream(requestId, start, bytes));
  for (const entry of entries) {
    if (entry.offset !== reader.position)
      throw new IntegrityError('Entries do not follow each other.');
    const found = await hashEntry(reader, entry, passphrase);
    if (found !== entry.sha256) throw new IntegrityError('An entry is not what was written.');
  }
  if (reader.position !== bytes)
    throw new IntegrityError('There is more than the directory names.');
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
    for await (const chunk of reader.chunks(length)) {
      for (const slice of slices(chunk)) {
        // What goes through a stream waits in it, when its memory is long used again.
        for (const piece of cipher.update(slice)) yield isDeflated ? Buffer.from(piece) : piece;
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
    // What does not inflate is not what was deflated.
    if ((error as { code?: string }).code?.startsWith('Z_'))
      throw new IntegrityError('An entry is damaged.');
    throw error;
  }
  const code = await reader.take(authCodeLength);
  if (!code.equals(cipher.authenticationCode()) || size !== entry.size)
    throw new IntegrityError('An entry is damaged.');
  return hash.digest('hex');
}

/** Takes a stream of bytes in the pieces that are asked for. */
class SequentialReader {
  position = 0;
  private buffer: Buffer = Buffer.alloc(0);
  private readonly source: AsyncIterator<Buffer>;

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** Exactly `length` bytes, for small pieces. */
  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const chunk of this.chunks(length)) pieces.push(chunk);
    return Buffer.concat(pieces);
  }

  async *chunks(length: number): AsyncGenerator<Buffer> {
    let left = length;
    while (left > 0) {
      if (this.buffer.length === 0) {
        const next = await this.source.next();
        if (next.done) throw new IntegrityError('The package ends too early.');
        this.buffer = next.value;
      }
      const piece = this.buffer.subarray(0, left);
      this.buffer = this.buffer.subarray(piece.length);
      left -= piece.length;
      this.position += piece.length;
      yield piece;
    }
  }
}
