import {
  findCards,
  isCardValue,
  isCheckDigitRight,
  searchCards,
  type TextContext,
} from '../../src/core/redaction/cards';

/** A text with each card that is found in it as [C]; where markup stands within, its other parts as [+]. */
function mask(text: string, context?: TextContext): string {
  const parts = findCards(text, context).flatMap((card) =>
    card.map((part, i) => ({ ...part, mark: i === 0 ? '[C]' : '[+]' })),
  );
  let masked = '';
  let at = 0;
  for (const { start, end, mark } of parts) {
    expect(start).toBeGreaterThanOrEqual(at);
    masked += text.slice(at, start) + mark;
    at = end;
  }
  return masked + text.slice(at);
}
const expectMasked = (text: string, expected: string, context?: TextContext): void => {
  expect(mask(text, context)).toBe(expected);
};
const expectFound = (text: string, isFound: boolean): void => {
  expectMasked(`a, ${text}, z`, isFound ? 'a, [C], z' : `a, ${text}, z`);
};

const visa = '4111111111111111';
const amex = '378282246310005';
const named = '4222222222222';

describe('a check digit', () => {
  it.each([
    ...['0', '18', '59', '67', '75', '26', '34', '42', '91', '109', '49927398716', amex, visa],
    ...['6304000000000000000', '4111111111111111110'],
  ])('of %s is right, and no other one is', (number) => {
    const others = Array.from({ length: 10 }, (_, digit) => `${number.slice(0, -1)}${digit}`);
    expect(others.filter(isCheckDigitRight)).toEqual([number]);
  });
});

describe('groups that end where they end on cards', () => {
  it.each([
    ...['4111 1111 1111 1111', '41111111 11111111', '4111 111111111111', '4111 1111 1111 1111 110'],
    ...['3782 822463 10005', '3782 82246310005', '3782822463 10005', '3622 720627 1667'],
    ...['622126 0000000018', '622126 0000000000126', [...visa].join(' '), [...amex].join(' ')],
  ])('are of a card: %s, whatever stands between them', (text) => {
    for (const gap of [' ', '-', '.', '  ', ' - ', '\n', '\t', '_'])
      expectFound(text.replaceAll(' ', gap), true);
    for (const gap of ['--', '..', '. ', '/', ', ', '\n.', ' '.repeat(64)])
      expectFound(text.replaceAll(' ', gap.replace('. ', '.  ')), false);
  });

  it.each([
    ['a line break', '4111 1111\n1111 1111', true],
    ['a line break and hyphens', '4111-1111\n1111-1111', true],
    ['two separators', '4111 1111-1111 1111', true],
    ['dots and another separator', '4111.1111 1111.1111', false],
    ['a dot and a line break', '4111.1111\n1111.1111', false],
  ])('are of a card or not with %s', (_what, text, isFound) => {
    expectFound(text, isFound);
  });

  it.each([
    ['all but the last of one length', '41111 11111 11111 1', true],
    ['all of one length', '37828 22463 10005', true],
    ['all but the last, which is longer', '41111 11111 111111', true],
    ['groups of four and ten in a number of sixteen digits', '4111 111111 111111', true],
    ['a group of six, and others', '622126 000000 0018', true],
    ['single digits but for the last group', `${[...visa.slice(0, -2)].join(' ')} 11`, true],
    ['single digits but for the first group', `41 ${[...visa.slice(2)].join(' ')}`, true],
    ['a short first group', '41 111111 1111 1111', true],
  ])('are not these, which spaces and hyphens hold apart: %s', (_what, text, isFound) => {
    for (const gap of [' ', '-', '  ', ' - ']) expectFound(text.replaceAll(' ', gap), isFound);
    for (const gap of ['.', '\n', '\t']) expectFound(text.replaceAll(' ', gap), false);
    const mixed = text.replace(' ', '-');
    if (mixed.includes(' ')) expectFound(mixed, false);
    expectMasked(`card: ${mixed}`, `card: [C]`);
  });

  it.each([
    ['one group', visa, true],
    ['groups as on cards', '4111 1111 1111 1111', true],
    ['groups of one length, but for the last', '41111 11111 11111 1', true],
    ['groups of one length', '37828 22463 10005', true],
    ['groups of which the last is longer', '41111 11111 111111', false],
    ['other groups', '41111 111 1111 1111', false],
  ])('beside a letter are of a card as they are written: %s', (_what, text, isFound) => {
    expectMasked(text, '[C]');
    expectMasked(`x ${text} x`, 'x [C] x');
    for (const letter of ['x', 'é', 'Ж']) {
      expectMasked(`${letter}${text}`, isFound ? `${letter}[C]` : `${letter}${text}`);
      expectMasked(`${text}${letter}`, isFound ? `[C]${letter}` : `${text}${letter}`);
    }
  });
});

