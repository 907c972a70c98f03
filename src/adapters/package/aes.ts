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
/** How the keys of an entry are derived from the passphrase, by PBKDF2. */
export const keyDerivation = {
  rounds: 1000,
  length: 2 * keyLength + verifierLength,
  digest: 'sha1',
} as const;

/** Most bytes that are processed at once, so that the event loop stays free. */
export const chunkLength = 1024 * 1024;

const derive = promisify(pbkdf2);

export interface EntryKeys {
  encryption: Buffer;
  authentication: Buffer;
  /** Two bytes by which a reader recognises a wrong passphrase before it reads on. */
  verifier: Buffer;
}

/** @param bytes what was derived for an entry */
export function keysOf(bytes: Uint8Array): EntryKeys {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    encryption: all.subarray(0, keyLength),
    authentication: all.subarray(keyLength, 2 * keyLength),
    verifier: all.subarray(2 * keyLength),
  };
}

/** Derives an entry's keys on the thread pool. `salt` is 16 random bytes, new for every entry. */
export async function deriveKeys(passphrase: string, salt: Buffer): Promise<EntryKeys> {
  const { rounds, length, digest } = keyDerivation;
  return keysOf(await derive(passphrase, salt, rounds, length, digest));
}

/**
 * Bytes that pass through keystream, authentication code and copy before the next ones do: few enough to
 * stay in the processor's nearest caches.
 */
const cachedLength = 64 * 1024;

/**
 * Writes counter blocks from a number on, as words of 32 bits: two for the low half; the other two, which are
 * always 0, are left alone.
 */
export function fillCounters(words: Uint32Array, from: number, blocks: number): void {
  for (let i = 0; i < blocks; i += 1) {
    words[i * 4] = from + i;
    words[i * 4 + 1] = (from + i) / 2 ** 32;
  }
}
/** Counters of the first chunk of every entry. */
const firstWords = new Uint32Array(cachedLength / 4);
fillCounters(firstWords, 1, cachedLength / 16);
const firstCounters = Buffer.from(firstWords.buffer);
/** Counters of any other chunk; they keep nothing from one use to the next. */
const nextWords = new Uint32Array(cachedLength / 4);
const nextCounters = Buffer.from(nextWords.buffer);
/** Copy of content whose memory is not aligned to words. */
const aligned = Buffer.from(new ArrayBuffer(cachedLength));

const empty: Buffer = Buffer.alloc(0);

/**
 * AES-256 in the counter mode of AE-2, where encryption and decryption are the same. The native cipher
 * encrypts many counter blocks at a time; the content is XORed with them in words.
 */
class Keystream {
  private readonly cipher: Cipher;
  private block = 1;
  private made = empty;
  private rest = empty;

  constructor(key: Buffer) {
    this.cipher = createCipheriv('aes-256-ecb', key, null);
  }

  /**
   * XORs the first bytes of content, up to `cachedLength`, with the keystream.
   * @returns the result, valid until the next call
   */
  apply(content: Buffer): Buffer {
    const key = this.rest.length > 0 ? this.rest : this.next(content.length);
    const count = Math.min(key.length, content.length);
    const result = key.subarray(0, count);
    this.rest = key.subarray(count);
    xorInto(result, content);
    return result;
  }

  /** The next bytes of the keystream: so many, rounded up to whole blocks, or `cachedLength`. */
  private next(length: number): Buffer {
    this.release();
    const blocks = Math.min(Math.ceil(length / 16), cachedLength / 16);
    const isFirst = this.block === 1;
    if (!isFirst) fillCounters(nextWords, this.block, blocks);
    this.block += blocks;
    const counters = isFirst ? firstCounters : nextCounters;
    this.made = this.cipher.update(counters.subarray(0, blocks * 16));
    return this.made;
  }

  /**
   * Frees the memory of the last chunk at once. If memory outside of the heap is left to the garbage
   * collector, it runs all the time, over everything that the process holds.
   */
  release(): void {
    if (this.made.length > 0) (this.made.buffer as ArrayBuffer).transfer(0);
    this.made = this.rest = empty;
  }
}

/** XORs content into `to`, over the length of `to`: by words where its memory is aligned to words. */
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
    // Compiled to plain 64-bit instructions, without BigInt objects.
    for (let i = 0; i < words; i += 1) target[i] = (target[i] as bigint) ^ (source[i] as bigint);
  }
  for (let i = words * 8; i < to.length; i += 1) to[i] = (to[i] as number) ^ (from[i] as number);
}

/** Divides content into chunks of at most `chunkLength`. */
export function* chunksOf(content: Buffer): Generator<Buffer> {
  for (let i = 0; i < content.length; i += chunkLength) yield content.subarray(i, i + chunkLength);
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
   * @param chunk at most `chunkLength`, so that the event loop stays free
   * @returns the result in parts, each valid until the next is requested
   */
  *update(chunk: Buffer): Generator<Buffer> {
    for (let at = 0; at < chunk.length;) {
      const source = chunk.subarray(at, at + cachedLength);
      const result = this.keystream.apply(source);
      this.hmac.update(this.direction === 'encrypt' ? result : source.subarray(0, result.length));
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
