import { isParcelNumber, isPartOfOther } from '../../src/core/redaction/other-numbers';

/** Whether the number that stands in ‹› in a text is part of something else. */
function isPart(marked: string): boolean {
  const start = marked.indexOf('‹');
  return isPartOfOther(marked.replaceAll(/[‹›]/g, ''), start, marked.indexOf('›') - 1);
}

/** More than is looked at around a number. */
const words = 'some words '.repeat(20);
const number = '‹4111111111111111›';

describe('a number that is part of an id or a hash', () => {
  it.each([
    ['the last group of a UUID', '0f3c9a52-7d1e-4b6a-9c2f-b‹41111111111›'],
    ['the first groups of a UUID', '‹41111111-1111-4111›-8a11-111111111111'],
    ['the groups within a UUID', 'a‹4111111-1111-4111-8111-11111111111›c'],
    ['a UUID in capitals', '0F3C9A52-7D1E-4B6A-9C2F-B‹41111111111›'],
    ['a UUID between signs', '{0f3c9a52-7d1e-4b6a-9c2f-b‹41111111111›}'],
    ['a UUID that goes on with a hyphen', '0f3c9a52-7d1e-4b6a-9c2f-b‹41111111111›-x'],
    ['a hash with letters before it', `00000a7f${number}`],
    ['a hash with letters behind it', `${number}a0000000`],
    ['a hash in capitals', `ABCDEF0F${number}`],
    ['a hash that is long', `${'0af3'.repeat(30)}${number}${'c0ffee'.repeat(30)}`],
    ['a hash far behind in a text', `${'some words '.repeat(20)}0000a7fe${number} and more`],
  ])('%s', (_what, marked) => {
    expect(isPart(marked)).toBe(true);
    expect(isPart(`${words}${marked}`)).toBe(true);
  });

  it.each([
    ['alone', number],
    ['a UUID with a digit too many', `0f3c9a52-7d1e-4b6a-9c2f-bd‹02141203000›`],
    ['a UUID behind a letter', 'x0f3c9a52-7d1e-4b6a-9c2f-b‹41111111111›'],
    ['a UUID before a letter', '0f3c9a52-7d1e-4b6a-9c2f-b‹41111111111›x'],
    ['a group less than a UUID', '0f3c9a52-7d1e-4b6a-b‹41111111111›'],
    ['a group of a UUID that is too short', '0f3c9a52-7d1-4b6a-9c2f-b‹41111111111›'],
    ['a UUID with another letter', '0f3c9a52-7d1e-4b6a-9g2f-b‹41111111111›'],
    ['a UUID of which a hyphen holds it apart', `${number}-0f3c9a52-7d1e-4b6a-9c2f-bd0214120300`],
    ['a UUID that a hyphen holds apart', `0f3c9a52-7d1e-4b6a-9c2f-bd0214120300-${number}`],
    ['a hash of 23 signs', `0000a7f${number}`],
    ['a hash behind another letter', `x0000a7ff${number}`],
    ['a hash before another letter', `0000a7ff${number}x`],
    ['digits alone', `-${number}1111111122222222`],
    ['a hash beside it', `${number} 0f3c9a52d7d1e4b6a9c2fbd0214120300`],
    ['a hash that touches it', `0f3c9a52d7d1e4b6a9c2fbd02141203a‹ 4111111111111111›`],
    ['a hash that it touches', `a‹ 4111111111111111 ›0f3c9a52d7d1e4b6a9c2fbd02141203a`],
  ])('is not one that stands %s', (_what, marked) => {
    expect(isPart(marked)).toBe(false);
    expect(isPart(`${words}${marked}`)).toBe(false);
  });
});

