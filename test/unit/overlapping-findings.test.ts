import {
  countsOf,
  merged,
  outside,
  withMarks,
  type Finding,
} from '../../src/core/redaction/findings';
import { drain } from '../../src/core/redaction/steps';

const found = (start: number, end: number, mark: string): Finding => ({
  ...{ start, end, mark },
  reason: `reason of ${mark}`,
});

describe('findings that overlap', () => {
  it.each<[string, Finding[], Finding[]]>([
    ['none', [], []],
    ['one', [found(1, 3, 'A')], [found(1, 3, 'A')]],
    ['two that touch', [found(3, 5, 'B'), found(1, 3, 'A')], [found(1, 3, 'A'), found(3, 5, 'B')]],
    ['two of which the second goes on', [found(1, 4, 'A'), found(3, 6, 'B')], [found(1, 6, 'A')]],
    ['one within another', [found(2, 3, 'B'), found(1, 6, 'A')], [found(1, 6, 'A')]],
    [
      'a short and a long one from one place',
      [found(1, 3, 'A'), found(1, 6, 'B')],
      [found(1, 6, 'B')],
    ],
    ['two of the same letters', [found(1, 3, 'A'), found(1, 3, 'B')], [found(1, 3, 'A')]],
    [
      'three in a chain',
      [found(5, 9, 'C'), found(3, 6, 'B'), found(1, 4, 'A')],
      [found(1, 9, 'A')],
    ],
    ['an empty one', [found(1, 4, 'A'), found(2, 2, 'B'), found(6, 6, 'C')], [found(1, 4, 'A')]],
    ['an empty one before all', [found(0, 0, 'B'), found(0, 4, 'A')], [found(0, 4, 'A')]],
    [
      'the rest of one, and one of its own',
      [found(1, 4, ''), found(3, 6, 'B')],
      [found(1, 6, 'B')],
    ],
    [
      'one of its own, and the rest of one',
      [found(1, 4, 'A'), found(3, 6, '')],
      [found(1, 6, 'A')],
    ],
    ['the rest of one alone', [found(1, 4, ''), found(3, 6, '')], [found(1, 6, '')]],
  ])('are one, named by the first of them: %s', (_what, list, expected) => {
    const before = structuredClone(list);
    expect(drain(merged(list))).toEqual(expected);
    expect(list).toEqual(before);
  });
});

describe('findings without what stays', () => {
  const one = (start: number, end: number): Finding => found(start, end, 'A');

  it.each<[string, Finding[], [number, number][], Finding[]]>([
    ['nothing', [one(2, 6)], [], [one(2, 6)]],
    ['the whole of it', [one(2, 6)], [[2, 6]], []],
    ['more than it', [one(2, 6)], [[0, 9]], []],
    ['its begin', [one(2, 6)], [[0, 3]], [one(3, 6)]],
    ['its end', [one(2, 6)], [[5, 9]], [one(2, 5)]],
    ['its middle', [one(2, 6)], [[3, 4]], [one(2, 3), one(4, 6)]],
    [
      'two parts of it',
      [one(2, 9)],
      [
        [3, 4],
        [6, 7],
      ],
      [one(2, 3), one(4, 6), one(7, 9)],
    ],
    [
      'what touches it',
      [one(2, 6)],
      [
        [0, 2],
        [6, 8],
      ],
      [one(2, 6)],
    ],
    ['what lies over two', [one(2, 6), one(7, 9)], [[4, 8]], [one(2, 4), one(8, 9)]],
    ['what lies between two', [one(2, 4), one(7, 9)], [[5, 6]], [one(2, 4), one(7, 9)]],
    [
      'one long and one short',
      [one(2, 6)],
      [
        [2, 6],
        [3, 4],
      ],
      [],
    ],
  ])('are what is left of them: %s', (_what, list, kept, expected) => {
    const ranges = kept.map(([start, end]) => ({ start, end }));
    expect(drain(outside(list, ranges))).toEqual(expected);
  });
});

describe('a text with marks', () => {
  it('has each in the place of what was found, and every other letter', () => {
    const list = [found(0, 2, 'A'), found(3, 4, ''), found(4, 6, 'C')];
    expect(drain(withMarks('0123456789', list))).toBe('A2C6789');
    expect(drain(withMarks('0123456789', [found(8, 10, 'Z')]))).toBe('01234567Z');
    expect(drain(withMarks('0123', []))).toBe('0123');
    expect(drain(countsOf([...list, found(7, 8, 'A')]))).toEqual(
      new Map([
        ['reason of A', 2],
        ['reason of C', 1],
      ]),
    );
    expect(drain(countsOf([]))).toEqual(new Map());
  });
});
