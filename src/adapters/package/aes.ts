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

/** Bytes of keystream that are made at once: more do not stay in the processor's cache. */
const streamLength = 64 * 1024;
/** Counter blocks as words: nothing is kept in them from one use to the next. */
const counterWords = new Uint32Array(streamLength / 4);
const counterBytes = Buffer.from(counterWords.buffer);

/**
 * AES-256 in the counter mode of AE-2. Encrypting and decrypting are the same. Counter blocks are
 * encrypted many at a time by the native cipher and XORed to the content in words.
 */
class Keystream {
  private readonly cipher: Cipher;
  private block = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(key: Buffer) {
    this.cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  /** XORs bytes with the keystream, into others of the same length. */
  apply(from: Buffer, to: Buffer): void {
    for (let at = 0; at < from.length;) {
      if (this.rest.length === 0) this.rest = this.next(from.length - at);
      const count = Math.min(this.rest.length, from.length - at);
      xor(from.subarray(at, at + count), this.rest, to.subarray(at, at + count));
      this.rest = this.rest.subarray(count);
      at += count;
    }
  }

  /** So many bytes of the keystream, rounded up to whole blocks, or as many as are made at once. */
  private next(length: number): Buffer {
    const blocks = Math.min(Math.ceil(length / 16), streamLength / 16);
    for (let i = 0; i < blocks; i += 1) {
      this.block += 1;
      counterWords[i * 4] = this.block;
      counterWords[i * 4 + 1] = this.block / 2 ** 32;
    }
    return this.cipher.update(counterBytes.subarray(0, blocks * 16));
  }
}

/** XORs bytes with a key into others: by words where all lie on a border of words. */
function xor(from: Buffer, key: Buffer, to: Buffer): void {
  const isAligned = [from, key, to].every(({ byteOffset }) => byteOffset % 8 === 0);
  const words = isAligned ? from.length >>> 3 : 0;
  if (words > 0) {
    const source = new BigUint64Array(from.buffer, from.byteOffset, words);
    const mask = new BigUint64Array(key.buffer, key.byteOffset, words);
    const target = new BigUint64Array(to.buffer, to.byteOffset, words);
    // Compiled to plain 64-bit instructions; no BigInt is made.
    for (let i = 0; i < words; i += 1) target[i] = (source[i] as bigint) ^ (mask[i] as bigint);
  }
  for (let i = words * 8; i < from.length; i += 1) to[i] = (from[i] as number) ^ (key[i] as number);
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
   * @param into where the result is put, from its start; may be used again for the next slice
   * @returns the part of `into` that holds the result
   */
  update(slice: Buffer, into: Buffer): Buffer {
    const result = into.subarray(0, slice.length);
    if (this.direction === 'decrypt') this.hmac.update(slice);
    if (slice.byteOffset % 8 === 0) this.keystream.apply(slice, result);
    else {
      // What came by the network lies anywhere: moved onto a border of words, it goes by words, too.
      slice.copy(result);
      this.keystream.apply(result, result);
    }
    if (this.direction === 'encrypt') this.hmac.update(result);
    return result;
  }

  /** The 10 bytes that follow the ciphertext. */
  authenticationCode(): Buffer {
    return this.hmac.digest().subarray(0, authCodeLength);
  }
}
