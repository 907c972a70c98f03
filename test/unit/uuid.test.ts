import fc from 'fast-check';
import { uuidOf } from '../../src/core/uuid';

const hashes = fc.string({
  unit: fc.constantFrom(...'0123456789abcdef'),
  minLength: 32,
  maxLength: 64,
});

describe('a UUID of a hash', () => {
  it('keeps the digits of the hash except for the version and the variant', () => {
    const hash = '00112233445566778899aabbccddeeff';
    expect(uuidOf(hash)).toBe('00112233-4455-4677-8899-aabbccddeeff');
    expect(uuidOf(`${hash}0000`)).toBe(uuidOf(hash));
  });

  it('is a UUID of version 4, whatever the hash', () => {
    fc.assert(
      fc.property(hashes, (hash) => {
        expect(uuidOf(hash)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });

  it.each(['', '0011', '00112233445566778899AABBCCDDEEFF', 'g0112233445566778899aabbccddeeff'])(
    'is made of no other text: "%s"',
    (text) => {
      expect(() => uuidOf(text)).toThrow(RangeError);
    },
  );
});
