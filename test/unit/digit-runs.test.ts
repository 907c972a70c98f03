import { digitRuns, digitValue, gaps } from '../../src/core/redaction/digit-runs';
import { lettersAtATime } from '../../src/core/redaction/steps';

const names = Object.keys(gaps);
const nameOf = (gap: number): string => names[gap] ?? '';

/** Each run as its groups, with the name of what stands between two of them. */
function runsOf(text: string, leastDigits = 1): string[] {
  const runs: string[] = [];
  for (const run of digitRuns(text, leastDigits)) {
    if (run === null) continue;
    const groups = run.starts.map((start, i) => text.slice(start, run.ends[i]));
    expect([run.ends.length, run.gaps.length]).toEqual([groups.length, groups.length]);
    runs.push(groups.map((group, i) => `${nameOf(run.gaps[i] ?? -1)} ${group}`).join(' '));
  }
  return runs;
}

describe('a digit', () => {
  it.each([
    ['ASCII', 0x30],
    ['Arabic', 0x660],
    ['Eastern Arabic', 0x6f0],
    ['Devanagari', 0x966],
    ['full width', 0xff10],
  ])('of %s has its value, and what stands beside it in the table has none', (_script, zero) => {
    const codes = Array.from({ length: 12 }, (_, i) => zero - 1 + i);
    expect(codes.map(digitValue)).toEqual([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, -1]);
  });

  it('is no letter, and not what is behind the end of a text', () => {
    const codes = [...'aZ é๑'].map((letter) => letter.charCodeAt(0));
    expect([...codes, Number.NaN].map(digitValue)).toEqual([-1, -1, -1, -1, -1, -1]);
  });
});

describe('groups of digits', () => {
  it.each([
    ['space', [...' \u00a0\u1680\u2000\u2003\u200a\u202f\u205f\u3000']],
    ['hyphen', [...'-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d']],
    ['dot', [...'._\u00b7\u2022\u2024', ' .', '. ', '\u200b.']],
    ['lineBreak', [...'\n\r\v\f\u0085\u2028\u2029\t', '\r\n', '\r\n\r\n', '\n    ', '\t\t', '-\n']],
    // What is not seen is no separator to look at, but holds groups apart.
    [
      'space',
      [...'\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff', ' \u200b', '\u200b\u200b\u200b'],
    ],
    ['wide', ['  ', '   ', ' \u00a0', ' '.repeat(63)]],
    ['spacedHyphen', [' - ', '- ', ' -', '  –  ']],
    ['lineBreak', ['\n> ', '\n>', '\r\n>> ', '\n>\n> ', '\n\t', '\n\n\n\n']],
  ])('are held apart by a %s', (name, between) => {
    for (const gap of between) expect(runsOf(`12${gap}045`)).toEqual([`none 12 ${name} 045`]);
  });

  it.each([
    ...['--', '..', '-.', ' - - ', '.  ', '  .', '.\n', '\n.', '.\t', '\n\n\n\n\n', '\r\n\r\n\n'],
    ...[
      'x',
      ',',
      '/',
      ' x ',
      '>',
      ' > ',
      '>\n',
      '\t> ',
      ' '.repeat(64),
      '\n-\n-',
      ': ',
      '\nx',
      '\n> x',
    ],
  ])('are not of one number where "%s" stands between', (gap) => {
    expect(runsOf(`12${gap}045`)).toEqual(['none 12', 'none 045']);
  });

  it('are runs of those with one separator after the other', () => {
    expect(runsOf('a1 2-3 - 4  5.6\n7, 8')).toEqual([
      'none 1 space 2 hyphen 3 spacedHyphen 4 wide 5 dot 6 lineBreak 7',
      'none 8',
    ]);
    expect(runsOf('')).toEqual([]);
    expect(runsOf('none - . at all')).toEqual([]);
    expect(runsOf('1 - ')).toEqual(['none 1']);
  });

  it('matter where a run has enough digits, which are counted for each', () => {
    expect(runsOf('12 34, 123, 1 2 3 4, 12345', 4)).toEqual([
      'none 12 space 34',
      'none 1 space 2 space 3 space 4',
      'none 12345',
    ]);
  });
});

describe('a long text', () => {
  it('without end comes in parts, which share the last nineteen groups', () => {
    const numbers = Array.from({ length: 5000 }, (_, i) => String(1000 + i));
    const parts = runsOf(numbers.join(' '), 13);
    const shared = `none ${numbers.slice(0, 4096).join(' space ')}`;
    expect(parts).toEqual([shared, `space ${numbers.slice(4096 - 19).join(' space ')}`]);
  });

  it('comes in one part where it has as many groups as a part can have', () => {
    const groups = Array.from({ length: 4096 }, () => '1');
    expect(runsOf(groups.join(' '), 13)).toEqual([`none ${groups.join(' space ')}`]);
  });

  it('comes in parts only where they have enough digits', () => {
    const groups = (count: number): string => Array.from({ length: count }, () => '1').join(' ');
    expect(runsOf(groups(4100), 4096)).toHaveLength(2);
    expect(runsOf(groups(4100), 4097)).toHaveLength(1);
    expect(runsOf(groups(4100), 4101)).toHaveLength(0);
  });

  it('is read with a pause behind so many letters each', () => {
    const pausesOf = (text: string): number =>
      [...digitRuns(text, 1)].filter((run) => run === null).length;
    expect(pausesOf('a'.repeat(lettersAtATime))).toBe(0);
    expect(pausesOf('a'.repeat(lettersAtATime + 1))).toBe(1);
    expect(pausesOf('a'.repeat(2 * lettersAtATime + 1))).toBe(2);
    expect(pausesOf(`${'1'.repeat(2 * lettersAtATime)},a`)).toBe(1);
  });
});
