import { NumberIndex } from '../../src/core/redaction/people/numbers';

/** What is found of numbers in a text: which, and what of the text. */
function foundIn(text: string, ...numbers: string[]): string[] {
  const index = new NumberIndex<string>();
  for (const number of numbers) index.add(number, number);
  return index.find(text).map(({ start, end, value }) => `${value}: ${text.slice(start, end)}`);
}

const number = '493012345678';

describe('a number in a text', () => {
  it.each([
    ...['493012345678', '+493012345678', '+49 30 12345678', '+49-30-12345678', '+49/30/12345678'],
    ...['+49.30.12345678', '+49 (30) 12345678', '(49) 30 12345678', '49(30)12345678'],
    ...[
      '+(49) 30 12345678',
      '(+49) 30 12345678',
      '+49 30 12 34 56 78',
      '4 9 3 0 1 2 3 4 5 6 7 8',
      '+49 30 1234567-8',
    ],
    ...['+49\u00a030\u00a012345678', '+49\u202f30\u202f12345678', '+49\u201030\u201512345678'],
    ...['+49\n30\t12345678', '+49 - 30 / 12345678', '4 93012345678', '4-93012345678'],
  ])('is found as %j, alone and among words', (written) => {
    expect(foundIn(written, number)).toEqual([`${number}: ${written}`]);
    expect(foundIn(`call ${written}, please`, number)).toEqual([`${number}: ${written}`]);
    expect(foundIn(`${written}.`, number)).toEqual([`${number}: ${written}`]);
  });

  it.each([
    ['four characters are between its digits', '+49    30 12345678'],
    ['a comma is between its digits', '+49 30,12345678'],
    ['a plus is between its digits', '+49+30 12345678'],
    ['a word is between its digits', '+49 30 or 12345678'],
    ['a digit is missing', '+49 30 1234567'],
    ['a digit stands right before it', '1493012345678'],
    ['a digit stands right behind it', '4930123456789'],
    ['its groups do not begin with it', '149 30 12345678'],
    ['its groups do not end with it', '49 30 123456789'],
    ['a letter stands right before it', 'x493012345678'],
    ['a letter stands right behind it', '493012345678x'],
    ['a letter with an accent stands right before it', 'É49 30 12345678'],
    ['a letter of another script stands right behind it', '49 30 12345678ж'],
    ['an underscore stands right before it', '_493012345678'],
    ['an underscore stands right behind it', '493012345678_'],
    ['two letters stand before it behind a percent sign', '%zz493012345678'],
    ['no code stands before it behind a percent sign', '%2z493012345678'],
    ['a letter stands before it behind a percent sign', '%b493012345678'],
    ['three letters stand before it behind a percent sign', '%2BA493012345678'],
    ['a code stands further before it', '%2B_493012345678'],
    ['a code stands before it and a letter behind it', '%2B493012345678x'],
    ['there is nothing', ''],
    ['there are no digits', 'call ( + ) please'],
  ])('is not found where %s', (_where, text) => {
    expect(foundIn(text, number)).toEqual([]);
  });

  it.each([
    ['tel:+493012345678', '+493012345678'],
    ['?n=%2B493012345678&x', '493012345678'],
    ['?n=%2b493012345678&x', '493012345678'],
    ['?n=%3A493012345678&x', '493012345678'],
    ['%2B493012345678', '493012345678'],
    ['x+49 30 12345678', '+49 30 12345678'],
    ['x(49) 30 12345678', '(49) 30 12345678'],
    ['x-493012345678-x', '493012345678'],
    ['((49) 30 12345678', '(49) 30 12345678'],
    ['++49 30 12345678', '+49 30 12345678'],
    ['1 (49) 30 12345678', '(49) 30 12345678'],
    ['1 ((49) 30 12345678', '(49) 30 12345678'],
    ['x (+49) 30 12345678', '(+49) 30 12345678'],
    ['x((+49) 30 12345678)', '(+49) 30 12345678'],
    ['x (49 30) 12345678', '(49 30) 12345678'],
    ['x (+49 30 12345678)', '+49 30 12345678'],
    ['x (49 30 12345678)', '49 30 12345678'],
    ['x 1 (49 30 12345678)', '49 30 12345678'],
    ['x (493012345678', '493012345678'],
    ['x 49 (30 12345678', '49 (30 12345678'],
    ['x (49 (30) 12345678)', '49 (30) 12345678'],
    ['x (+49 (30) 12345678)', '+49 (30) 12345678'],
    ['x ((49) 30 12345678)', '(49) 30 12345678'],
    ['7 +49 30 12345678', '+49 30 12345678'],
    ['2 49 30 12345678 2', '49 30 12345678'],
    ['49 49 30 12345678', '49 30 12345678'],
    ['4 49 30 12345678', '49 30 12345678'],
  ])('is found in %j as %j', (text, written) => {
    expect(foundIn(text, number)).toEqual([`${number}: ${written}`]);
  });

  it('is found wherever it stands, in order', () => {
    const index = new NumberIndex<number>();
    index.add('0301234567', 1);
    index.add('0407654321', 2);
    const text = '040 7654321 030 1234567/0301234567, (040) 7654321';
    expect(index.find(text)).toEqual([
      { start: 0, end: 11, value: 2 },
      { start: 12, end: 23, value: 1 },
      { start: 24, end: 34, value: 1 },
      { start: 36, end: 49, value: 2 },
    ]);
  });

  it('is the longest of those that begin there', () => {
    const numbers = ['0301234567', '030123456789', '030123456'];
    for (const known of [numbers, numbers.toReversed()]) {
      expect(foundIn('030 123456 7 8 9', ...known)).toEqual(['030123456789: 030 123456 7 8 9']);
      expect(foundIn('030 123456 7 8', ...known)).toEqual(['0301234567: 030 123456 7']);
      expect(foundIn('030 123456 8', ...known)).toEqual(['030123456: 030 123456']);
    }
  });

  it('is the longest of those that are no part of a word', () => {
    const numbers = ['030123456', '03012345678'];
    expect(foundIn('030 123456 78', ...numbers)).toEqual(['03012345678: 030 123456 78']);
    expect(foundIn('030 123456 78b', ...numbers)).toEqual(['030123456: 030 123456']);
  });

  it('is not found within another, but right behind it', () => {
    const numbers = ['0301234567', '1234567', '7654321'];
    expect(foundIn('030 1234567', ...numbers)).toEqual(['0301234567: 030 1234567']);
    expect(foundIn('030 1234567 7654321', ...numbers)).toEqual([
      '0301234567: 030 1234567',
      '7654321: 7654321',
    ]);
    expect(foundIn('030 1234567, 1234567', ...numbers)).toEqual([
      '0301234567: 030 1234567',
      '1234567: 1234567',
    ]);
    expect(foundIn('030 1234567(1234567)', ...numbers)).toEqual([
      '0301234567: 030 1234567',
      '1234567: 1234567',
    ]);
  });

  it('has twenty digits at most, in as many groups', () => {
    const twenty = '01234567890123456789';
    expect(foundIn(twenty, twenty)).toEqual([`${twenty}: ${twenty}`]);
    const apart = [...twenty].join(' ');
    expect(foundIn(`${apart}  1`, twenty)).toEqual([`${twenty}: ${apart}`]);
    expect(foundIn(`${twenty}0`, `${twenty}0`)).toEqual([]);
    expect(foundIn(`${apart} 0`, `${twenty}0`)).toEqual([]);
  });

  it.each(['1234567', '12345678'])('is found beside longer ones: %s', (one) => {
    expect(foundIn(`${one}; 493012345678`, number, one)).toEqual([
      `${one}: ${one}`,
      `${number}: 493012345678`,
    ]);
    expect(foundIn(`${one}; 493012345678`, one, number)).toEqual([
      `${one}: ${one}`,
      `${number}: 493012345678`,
    ]);
  });

  it('is of whom it was said last, and of the person where that is said', () => {
    const index = new NumberIndex<string | null>();
    index.add(number, 'one');
    index.add(number, 'another');
    index.add('0407654321', 'somebody');
    index.add('0407654321', null);
    expect(index.find('+49 30 12345678, 040 7654321').map(({ value }) => value)).toEqual([
      'another',
      null,
    ]);
  });

  it('is found nowhere where no number is known', () => {
    expect(foundIn(`call ${number}`)).toEqual([]);
  });
});