/** An IBAN with its check digits right. */
function ibanOf(country: string, account: string): string {
  const digits = [...`${account}${country}00`].map((char) => Number.parseInt(char, 36)).join('');
  return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${account}`;
}
const inFours = (iban: string, gap = ' '): string => iban.replaceAll(/.{4}(?=.)/g, `$&${gap}`);
/** Its account is the number of which is asked; the country and the check digits are not. */
const marked = (iban: string): string => `${iban.slice(0, 4)}‹${iban.slice(4)}›`;

/** Lengths of ISO 13616, by the country. */
const lengths: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FK FO GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'BI DJ FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
};
const countries = Object.entries(lengths).flatMap(([length, names]) =>
  names.split(' ').map((country): [string, number] => [country, Number(length)]),
);
const account = (length: number): string => '4111111111111111999900001234567'.slice(0, length - 4);

describe('a number that is part of a bank account', () => {
  it.each(countries)('of %s, which has %d signs', (country, length) => {
    const iban = ibanOf(country, account(length));
    const longer = ibanOf(country, account(length + 1));
    const shorter = ibanOf(country, account(length - 1));
    expect(isPart(`pay to ${marked(iban)}, please`)).toBe(true);
    for (const other of [longer, shorter]) {
      expect(isPart(`pay to ${marked(other)}, please`)).toBe(false);
      expect(isPart(`pay to ${marked(inFours(other))}, please`)).toBe(false);
    }
    for (const after of ['', ' today', ' 12 EUR', ', please'])
      expect(isPart(`pay to ${marked(inFours(iban))}${after}`)).toBe(true);
  });

  it.each([
    ['with letters of the bank', 'GB82WEST‹12345698765432›'],
    ['in small letters', 'fr20‹41111111111111111111111›'],
    ['of which the number is not all', 'FR204111‹1111111111111111›111'],
    [
      'in groups with spaces that do not break',
      `FR20‹${'\u00a04111\u00a01111\u00a01111\u00a01111\u00a01111\u00a0111'}›`,
    ],
    [
      'in groups with narrow spaces',
      `FR20‹${'\u202f4111\u202f1111\u202f1111\u202f1111\u202f1111\u202f111'}›`,
    ],
    ['far behind in a text', `${'some words '.repeat(20)}FR20 ‹4111 1111 1111 1111› 1111 111`],
    ['behind another country', 'AT12 345 FR20 ‹4111 1111 1111 1111› 1111 111'],
    ['from its check digits on', 'FR‹20 4111 1111 1111 1111› 1111 111'],
  ])('%s', (_what, text) => {
    expect(isPart(text)).toBe(true);
    expect(isPart(`${words}${text}`)).toBe(true);
  });

  it.each([
    ['with other check digits', 'FR21‹41111111111111111111111›'],
    ['in groups, with other check digits', 'FR21 ‹4111 1111 1111 1111› 1111 111'],
    [
      'of a country without such accounts',
      ibanOf('US', '4111111111111111').replace(/.{16}$/, '‹$&›'),
    ],
    ['behind another letter', 'xFR20‹41111111111111111111111›'],
    ['behind a digit', '1FR20 ‹4111 1111 1111 1111› 1111 111'],
    ['in groups of five', 'FR20 ‹41111 11111 11111 1›1111 111'],
    ['in groups of which one is short', 'FR20 ‹411 11111 1111 1111› 1111 111'],
    ['in groups, of which another one than the last is short', 'DE95 ‹4111 111 1111 1111› 100'],
    ['in groups, the last too long', 'FR20 ‹4111 1111 1111 1111› 1111 1111'],
    ['in groups, the last going on', 'DE95 ‹4111 1111 1111 1111› 00x'],
    ['with two spaces between groups', 'FR20  ‹4111 1111 1111 1111› 1111 111'],
    ['with a hyphen between groups', 'FR20-‹4111-1111-1111-1111›-1111-111'],
    ['beside it', 'FR2041111111111111111111111 ‹5555555555554444›'],
    ['that touches it', 'FR2041111111111111111111111‹ 5555555555554444›'],
    ['that begins behind it', '‹5555555555554444 ›FR2041111111111111111111111'],
    ['with one letter for a country', 'F20‹411111111111111111111111›'],
    ['with nothing behind the check digits', '‹4111111111111111› FR20 '],
  ])('is not one that is or has one %s', (_what, text) => {
    expect(isPart(text)).toBe(false);
    expect(isPart(`${words}${text}`)).toBe(false);
  });

  it('is not one with a letter among the check digits', () => {
    // Of 97 accounts that follow each other, one has such a check digit.
    const accounts = Array.from({ length: 97 }, (_, i) => 41111111111111111111100n + BigInt(i));
    expect(accounts.filter((one) => isPart(`FR2A‹${one}›`))).toEqual([]);
  });
});

describe('a number of a parcel', () => {
  /** With the check digit that makes each second digit, counted threefold, and the others a multiple of ten. */
  function parcelOf(digits: string): string {
    const sum = [...digits].reduce(
      (all, digit, i) => all + Number(digit) * (i % 2 === 0 ? 3 : 1),
      0,
    );
    return `${digits}${(10 - (sum % 10)) % 10}`;
  }

  it.each(['91', '92', '93', '94', '95'])(
    'begins with %s and ends with its check digit',
    (start) => {
      const right = parcelOf(`${start}05503699300123456`.padEnd(21, '7'));
      expect(right).toHaveLength(22);
      const all = Array.from({ length: 10 }, (_, digit) => `${right.slice(0, 21)}${digit}`);
      expect(all.filter(isParcelNumber)).toEqual([right]);
    },
  );

  it.each([
    ['of USPS', '9361289878700317633795', true],
    ['that begins with 90', parcelOf('900550369930012345678'), false],
    ['that begins with 96', parcelOf('960550369930012345678'), false],
    ['that has such digits elsewhere', parcelOf('109405503699300123456'), false],
    ['of 20 digits', parcelOf('9405503699300123456'), false],
    ['of 24 digits', parcelOf('94055036993001234567123'), false],
    ['of no digits', '', false],
  ])('%s: %s is one: %s', (_what, digits, expected) => {
    expect(isParcelNumber(digits)).toBe(expected);
  });
});
