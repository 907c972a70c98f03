import { sha256 } from '@noble/hashes/sha2.js';
import type { Hasher } from './check';

/** SHA-256 of a stream, in a browser. */
export const browserHasher: Hasher = () => {
  const hash = sha256.create();
  return {
    stream: new WritableStream({ write: (chunk) => void hash.update(chunk) }),
    hex: () =>
      Promise.resolve(
        [...hash.digest()].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
      ),
  };
};
