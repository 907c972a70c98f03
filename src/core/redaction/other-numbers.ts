/** Numbers that prove by their own form that they are no card's. */

/** Characters around a number in which the whole that it is part of is looked for. */
const around = 64;

const uuid = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi;
/** Hashes, and ids without hyphens: hexadecimal, with letters, longer than a card with a word beside it. */
const hexadecimal = /(?<![0-9a-z])(?=[0-9a-f]*[a-f])[0-9a-f]{24,}(?![0-9a-z])/gi;
/**
 * The countries with IBANs, by the length of theirs (ISO 13616: the registry that SWIFT keeps,
 * https://www.swift.com/standards/data-standards/iban-international-bank-account-number).
 */
const ibanCountries: Readonly<Record<number, string>> = {
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
const ibanLengths: ReadonlyMap<string, number> = new Map(
  Object.entries(ibanCountries).flatMap(([length, countries]) =>
    countries.split(' ').map((country): [string, number] => [country, Number(length)]),
  ),
);
/** Where an IBAN may begin. */
const ibanStart = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?=[ \u00a0\u202f]?[A-Z0-9])/gi;
/** It is written in one, or in groups of four of which the last may be shorter. */
const ibanInOne = /[A-Z0-9]+/iy;
const ibanInGroups = /[A-Z0-9]{4}(?:[ \u00a0\u202f][A-Z0-9]{1,4})+/iy;
const ibanGap = /[ \u00a0\u202f]/;
const ibanGroup = 4;

/** The remainder by 97 of an IBAN that is right is 1 (ISO 7064). */
function remainder97(iban: string): number {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}

/** What a sticky expression finds at a place. */
function foundAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** Where the IBAN that begins at a place ends; null when none does. */
function ibanEnd(text: string, from: number): number | null {
  const wanted = ibanLengths.get(text.slice(from, from + 2).toUpperCase());
  if (wanted === undefined) return null;
  const inOne = foundAt(ibanInOne, text, from);
  if (inOne.length !== ibanGroup)
    return inOne.length === wanted && remainder97(inOne) === 1 ? from + wanted : null;
  const last = Math.floor((wanted - 1) / ibanGroup);
  // What follows may be another word, of which the first letters look like one more group.
  const groups = foundAt(ibanInGroups, text, from)
    .split(ibanGap)
    .slice(0, last + 1);
  const areFours = groups.slice(0, last).every(({ length }) => length === ibanGroup);
  const iban = groups.join('');
  const end = from + iban.length + last;
  const isWhole = areFours && iban.length === wanted && !/[A-Z0-9]/i.test(text[end] ?? '');
  return isWhole && remainder97(iban) === 1 ? end : null;
}

/** Whether an id or a hash goes on beside a number. */
const goesOn = /[a-f-]/i;

/**
 * Whether a number is part of an id (UUID, RFC 9562), a hash or a bank account (IBAN).
 * @param start where the number begins in the text
 * @param end where it ends
 */
export function isPartOfOther(text: string, start: number, end: number): boolean {
  const offset = Math.max(0, start - around);
  const near = text.slice(offset, end + around);
  const overlaps = (from: number, to: number): boolean =>
    from + offset < end && to + offset > start;
  if (goesOn.test(text[start - 1] ?? '') || goesOn.test(text[end] ?? '')) {
    for (const pattern of [uuid, hexadecimal])
      for (const { index, 0: found } of near.matchAll(pattern))
        if (overlaps(index, index + found.length)) return true;
  }
  for (const { index } of near.matchAll(ibanStart)) {
    const to = ibanEnd(near, index);
    if (to !== null && overlaps(index, to)) return true;
  }
  return false;
}

const parcelDigits = 22;

/**
 * Whether digits are those of a parcel in the United States (USPS Publication 199, Intelligent Mail
 * package barcode: 22 digits that begin with 91 to 95, the last one a check digit).
 */
export function isParcelNumber(digits: string): boolean {
  if (digits.length !== parcelDigits || !/^9[1-5]/.test(digits)) return false;
  const sum = [...digits].reduce(
    (total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1),
    0,
  );
  return sum % 10 === 0;
}