describe('a number is of a card by its digits', () => {
  it.each([
    ['of an issuer', '5555555555554444', '[C]'],
    ['of no issuer', '1234567890123452', '1234567890123452'],
    ['with a wrong check digit', '4111111111111112', '4111111111111112'],
    ['of nineteen digits', '6304000000000000000', '[C]'],
    ['of twenty digits', '63040000000000000004', '63040000000000000004'],
    ['of twelve digits, beside a word', 'card 411111111116', 'card 411111111116'],
    [
      'that is one digit again and again, beside a word',
      'card 6666666666666',
      'card 6666666666666',
    ],
    ['of digits of another script', '٤١١١ ١١١١ ١١١١ ١١١١', '[C]'],
  ])('%s', (_what, text, expected) => {
    expectMasked(text, expected);
  });

  it('which others have far more often, only beside a word for cards or an expiry date', () => {
    expectMasked(named, named);
    expectMasked(`card ${named}`, 'card [C]');
    expectMasked(`${named}, my card`, '[C], my card');
    expectMasked(`${named} 12/27`, '[C] 12/27');
    expectMasked(`the ${named} word`, `the ${named} word`);
  });

  it('where a word stands near it', () => {
    const filler = (letters: number): string => ' '.padEnd(letters, '.');
    expectMasked(`card${filler(56)}${named}`, `card${filler(56)}[C]`);
    expectMasked(`card${filler(57)}${named}`, `card${filler(57)}${named}`);
    expectMasked(`${named}${filler(36)}card`, `[C]${filler(36)}card`);
    expectMasked(`${named}${filler(37)}card`, `${named}${filler(37)}card`);
  });

  it('where the field is called so, and the number is near its start', () => {
    const filler = '.'.repeat(60);
    expectMasked(named, '[C]', { field: 'myCard' });
    expectMasked(named, named, { field: 'my' });
    expectMasked(`${filler}${named}`, `${filler}[C]`, { field: 'cardId' });
    expectMasked(`${filler}.${named}`, `${filler}.${named}`, { field: 'cardId' });
  });

  it("unless it is the person's own, or part of something else", () => {
    const own = new Set([visa]);
    expectMasked(`${visa}, 4111 1111 1111 1111, ${amex}`, `${visa}, 4111 1111 1111 1111, [C]`, {
      own,
    });
    expectMasked(`${visa}`, '[C]', { own: new Set() });
    expectMasked(`0000a7fe${visa}`, `0000a7fe${visa}`);
    expectMasked(
      'card 41111111-1111-4111-8a11-111111111111',
      'card 41111111-1111-4111-8a11-111111111111',
    );
  });
});

