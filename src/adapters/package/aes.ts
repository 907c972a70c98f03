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

/** AES-256 in the counter mode of AE-2. Encrypting and decrypting are the same. */
class Keystream {
  private readonly cipher: Cipher;
  private block = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(key: Buffer) {
    this.cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  /** XORs a slice with the keystream. */
  apply(slice: Buffer): Buffer {
    const stream = this.next(slice.length);
    const result = Buffer.allocUnsafe(slice.length);
    const words = slice.length >>> 2;
    if (slice.byteOffset % 4 === 0 && stream.byteOffset % 4 === 0 && result.byteOffset % 4 === 0) {
      const from = new Uint32Array(slice.buffer, slice.byteOffset, words);
      const key = new Uint32Array(stream.buffer, stream.byteOffset, words);
      const to = new Uint32Array(result.buffer, result.byteOffset, words);
      for (let i = 0; i < words; i += 1) to[i] = (from[i] as number) ^ (key[i] as number);
    } else {
      for (let i = 0; i < words * 4; i += 1)
        result[i] = (slice[i] as number) ^ (stream[i] as number);
    }
    for (let i = words * 4; i < slice.length; i += 1)
      result[i] = (slice[i] as number) ^ (stream[i] as number);
    return result;
  }

  private next(length: number): Buffer {
    const missing = length - this.rest.length;
    if (missing > 0) {
      const blocks = Math.ceil(missing / 16);
      const counters = Buffer.alloc(blocks * 16);
      for (let i = 0; i < blocks; i += 1) {
        this.block += 1;
        counters.writeUInt32LE(this.block >>> 0, i * 16);
        counters.writeUInt32LE(Math.floor(this.block / 2 ** 32), i * 16 + 4);
      }
      const fresh = this.cipher.update(counters);
      this.rest = this.rest.length === 0 ? fresh : Buffer.concat([this.rest, fresh]);
    }
    const taken = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return taken;
  }
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

  /** @param slice at most 1 MiB, so that the event loop stays free */
  update(slice: Buffer): Buffer {
    const result = this.keystream.apply(slice);
    this.hmac.update(this.direction === 'encrypt' ? result : slice);
    return result;
  }

  /** The 10 bytes that follow the ciphertext. */
  authenticationCode(): Buffer {
    return this.hmac.digest().subarray(0, authCodeLength);
  }
}
