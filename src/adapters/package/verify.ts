import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { IntegrityError } from '../../core/errors';
import type { PackageStore } from '../../ports';
import { authCodeLength, EntryCipher, deriveKeys, saltLength, slices, verifierLength } from './aes';
import {
  dataDescriptor,
  directoryHeader,
  endLength,
  endRecords,
  localHeader,
  parseDirectory,
  parseEnd,
  type DirectoryEntry,
} from './zip-format';

/**
 * Reads a committed package back from the blob, decrypts every entry and compares hash and size
 * with what was written.
 * @param expected SHA-256 (hex) of every entry by name
 * @throws IntegrityError when an entry is missing, damaged, added or different
 */
export async function verifyPackage(
  store: PackageStore,
  requestId: string,
  passphrase: string,
  expected: ReadonlyMap<string, string>,
): Promise<void> {
  const size = await store.size(requestId);
  if (size === null || size < endLength) throw new IntegrityError('The package is not there.');
  const tail = await store.read(requestId, size - endLength, endLength);
  const end = parseEnd(tail);
  if (!end || end.offset + end.size + endLength !== size) {
    throw new IntegrityError('The end is damaged.');
  }
  const bytes = await store.read(requestId, end.offset, end.size);
  const directory = parseDirectory(bytes);
  // Written again, directory and end must be the same to the byte.
  const isIntact =
    directory?.length === expected.size &&
    Buffer.concat(directory.map(directoryHeader)).equals(bytes) &&
    endRecords(directory.length, end.offset, end.size).equals(tail);
  if (!isIntact) throw new IntegrityError('The directory is damaged.');
  const reader = new SequentialReader(store.stream(requestId, 0, end.offset));
  for (const entry of directory) {
    const found = await hashEntry(reader, entry, passphrase);
    if (found !== expected.get(entry.name))
      throw new IntegrityError('An entry is not what was written.');
  }
  if (reader.position !== end.offset)
    throw new IntegrityError('There is more than the directory names.');
}

/** Reads one entry from the stream and returns the SHA-256 of its clear content. */
async function hashEntry(
  reader: SequentialReader,
  entry: DirectoryEntry,
  passphrase: string,
): Promise<string> {
  if (entry.offset !== reader.position)
    throw new IntegrityError('Entries do not follow each other.');
  const header = localHeader(entry.name, entry.method);
  if (!(await reader.take(header.length)).equals(header))
    throw new IntegrityError('A header is damaged.');
  const salt = await reader.take(saltLength);
  const verifier = await reader.take(verifierLength);
  const keys = await deriveKeys(passphrase, salt);
  if (!keys.verifier.equals(verifier)) throw new IntegrityError('An entry has another passphrase.');
  const cipher = new EntryCipher(keys, 'decrypt');
  const length = entry.storedSize - saltLength - verifierLength - authCodeLength;
  async function* clear(): AsyncGenerator<Buffer> {
    for await (const chunk of reader.chunks(length)) {
      for (const slice of slices(chunk)) yield cipher.update(slice);
    }
  }
  const hash = createHash('sha256');
  let size = 0;
  const content: AsyncIterable<Buffer> =
    entry.method === 8
      ? (Readable.from(clear()).compose(createInflateRaw()) as AsyncIterable<Buffer>)
      : clear();
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
  }
  const code = await reader.take(authCodeLength);
  if (!code.equals(cipher.authenticationCode()) || size !== entry.size)
    throw new IntegrityError('An entry is damaged.');
  const descriptor = dataDescriptor(entry.storedSize, entry.size);
  if (!(await reader.take(descriptor.length)).equals(descriptor))
    throw new IntegrityError('A descriptor is damaged.');
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