describe('a number in a list, one a line', () => {
  it.each([
    ['of which it is none', '4111\n1111\n1111\n1111', true],
    ['that goes on behind it', '4111\n1111\n1111\n1111\n9876', false],
    ['that goes on behind its last line', '4111 1111 1111\n1111\n9876', false],
    ['that goes on before it', '1234\n4111\n1111\n1111\n1111', false],
    ['that goes on before its first line', '1234\n4111 1111 1111\n1111', false],
    ['with longer lines behind', '4111 1111 1111\n1111\n98765', true],
    ['with longer lines before', '12345\n4111 1111 1111\n1111', true],
    ['with another separator behind', '4111 1111 1111\n1111-9876', true],
    ['with another separator before', '1234-4111 1111 1111\n1111', true],
    ['but within one line', '1234\n4111 1111 1111 1111\n9876', true],
    ['of whole numbers', `1234567890123452\n${visa}\n1234567890123452`, true],
  ])('%s', (_what, text, isFound) => {
    const masked = mask(`a, ${text}, z`);
    expect([text, masked.includes('[C]')]).toEqual([text, isFound]);
    expect(mask(`card: ${text}, z`)).toContain('[C]');
  });
});

describe('a number beside a point', () => {
  it.each([
    ['of which it is the fraction', `13.${visa}`, false],
    ['of which it is the fraction, after three digits', `123.${visa}`, false],
    ['after four digits', `1234.${visa}`, true],
    ['after a space', `13. ${visa}`, true],
    ['which is no point', `13 ${visa}`, true],
    ['which it stands before', `${visa}.5`, true],
    ['in groups as on cards, before it', '13.4111 1111 1111 1111', true],
    ['in groups as on cards, behind it', '4111 1111 1111 1111.5', true],
    ['in other groups, before it', '13.41111 11111 11111 1', false],
    ['in other groups, behind it', '41111 11111 11111 1.5', false],
    ['in other groups, before it and a space', '13. 41111 11111 11111 1', true],
    ['in other groups, behind it and a space', '41111 11111 11111 1. 5', true],
  ])('%s', (_what, text, isFound) => {
    expect([text, mask(text).includes('[C]')]).toEqual([text, isFound]);
    expect(mask(`card: ${text}`)).toContain('[C]');
  });
});

describe('a number that is called otherwise', () => {
  const list = (groups: number): string => Array.from({ length: groups }, () => '0000').join(' ');

  it.each([
    ['as one group', visa, false],
    ['as one group, which other groups follow', `${visa} 12 345`, false],
    ['as one group, behind another one', `12 ${visa}`, true],
    ['as one group, behind what is as long', `0000000000000000 ${visa}`, false],
    ['as one group, before a shorter one', `${visa} 12`, false],
    ['in groups as on cards', '4111 1111 1111 1111', true],
    ['in groups as on cards, and others follow', '4111 1111 1111 1111 12 345', true],
    ['in groups as on cards, among groups as long', '0000 4111 1111 1111 1111 0000', false],
    ['in groups as on cards, before groups as long', '4111 1111 1111 1111 0000', false],
    ['in groups as on cards, behind groups as long', '0000 4111 1111 1111 1111', false],
    [
      'in groups as on cards, among groups as long but for the last',
      '0000 4111 1111 1111 1111 00',
      false,
    ],
    ['in groups as on cards, and the last is longer', '4111 1111 1111 1111 00000', true],
    ['in groups as on cards, in a list of 38', `${list(34)} 4111 1111 1111 1111`, false],
    ['in groups as on cards, in a list of 39', `${list(35)} 4111 1111 1111 1111`, true],
    ['in other groups of one length', '41111 11111 11111 1', false],
    ['in other groups', '41111 111 1111 1111', false],
    ['in other groups, behind another one', '12 41111 111 1111 1111', true],
  ])('%s', (_what, text, isFound) => {
    const masked = mask(`order number ${text}`);
    expect([masked, masked.includes('[C]')]).toEqual([masked, isFound]);
    expect(mask(`order number, ${text}`)).toContain('[C]');
  });

  it('is known by the name of its field, too', () => {
    expectMasked(visa, visa, { field: 'orderNumber' });
    expectMasked(`of ${visa}`, 'of [C]', { field: 'orderNumber' });
  });

  it('says nothing of the next one', () => {
    expectMasked(`order number ${visa}, ${visa}`, `order number ${visa}, [C]`);
    expectMasked(`${visa}, order number ${visa}`, `[C], order number ${visa}`);
  });
});

