import fc from 'fast-check';
import { compilePattern, problemOf, type Match } from '../../src/core/redaction/patterns';
import { anyCharacter } from '../helpers/characters';

function find(expression: string, text: string): { found: Match[]; steps: number } {
  const work = compilePattern(expression).findInSteps(text);
  for (let steps = 0; ; steps += 1) {
    const step = work.next();
    if (step.done) return { found: step.value, steps };
  }
}

/** What JavaScript finds, without what is empty. */
const byRegExp = (expression: string, text: string): Match[] =>
  [...text.matchAll(new RegExp(expression, 'gu'))]
    .map(({ 0: match, index }) => ({ start: index, end: index + match.length }))
    .filter(({ start, end }) => end > start);

/** Expressions as policies have them. */
const ordinary = [
  'DE\\d{20}',
  '\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){4,7}\\b',
  '[\\w.+-]+@[\\w-]+\\.[\\w.]+',
  'order\\s+(?:number|no\\.)\\s*\\d+',
  '\\b\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}\\b',
  '\\p{Lu}\\p{Ll}+ \\p{Lu}\\p{Ll}+',
  '[\\s\\S]x',
  '\\S+\\.pdf',
  '[^\\n]+',
  '^.{3}',
  'end$',
  'a|ab|abc',
  '(?<year>\\d{4})-\\d\\d',
  '\\u00e4\\u{1F600}?',
  '\\p{Script=Greek}+',
  '[\\u{1F600}-\\u{1F64F}]',
  '\\d+?5',
  '.',
];

describe('an expression of a policy', () => {
  it.each(ordinary)('is accepted, and finds what JavaScript finds: %s', (expression) => {
    expect(problemOf(expression)).toBeNull();
    const word = fc.constantFrom(
      ...['DE89370400440532013000', 'DE89 3704 0044 0532 0130 00', 'zoe@home.example', 'order'],
      ...[
        'number',
        'no.',
        ' ',
        '\u00a0',
        '\r\n',
        '\n',
        '\u2028',
        '12.3.2026',
        'Zoe Example',
        'αβγ',
      ],
      ...['😀', 'ä', 'abc', '2026-11', 'x', 'end', 'file.pdf', '\ufeff', '\v', '5', '1235'],
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.string({ unit: anyCharacter })), { size: '+1' }),
        (words) => {
          const text = words.join('');
          expect(find(expression, text).found).toEqual(byRegExp(expression, text));
        },
      ),
    );
  });

  it('that is put together from such pieces finds what JavaScript finds', () => {
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(
          'a',
          'b',
          '\\d',
          '\\w',
          '\\s',
          '.',
          '[ab]',
          '[^a]',
          '\\b',
          'ä',
          '\\S',
          '\\W',
        ),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}${b}`),
        fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('expression'), fc.constantFrom('{2}', '{1,3}'))
          .map(([a, times]) => `(${a}c)${times}`),
      ),
    }));
    const text = fc.string({ unit: fc.constantFrom(...'aabbcc1 _ä\u00a0\n\r😀') });
    fc.assert(
      fc.property(expression, text, (one, searched) => {
        expect(find(one, searched).found).toEqual(byRegExp(one, searched));
      }),
      { numRuns: 1_000 },
    );
  });

  // JavaScript needs longer than anybody lives for each of these.
  it.each([
    ...['(a+)+$', '(a|aa)+$', '(a|a?)+$', '(a*)*b', '([a-zA-Z]+)*$', '(.*a){12}x', '(x+x+)+y'],
    ...['^(([a-z])+.)+[A-Z]([a-z])+$', '(?:a+){20}b', '(\\w+\\s?)*;', '(a|b|ab)*c'],
  ])('takes no more time than the text is long: %s', (expression) => {
    expect(problemOf(expression)).toBeNull();
    const { steps } = find(expression, `${'a'.repeat(20_000)}!`);
    expect(steps).toBeGreaterThan(3);
  });

  it.each([
    ['(?=(a+)+$)b', 'looks ahead or behind'],
    ['(?=(?=(a+)+$))', 'looks ahead or behind'],
    ['(?!x)y', 'looks ahead or behind'],
    ['(?<=a)b', 'looks ahead or behind'],
    ['(?<!\\d)5', 'looks ahead or behind'],
    ['(a+)\\1', 'refers back to a group'],
    ['(?<n>a+)\\k<n>', 'refers back to a group'],
    ['(a{20}){30}', 'is too large: its repetitions come to'],
    ['a{1001}', 'RE2 knows: invalid repeat count'],
    ['((a{100}){100}){100}', 'RE2 knows: invalid repeat count'],
    ['(', 'RE2 knows: missing closing )'],
    ['[z-a]', 'RE2 knows: invalid character class range'],
    ['x**', 'RE2 knows: invalid nested repetition operator'],
    ['', 'is empty'],
  ])('is refused, and it is said why: %s', (expression, reason) => {
    expect(problemOf(expression)).toContain(reason);
  });

  it('of any form is accepted or refused, and searched when it is accepted', () => {
    const piece = fc.constantFrom(
      ...[
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '?',
        '*',
        '+',
        '\\',
        '|',
        '^',
        '$',
        '.',
        '-',
        ',',
        '1',
        '9',
      ],
      ...[
        'a',
        'p',
        'P',
        'L',
        'u',
        'x',
        's',
        'S',
        'k',
        '<',
        '>',
        '=',
        '!',
        ':',
        'Q',
        'E',
        'C',
        '😀',
      ],
      ...['\ud800', '\n', '(?i)', '(?s)', '\\p{', '[[:', ':]]'],
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 20 }),
        fc.string({ unit: anyCharacter }),
        (pieces, text) => {
          const expression = pieces.join('');
          if (problemOf(expression) !== null) return;
          let reached = 0;
          for (const { start, end } of find(expression, text).found) {
            expect(start).toBeGreaterThanOrEqual(reached);
            expect(end).toBeGreaterThan(start);
            reached = end;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is not taken for one that looks behind because of a backslash that is meant', () => {
    expect(problemOf('\\\\1')).toBeNull();
    expect(find('\\\\1', 'a\\1').found).toEqual([{ start: 1, end: 3 }]);
  });

  it.each([4_000, 4_095, 4_096, 4_097, 8_190, 12_287, 50_000])(
    'is found wherever it stands in a long text, with what stands beside it: at %d',
    (at) => {
      const text = `${'.'.repeat(at)}DE89370400440532013000${'.'.repeat(9_000)}`;
      const found = [{ start: at, end: at + 22 }];
      expect(find('DE\\d{20}', text).found).toEqual(found);
      expect(find('\\bDE\\d{20}\\b', text).found).toEqual(found);
      expect(find('^DE\\d{20}', text).found).toEqual([]);
      expect(find('DE\\d{20}$', text).found).toEqual([]);
      expect(find('\\bE89', text).found).toEqual([]);
    },
  );

  it('finds the beginning and the end of a long text once', () => {
    const text = 'ab'.repeat(20_000);
    expect(find('^a|b$', text).found).toEqual([
      { start: 0, end: 1 },
      { start: 39_999, end: 40_000 },
    ]);
  });

  it('lets others go on between two windows, and within one that is full of matches', () => {
    expect(find('x', '.'.repeat(100_000)).steps).toBeGreaterThanOrEqual(24);
    expect(find('x', 'x'.repeat(100_000)).steps).toBeGreaterThanOrEqual(100_000 / 16);
  });
});
