import fc from 'fast-check';
import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import {
  authCodeLength,
  chunkLength,
  chunksOf,
  deriveKeys,
  EntryCipher,
  fillCounters,
  saltLength,
  verifierLength,
  type EntryKeys,
} from '../../src/adapters/package/aes';

const keys: EntryKeys = {
  encryption: Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
  authentication: Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i)),
  verifier: Buffer.alloc(2),
};

/** Bytes of the length, of which no two blocks are alike. */
const content = (length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i += 1) bytes[i] = (i * 7 + (i >>> 8) * 13 + (i >>> 16)) & 255;
  return bytes;
};

/** The same by the specification: a block for each counter, little-endian, from 1. */
function encryptedSimply(clear: Buffer): Buffer {
  const blocks = Math.ceil(clear.length / 16);
  const counters = Buffer.alloc(blocks * 16);
  for (let i = 0; i < blocks; i += 1) counters.writeBigUInt64LE(BigInt(i + 1), i * 16);
  const cipher = createCipheriv('aes-256-ecb', keys.encryption, null).setAutoPadding(false);
  const keystream = cipher.update(counters);
  return Buffer.from(clear.map((byte, i) => byte ^ (keystream[i] ?? 0)));
}
const codeOf = (encrypted: Buffer): string =>
  createHmac('sha1', keys.authentication).update(encrypted).digest('hex').slice(0, 20);

/** What a cipher makes of content in chunks, and its authentication code. */
function processed(direction: 'encrypt' | 'decrypt', chunks: Buffer[]) {
  const cipher = new EntryCipher(keys, direction);
  // A part is valid until the next one is requested.
  const parts: Buffer[] = [];
  for (const chunk of chunks)
    for (const part of cipher.update(chunk)) parts.push(Buffer.from(part));
  const code = cipher.authenticationCode();
  return { bytes: Buffer.concat(parts), code: code.toString('hex'), parts };
}

/** Content in chunks of these lengths, and the rest. */
function divided(bytes: Buffer, lengths: number[]): Buffer[] {
  let at = 0;
  const chunks = lengths.map((length) => bytes.subarray(at, (at += length)));
  return [...chunks, bytes.subarray(at)];
}

describe('the keys of an entry', () => {
  it('are those of PBKDF2 with 1,000 rounds, in the order of the specification', async () => {
    const salt = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
    const expected = pbkdf2Sync('TEST-TÉST', salt, 1000, 66, 'sha1').toString('hex');
    const { encryption, authentication, verifier } = await deriveKeys('TEST-TÉST', salt);
    expect(encryption.toString('hex')).toBe(expected.slice(0, 64));
    expect(authentication.toString('hex')).toBe(expected.slice(64, 128));
    expect(verifier.toString('hex')).toBe(expected.slice(128));
    expect([saltLength, verifierLength, authCodeLength]).toEqual([16, 2, 10]);
  });
});

describe('the counters', () => {
  it('are little-endian numbers of 64 bits in blocks of 128', () => {
    const words = new Uint32Array(16).fill(9);
    words.fill(0, 2, 4).fill(0, 6, 8);
    fillCounters(words, 0xffff_ffff, 2);
    const bytes = Buffer.from(words.buffer).toString('hex');
    expect(bytes.slice(0, 64)).toBe(
      'ffffffff000000000000000000000000' + '00000000010000000000000000000000',
    );
    expect([...words.subarray(8)]).toEqual(Array.from({ length: 8 }, () => 9));
  });

  it('of more than 32 bits go on over the border of their halves', () => {
    const words = new Uint32Array(12);
    fillCounters(words, 3 * 2 ** 32 - 1, 3);
    expect([...words]).toEqual([0xffff_ffff, 2, 0, 0, 0, 3, 0, 0, 1, 3, 0, 0]);
  });
});

describe('an entry', () => {
  const kibibyte = 1024;
  it.each([
    0,
    1,
    15,
    16,
    17,
    64 * kibibyte - 1,
    64 * kibibyte,
    64 * kibibyte + 1,
    64 * kibibyte + 7,
    200_000,
  ])('of %d bytes is encrypted as the specification says, and decrypted', (length) => {
    const clear = content(length);
    const encrypted = encryptedSimply(clear);
    const result = processed('encrypt', [clear]);
    expect(result.bytes.equals(encrypted)).toBe(true);
    expect(result.code).toBe(codeOf(encrypted));
    const back = processed('decrypt', [encrypted]);
    expect(back.bytes.equals(clear)).toBe(true);
    expect(back.code).toBe(codeOf(encrypted));
  });

  it('comes out in parts of 64 KiB at most', () => {
    const { parts } = processed('encrypt', [content(134 * kibibyte)]);
    expect(parts.map((part) => part.length)).toEqual([64, 64, 6].map((one) => one * kibibyte));
  });

  it('is the same in whatever chunks it arrives, wherever they are in memory', () => {
    const clear = content(150_000);
    const encrypted = encryptedSimply(clear);
    const length = fc.oneof(fc.nat(40), fc.nat(70_000));
    fc.assert(
      fc.property(fc.array(length, { maxLength: 8 }), fc.nat(15), (lengths, shift) => {
        const memory = Buffer.alloc(clear.length + shift);
        clear.copy(memory, shift);
        const moved = memory.subarray(shift);
        const result = processed('encrypt', divided(moved, lengths));
        expect(result.bytes.equals(encrypted)).toBe(true);
        expect(result.code).toBe(codeOf(encrypted));
        // The content itself is not changed.
        expect(moved.equals(clear)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('frees the memory of its keystream with the next one and at its end', () => {
    const cipher = new EntryCipher(keys, 'encrypt');
    const buffers: ArrayBufferLike[] = [];
    const freed = () => buffers.map(({ byteLength }) => byteLength === 0);
    for (const part of cipher.update(content(128 * kibibyte))) {
      buffers.push(part.buffer);
      expect(freed()).toEqual(buffers.map((_, i) => i < buffers.length - 1));
    }
    expect(buffers).toHaveLength(2);
    cipher.authenticationCode();
    expect(freed()).toEqual([true, true]);
  });
});

describe('content', () => {
  it.each([
    [0, []],
    [1, [1]],
    [chunkLength, [chunkLength]],
    [chunkLength + 1, [chunkLength, 1]],
    [3 * chunkLength, [chunkLength, chunkLength, chunkLength]],
  ])('of %d bytes is divided into chunks of 1 MiB at most', (length, expected) => {
    const whole = Buffer.alloc(length, 7);
    const chunks = [...chunksOf(whole)];
    expect(chunks.map((chunk) => chunk.length)).toEqual(expected);
    expect(Buffer.concat(chunks).equals(whole)).toBe(true);
    expect(chunkLength).toBe(1024 * 1024);
  });
});
