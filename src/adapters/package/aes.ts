import { createCipheriv, createHmac, pbkdf2, type Cipher, type Hmac } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * WinZip AES-256 (AE-2), https://www.winzip.com/en/support/aes-encryption/: key by
 * PBKDF2-HMAC-SHA1 with 1,000 rounds, counter mode over little-endian counters from 1,
 * HMAC-SHA1 of the ciphertext cut to 10 bytes.
 */
export const saltLength = 16;
export const verifierLength = 2;
export const authCodeLength = 10;
const keyLength = 32;
const rounds = 1000;

/** Largest stretch that is worked on at once, so that the event loop stays free. */
export const sliceLength = 1024 * 1024;

const derive = promisify(pbkdf2);

export interface EntryKeys {
  encryption: Buffer;
  authentication: Buffer;
  /** Two bytes by which a reader tells a wrong passphrase before reading on. */
  verifier: Buffer;
}

/** Derives an entry's keys, on the thread pool. `salt` is 16 random bytes, new for every entry. */
export async function deriveKeys(passphrase: string, salt: Buffer): Promise<EntryKeys> {
  const bytes = await derive(passphrase, salt, rounds, 2 * keyLength + verifierLength, 'sha1');
  return {
    encryption: bytes.subarray(0, keyLength),
    authentication: bytes.subarray(keyLength, 2 * keyLength),
    verifier: bytes.subarray(2 * keyLength),
  };
}

/**
 * Bytes that go through keystream, authentication code and copy one after the other: few enough to
 * stay in the processor's nearest cache meanwhile.
 */
const pieceLength = 32 * 1024;

/** Counter blocks from a number on, as words: two of the low half, two that are always 0. */
function fillCounters(words: Uint32Array, from: number, blocks: number): void {
  for (let i = 0; i < blocks; i += 1) {
    words[i * 4] = from + i;
    words[i * 4 + 1] = (from + i) / 2 ** 32;
  }
}
/** Counters of an entry's first piece, which all entries begin with. */
const firstWords = new Uint32Array(pieceLength / 4);
fillCounters(firstWords, 1, pieceLength / 16);
const firstCounters = Buffer.from(firstWords.buffer);
/** Counters of any other piece; nothing is kept in them from one use to the next. */
const nextWords = new Uint32Array(pieceLength / 4);
const nextCounters = Buffer.from(nextWords.buffer);
/** Content that came from anywhere, moved onto a border of words. */
const aligned = Buffer.from(new ArrayBuffer(pieceLength));

const nothing: Buffer = Buffer.alloc(0);

/**
 * AES-256 in the counter mode of AE-2. Encrypting and decrypting are the same. Counter blocks are
 * encrypted many at a time by the native cipher; the content is XORed to them in words.
 */
class Keystream {
  private readonly cipher: Cipher;
  private block = 1;
  private made = nothing;
  private rest = nothing;

  constructor(key: Buffer) {
    this.cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  /**
   * XORs the first bytes of content, a piece at most, with the keystream.
   * @returns the result, good until the next call
   */
  apply(content: Buffer): Buffer {
    const key = this.rest.length > 0 ? this.rest : this.next(content.length);
    const count = Math.min(key.length, content.length);
    const result = key.subarray(0, count);
    this.rest = key.subarray(count);
    xorInto(result, content);
    return result;
  }

  /** So many bytes of the keystream, rounded up to whole blocks, or a piece. */
  private next(length: number): Buffer {
    this.release();
    const blocks = Math.min(Math.ceil(length / 16), pieceLength / 16);
    const isFirst = this.block === 1;
    if (!isFirst) fillCounters(nextWords, this.block, blocks);
    this.block += blocks;
    const counters = isFirst ? firstCounters : nextCounters;
    this.made = this.cipher.update(counters.subarray(0, blocks * 16));
    return this.made;
  }

  /**
   * Gives the memory of the last piece back at once. Memory outside of the heap that is left to the
   * garbage collector makes it run all the time, over everything that the process holds.
   */
  release(): void {
    if (this.made.length > 0) (this.made.buffer as ArrayBuffer).transfer(0);
    this.made = this.rest = nothing;
  }
}

/** XORs as many bytes as `to` has into it: by words where it lies on a border of words. */
function xorInto(to: Buffer, content: Buffer): void {
  let from = content;
  const words = to.byteOffset % 8 === 0 ? to.length >>> 3 : 0;
  if (words > 0) {
    if (from.byteOffset % 8 !== 0) {
      from.copy(aligned, 0, 0, to.length);
      from = aligned;
    }
    const target = new BigUint64Array(to.buffer, to.byteOffset, words);
    const source = new BigUint64Array(from.buffer, from.byteOffset, words);
    // Compiled to plain 64-bit instructions; no BigInt is made.
    for (let i = 0; i < words; i += 1) target[i] = (target[i] as bigint) ^ (source[i] as bigint);
  }
  for (let i = words * 8; i < to.length; i += 1) to[i] = (to[i] as number) ^ (from[i] as number);
}

/** Cuts a chunk into slices of at most 1 MiB. */
export function* slices(chunk: Buffer): Generator<Buffer> {
  for (let i = 0; i < chunk.length; i += sliceLength) yield chunk.subarray(i, i + sliceLength);
}

/** Encrypts or decrypts the content of one entry and computes its authentication code. */
export class EntryCipher {
  private readonly keystream: Keystream;
  private readonly hmac: Hmac;

  constructor(
    keys: EntryKeys,
    private readonly direction: 'encrypt' | 'decrypt',
  ) {
    this.keystream = new Keystream(keys.encryption);
    this.hmac = createHmac('sha1', keys.authentication);
  }

  /**
   * @param slice at most 1 MiB, so that the event loop stays free
   * @returns the result in pieces, each good until the next one is asked for
   */
  *update(slice: Buffer): Generator<Buffer> {
    for (let at = 0; at < slice.length;) {
      const piece = slice.subarray(at, at + pieceLength);
      const result = this.keystream.apply(piece);
      this.hmac.update(this.direction === 'encrypt' ? result : piece.subarray(0, result.length));
      at += result.length;
      yield result;
    }
  }

  /** The 10 bytes that follow the ciphertext; nothing can be encrypted or decrypted after them. */
  authenticationCode(): Buffer {
    this.keystream.release();
    return this.hmac.digest().subarray(0, authCodeLength);
  }
}
