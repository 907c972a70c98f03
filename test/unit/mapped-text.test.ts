import fc from 'fast-check';
import { MappedText } from '../../src/core/redaction/mapped-text';
import { NumberList } from '../../src/core/redaction/number-list';

describe('a list of numbers by pages', () => {
  it('keeps every number in its place, over the borders of pages, and none beyond its ends', () => {
    const numbers = new NumberList();
    const expected = Array.from({ length: 12_289 }, (_, i) => i * 7);
    for (const one of expected) numbers.push(one);
    expect(numbers.length).toBe(expected.length);
    expect(expected.map((_, i) => numbers.at(i))).toEqual(expected);
    expect([numbers.at(-1), numbers.at(expected.length)]).toEqual([undefined, undefined]);
    expect(new NumberList().at(0)).toBeUndefined();
  });
});

describe('a text with the places of its source', () => {
  it('of many thousand runs finds each of them in the source', () => {
    // Of every two letters of the source one is shown; the runs fill several pages.
    const runs = 10_000;
    const text = new MappedText();
    for (let i = 0; i < runs; i += 1) text.copy('x', i * 2);
    expect(text.text).toBe('x'.repeat(runs));
    fc.assert(
      fc.property(fc.nat(runs - 1), fc.integer({ min: 1, max: 3 }), (start, count) => {
        const end = Math.min(start + count, runs);
        expect(text.sourceOf({ start, end })).toEqual(
          Array.from({ length: end - start }, (_, i) => ({
            start: (start + i) * 2,
            end: (start + i) * 2 + 1,
          })),
        );
      }),
      {
        examples: [
          [4095, 2],
          [4096, 1],
          [8191, 3],
        ],
      },
    );
  });
});
