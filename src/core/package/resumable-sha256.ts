/**
 * SHA-256 (FIPS 180-4) whose state can be stored between two stretches of a content, which the hashes of
 * Node and of Web Crypto do not offer: a package is read in several activities.
 */
export interface Sha256State {
  /** The eight words of the intermediate hash value. */
  words: number[];
  /** Bytes so far. */
  length: number;
  /** Bytes that do not fill a block yet, in base64. */
  rest: string;
}

const blockLength = 64;

export const emptySha256: Sha256State = {
  words: [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ],
  length: 0,
  rest: '',
};

/** Constants of section 4.2.2: the fractional parts of the cube roots of the first 64 primes. */
const constants = Int32Array.from([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);

const rotated = (value: number, bits: number): number => (value >>> bits) | (value << (32 - bits));

export class ResumableSha256 {
  private readonly words: Int32Array;
  private readonly schedule = new Int32Array(blockLength);
  private readonly block = Buffer.alloc(blockLength);
  private filled = 0;
  private length: number;

  constructor(state: Sha256State = emptySha256) {
    this.words = Int32Array.from(state.words, (word) => word | 0);
    this.length = state.length;
    this.filled = Buffer.from(state.rest, 'base64').copy(this.block);
  }

  update(bytes: Buffer): void {
    this.length += bytes.length;
    let at = 0;
    if (this.filled > 0) {
      at = bytes.copy(this.block, this.filled);
      this.filled += at;
      if (this.filled < blockLength) return;
      this.compress(this.block, 0);
    }
    for (; at + blockLength <= bytes.length; at += blockLength) this.compress(bytes, at);
    this.filled = bytes.copy(this.block, 0, at);
  }

  /** The state after the bytes so far, from which another hash goes on. */
  state(): Sha256State {
    return {
      words: Array.from(this.words, (word) => word >>> 0),
      length: this.length,
      rest: this.block.subarray(0, this.filled).toString('base64'),
    };
  }

  /** @returns the hash in hex; the object takes no more bytes afterwards */
  digest(): string {
    const { length } = this;
    // Section 5.1.1: a one bit, zeros, and the length in bits at the end of a block.
    const zeros = (blockLength * 2 - 9 - (length % blockLength)) % blockLength;
    const padding = Buffer.alloc(1 + zeros + 8);
    padding[0] = 0x80;
    padding.writeBigUInt64BE(BigInt(length) * 8n, 1 + zeros);
    this.update(padding);
    return Array.from(this.words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** Section 6.2.2. The index operators are known to hit: `as number` costs nothing, a default does. */
  private compress(bytes: Buffer, at: number): void {
    const { words, schedule: w } = this;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, blockLength);
    for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(i * 4);
    for (let i = 16; i < 64; i += 1) {
      const early = w[i - 15] as number;
      const late = w[i - 2] as number;
      const low = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
      const high = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
      w[i] = (high + (w[i - 7] as number) + low + (w[i - 16] as number)) | 0;
    }
    let a = words[0] as number;
    let b = words[1] as number;
    let c = words[2] as number;
    let d = words[3] as number;
    let e = words[4] as number;
    let f = words[5] as number;
    let g = words[6] as number;
    let h = words[7] as number;
    for (let i = 0; i < 64; i += 1) {
      const sum = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const choice = (e & f) ^ (~e & g);
      const first = (h + sum + choice + (constants[i] as number) + (w[i] as number)) | 0;
      const other = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const second = (other + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    words[0] = ((words[0] as number) + a) | 0;
    words[1] = ((words[1] as number) + b) | 0;
    words[2] = ((words[2] as number) + c) | 0;
    words[3] = ((words[3] as number) + d) | 0;
    words[4] = ((words[4] as number) + e) | 0;
    words[5] = ((words[5] as number) + f) | 0;
    words[6] = ((words[6] as number) + g) | 0;
    words[7] = ((words[7] as number) + h) | 0;
  }
}
