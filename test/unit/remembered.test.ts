import { remembered } from '../../src/core/redaction/remembered';

describe('what is found for a value', () => {
  it.each([['text'], [null], [undefined], [0]])('is found once, and is then known: %j', (found) => {
    const find = jest.fn(() => found);
    const known = remembered(find, 2);
    expect(['a', 'a', 'b', 'b', 'a'].map(known)).toEqual(Array(5).fill(found));
    expect(find.mock.calls.flat()).toEqual(['a', 'b']);
  });

  it('is of its value', () => {
    expect(['a', 'b', 'a'].map(remembered((value) => `of ${value}`, 2))).toEqual([
      'of a',
      'of b',
      'of a',
    ]);
  });

  it('is found anew for more values than are kept in mind', () => {
    const find = jest.fn((value: string) => value);
    const known = remembered(find, 2);
    for (const value of ['a', 'b', 'c', 'c', 'a', 'b']) expect(known(value)).toBe(value);
    expect(find.mock.calls.flat()).toEqual(['a', 'b', 'c', 'c']);
  });
});
