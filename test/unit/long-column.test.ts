import fc from 'fast-check';
import { longTextOf, withLongText } from '../../src/adapters/storage/long-column';

describe('a text that is longer than a column', () => {
  it('comes back whole, whatever was there before, and other columns stay', () => {
    const length = fc.integer({ min: 0, max: 330_000 });
    fc.assert(
      fc.property(length, length, (before, after) => {
        const others = { state: 'x', detailsAt: 'y', details0: 'z' };
        const stored = withLongText(others, 'details', 'a'.repeat(before));
        const text = 'b'.repeat(after);
        const changed = withLongText(stored, 'details', text);
        expect(longTextOf(changed, 'details')).toBe(text);
        expect(changed).toMatchObject(others);
        const columns = Object.values(changed).filter((value) => String(value).startsWith('a'));
        expect(columns).toEqual([]);
        expect(Object.values(changed).every((value) => String(value).length <= 32_768)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is none where there is no column', () => {
    expect(longTextOf({ details2: 'x' }, 'details')).toBeNull();
  });
});
