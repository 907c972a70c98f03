import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { ResumableSha256, type Sha256State } from '../../src/core/package/resumable-sha256';

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

describe('SHA-256 with a state that can be stored', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000])(
    'is the SHA-256 of %i bytes, however they arrive',
    (length) => {
      const content = Buffer.from(Array.from({ length }, (_, i) => (i * 37) & 255));
      for (const step of [1, 7, 64, 100, 1000]) {
        const hash = new ResumableSha256();
        for (let at = 0; at < length; at += step) hash.update(content.subarray(at, at + step));
        expect(hash.digest()).toBe(sha256(content));
      }
    },
  );

  it('goes on from a state that was stored between any two bytes', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 12 });
    fc.assert(
      fc.property(chunks, (parts) => {
        let state: Sha256State | undefined;
        for (const part of parts) {
          const hash = new ResumableSha256(state);
          hash.update(Buffer.from(part));
          state = JSON.parse(JSON.stringify(hash.state())) as Sha256State;
        }
        expect(new ResumableSha256(state).digest()).toBe(sha256(Buffer.concat(parts)));
      }),
    );
  });

  it('counts the bits of a content in 64 bits', () => {
    const lengths = [0, 2 ** 29, 2 ** 32, 2 ** 40];
    const hashes = lengths.map((length) => {
      const state = { ...new ResumableSha256().state(), length };
      return new ResumableSha256(state).digest();
    });
    expect(new Set(hashes).size).toBe(lengths.length);
  });
});
