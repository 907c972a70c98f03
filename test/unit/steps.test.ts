import fc from 'fast-check';
import { appendInSteps, drain, each, joined, Pace, sorted } from '../../src/core/redaction/steps';

/** What work returns, and what was done before each of its pauses, as a counter tells. */
function withPauses<T>(work: Generator<void, T>, done: () => number): { value: T; at: number[] } {
  const at: number[] = [];
  for (;;) {
    const step = work.next();
    if (step.done === true) return { value: step.value, at };
    at.push(done());
  }
}

const numbers = Array.from({ length: 1_000 }, (_, i) => i);

describe('work in steps', () => {
  it('pauses when as much was done as may be, and begins to count anew', () => {
    const pace = new Pace(3);
    expect([1, 1, 1, 1, 2, 3].map((work) => pace.isOver(work))).toEqual([
      ...[false, false, true, false, true, true],
    ]);
    expect(new Pace(1).isOver()).toBe(true);
  });

  it('on each of many pauses after every 200 of them', () => {
    let count = 0;
    const { value, at } = withPauses(
      each(numbers, (one) => {
        count += 1;
        return one * 2;
      }),
      () => count,
    );
    expect(value).toEqual(numbers.map((one) => one * 2));
    expect(at).toEqual([200, 400, 600, 800, 1_000]);
  });

  it('is done to its end where nobody waits for its pauses', () => {
    expect(
      drain(
        each(
          Array.from({ length: 500 }, (_, i) => i),
          (one) => one + 1,
        ),
      ).at(-1),
    ).toBe(500);
  });

  it('adds many to a list in their order', () => {
    const list = [7];
    const { at } = withPauses(appendInSteps(list, numbers), () => list.length);
    expect(list).toEqual([7, ...numbers]);
    expect(at).toEqual([201, 401, 601, 801, 1_001]);
  });

  it.each([0, 1, 199, 200, 201, 400, 1_000])('puts %d pieces of a text together', (length) => {
    const pieces = numbers.slice(0, length).map((one) => `${one},`);
    const { value, at } = withPauses(joined(pieces), () => 0);
    expect(value).toBe(pieces.join(''));
    expect(at).toHaveLength(length <= 200 ? 0 : Math.ceil(length / 200));
  });

  it('sorts as a list sorts itself, equals as they were, and pauses', () => {
    const one = fc.record({ key: fc.nat(20), id: fc.nat() });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 600 }), (list) => {
        const inOrder = drain(sorted(list, (a, b) => a.key - b.key));
        expect(inOrder).toEqual(list.toSorted((a, b) => a.key - b.key));
      }),
    );
  });

  it('compares no more than 400 times between two pauses, and once each what is in order', () => {
    let compared = 0;
    let last = 0;
    const compare = (a: number, b: number): number => {
      compared += 1;
      return a - b;
    };
    const { at } = withPauses(sorted(numbers.toReversed(), compare), () => compared);
    for (const count of [...at, compared]) {
      expect(count - last).toBeLessThanOrEqual(400);
      last = count;
    }
    // Each number is moved at most eleven times.
    expect(at.length).toBeLessThanOrEqual((11 * numbers.length) / 200);
    for (const list of [numbers, numbers.map(() => 7)]) {
      compared = 0;
      const inOrder = withPauses(sorted(list, compare), () => compared);
      expect(inOrder.value).toEqual(list);
      expect(inOrder.at).toEqual([199, 399, 599, 799, 999]);
      expect(compared).toBe(list.length - 1);
    }
  });
});