describe('a phone number', () => {
  it.each(['+', 'tel:', 'TEL:', 'sip:', 'sips:', 'call tel:', '00 +'])(
    'begins behind "%s", and no card is in it',
    (sign) => {
      for (const number of [amex, '378 282246310005', '1 36227206271667', visa])
        expectMasked(`${sign}${number}`, `${sign}${number}`);
      const boxes = [...'136227206271667'].join(' ');
      expectMasked(`${sign}${boxes}`, `${sign}${boxes}`);
    },
  );

  it.each(['', '+ ', 'tel ', 'sip', 'x: ', 'tel:, '])('does not begin behind "%s"', (before) => {
    expectMasked(`${before}${amex}`, `${before}[C]`);
  });

  it('has fifteen digits at most: a card behind its first group is found', () => {
    expectMasked(`+49 ${amex}`, '+49 [C]');
    expectMasked('+49 4111 1111 1111 1111', '+49 [C]');
    const boxes = [...visa].join(' ');
    expectMasked(`+9 ${boxes}`, '+9 [C]');
  });
});

describe('a number of a parcel', () => {
  const parcel = '9441111111111111110008';

  it.each([
    ['in one', parcel, true],
    ['in groups', `94 ${visa} 0008`, true],
    ['in single digits', [...parcel].join(' '), true],
    ['deep in a text with other numbers', `7 of ${'them, '.repeat(20)}94 ${visa} 0008`, true],
    ['in groups of another check digit', `94 ${visa} 0007`, false],
    [
      'in single digits, wider apart than they are written',
      [...parcel].join(' ').replace(' ', '  '),
      false,
    ],
  ])('%s has no card in it', (_what, text, isParcel) => {
    expect([text, !mask(text).includes('[C]')]).toEqual([text, isParcel]);
  });
});

describe('of numbers that lie over each other', () => {
  it.each([
    ['both are masked, where both are written as on cards', '4111 1111 1111 1111 110', '[C]'],
    ['the one as on cards is', '4111 1111 1111 1111 1 10', '[C] 1 10'],
    [
      'the one in groups of one length is before one in others',
      '41111 11111 11111 1 110',
      '[C] 110',
    ],
    ['the one that needs no word is', `card 57 ${amex}`, 'card 57 [C]'],
    ['so it is in other groups', 'card 57 378 282246310005', 'card 57 [C]'],
    ['so it is, where both are written as on cards', 'card 6304 0000 0000 0018 2', 'card [C] 2'],
    ['so it is in groups of one length', 'card 58935 63041 82160 19196 7', 'card 58935 [C]'],
    [
      'one is not masked that lies over the longer of both',
      '4111 1111 1111 1111 540 5038214272700',
      '[C] 5038214272700',
    ],
    [
      'one is masked that lies over none that is',
      '515157521 4009950 49277 4111 1111 1111 1111',
      '[C] 49277 [C]',
    ],
    [
      'one is masked behind one that is, though another lies over both',
      'card 4216 9903 4597 8245 50900 02389944',
      'card [C] [C]',
    ],
    ['none is where they only stand side by side', `${visa} ${amex}, ${visa}`, '[C] [C], [C]'],
  ])('%s', (_what, text, expected) => {
    expectMasked(text, expected);
  });

  it('none is, however many stand side by side', () => {
    const cards = (mark: string): string => Array.from({ length: 300 }, () => mark).join(' ');
    expectMasked(cards('4111 1111 1111 1111'), cards('[C]'));
  });

  it('all are masked in a list of digits alone', () => {
    const text = '4 1 7 3 9 2 5 6 '.repeat(300).trim();
    const [first, ...others] = findCards(text);
    expect(others).toEqual([]);
    expect(first?.[0]?.end ?? 0).toBeGreaterThan(text.length - 40);
  });
});

