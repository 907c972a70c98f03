import fc from 'fast-check';
import * as steps from '../../src/core/redaction/findings';
import type { Finding } from '../../src/core/redaction/findings';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { countRedactions } from '../../src/core/redaction/redactions';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { drain } from '../../src/core/redaction/steps';

const merged = (found: readonly Finding[]): Finding[] => drain(steps.merged(found));
const outside = (...given: Parameters<typeof steps.outside>): Finding[] =>
  drain(steps.outside(...given));
const withMarks = (...given: Parameters<typeof steps.withMarks>): string =>
  drain(steps.withMarks(...given));

const finding = (start: number, end: number, mark = 'X'): Finding => ({
  ...{ start, end, mark },
  reason: 'r',
});
const findings = fc.array(
  fc.tuple(fc.nat(30), fc.nat(8)).map(([start, length]) => finding(start, start + length)),
);

describe('findings in a text', () => {
  it('that overlap are one, with the mark of the first', () => {
    const found = [finding(4, 9, 'B'), finding(0, 5, 'A'), finding(9, 10, 'C'), finding(2, 2, 'D')];
    expect(merged(found)).toEqual([finding(0, 9, 'A'), finding(9, 10, 'C')]);
    expect(withMarks('0123456789ab', merged(found))).toBe('ACab');
  });

  it('cover the same letters when they are one, and none that stays', () => {
    const places = (list: readonly { start: number; end: number }[]): Set<number> =>
      new Set(
        list.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)),
      );
    fc.assert(
      fc.property(findings, findings, (found, kept) => {
        const one = merged(found);
        expect(places(one)).toEqual(places(found));
        one
          .slice(1)
          .forEach(({ start }, i) => expect(start).toBeGreaterThanOrEqual(one[i]?.end ?? 0));
        const stays = places(kept);
        const rest = outside(one, merged(kept));
        expect(places(rest)).toEqual(new Set([...places(found)].filter((at) => !stays.has(at))));
      }),
    );
  });

  it('leave out what stays, and no piece of them is empty', () => {
    const stays = [finding(0, 1), finding(4, 6), finding(8, 9), finding(12, 20)];
    const found = [finding(1, 4), finding(5, 6), finding(6, 12), finding(13, 14), finding(19, 22)];
    expect(outside(found, stays)).toEqual([
      ...[finding(1, 4), finding(6, 8), finding(9, 12), finding(20, 22)],
    ]);
    expect(outside(found, [])).toEqual(found);
    expect(outside([finding(0, 9)], [finding(0, 9)])).toEqual([]);
  });

  it('are worked on with a pause after every 200, and the text without any is the text', () => {
    const pausesOf = (work: Generator<void, unknown>): number => {
      let pauses = 0;
      while (work.next().done !== true) pauses += 1;
      return pauses;
    };
    const many = Array.from({ length: 1_000 }, (_, i) => finding(i * 3, i * 3 + 2));
    const kept = many.map(({ start }) => finding(start + 1, start + 2));
    expect(pausesOf(steps.outside(many, []))).toBe(5);
    expect(pausesOf(steps.outside(many, kept))).toBe(10);
    expect(pausesOf(steps.merged(many))).toBe(10);
    expect(pausesOf(steps.withMarks('x'.repeat(3_000), many))).toBe(16);
    expect(withMarks('text', [])).toBe('text');
  });

  it('are counted by why, once each', () => {
    const found = [finding(0, 1), finding(2, 3, ''), finding(4, 5)];
    expect(drain(steps.countsOf(found))).toEqual(new Map([['r', 2]]));
  });

  it('are those that the text is masked with', () => {
    const policy = { ...defaultPolicy, patterns: [{ name: 'order', pattern: 'no\\. \\d+' }] };
    const sanitiser = new Sanitiser(policy, (id) => id);
    const text = 'no. 12: 4111 1111 1111 1111 1225, 5555555555554444';
    expect(
      sanitiser.find(text).map(({ start, end, reason }) => [text.slice(start, end), reason]),
    ).toEqual([
      ['no. 12', 'pattern:order'],
      ['4111 1111 1111 1111', 'cardNumber'],
      ['5555555555554444', 'cardNumber'],
    ]);
    expect(sanitiser.redactions).toEqual({});
    expect(sanitiser.text(text)).toBe(
      '[order removed]: [card number removed] 1225, [card number removed]',
    );
    expect(countRedactions(sanitiser.redactions)).toEqual({ 'pattern:order': 1, cardNumber: 2 });
  });
});