describe('what several readings of a text have found', () => {
  it.each([
    ['is one where it is the same', `<p>${visa}</p> and %20${visa}`, '<p>[C]</p> and %20[C]'],
    ['is masked in its parts', '4111 <b>1111</b> 1111 <i>1111</i>', '[C]<b>[+]</b>[+]<i>[+]</i>'],
    ['is one where they lie over each other', `${visa}<b>110</b>`, '[C]<b>[+]</b>'],
    [
      'is in order',
      `<a b="${visa}">${amex}</a> <!-- ${visa} -->`,
      '<a b="[C]">[C]</a> <!-- [C] -->',
    ],
    ['is nothing where there is nothing', '<p>a</p>', '<p>a</p>'],
  ])('%s', (_what, text, expected) => {
    expectMasked(text, expected);
  });

  it('keeps two cards apart that stand side by side', () => {
    const found = findCards(`<p>${visa} ${amex}</p>`);
    expect(found).toEqual([[{ start: 3, end: 19 }], [{ start: 20, end: 35 }]]);
  });
});

describe('a number of JSON', () => {
  it.each([
    [4111111111111111, undefined, true],
    [378282246310005, undefined, true],
    [4111111111111112, undefined, false],
    [named, 'cardNumber', true],
    [named, 'number', false],
    [36227206271667, undefined, true],
    [411111111116, 'cardNumber', false],
    [4111111111111111.5, undefined, false],
    [-4111111111111111, undefined, false],
    [4111111111111111, 'orderNumber', false],
    [Number.NaN, 'card', false],
    [Infinity, 'card', false],
    [1e21, 'card', false],
    // Beyond 2^53 the last digits are lost, and with them the check digit.
    ['6205500000000000004', undefined, true],
    ['6205500000000000004', 'orderNumber', false],
    ['6205500000000000004', 'orderNumberOfCard', true],
    ['9792000000000001001', 'card', false],
    ['50000000000000000', 'myCard', true],
    ['50000000000000000', 'my', false],
    ['50000000000000000', undefined, false],
  ])('%s in the field "%s" is a card: %s', (value, field, expected) => {
    expect(isCardValue(Number(value), field === undefined ? undefined : { field })).toBe(expected);
  });

  it("is none where it is the person's own", () => {
    const value = Number('6205500000000000000');
    expect(isCardValue(value, {})).toBe(true);
    expect(isCardValue(value, { own: new Set(['1']) })).toBe(true);
    expect(isCardValue(value, { own: new Set([String(value)]) })).toBe(false);
    expect(isCardValue(Number(visa), { own: new Set([visa]) })).toBe(false);
  });
});

describe('the search of a long text', () => {
  const pausesIn = (text: string): number => {
    const work = searchCards(text);
    let pauses = 0;
    while (work.next().done !== true) pauses += 1;
    return pauses;
  };

  it('pauses behind so many groups, and so many letters', () => {
    const groups = (count: number): string => Array.from({ length: count }, () => '0').join(' ');
    expect(pausesIn(groups(511))).toBe(0);
    expect(pausesIn(groups(512))).toBe(1);
    expect(pausesIn(groups(1535))).toBe(2);
    expect(pausesIn(groups(1536))).toBe(3);
    expect(pausesIn('a'.repeat(8192))).toBe(0);
    expect(pausesIn('a'.repeat(8193))).toBeGreaterThan(0);
  });

  it('pauses between many cards', () => {
    expect(pausesIn(`${visa}, `.repeat(10))).toBe(0);
    expect(pausesIn(`${visa}, `.repeat(400))).toBeGreaterThanOrEqual(4);
    expect(findCards(`${visa}, `.repeat(400))).toHaveLength(400);
  });
});
