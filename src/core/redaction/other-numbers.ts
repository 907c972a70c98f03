/** Numbers that prove by their own form that they are no card's. */

/** Characters around a number in which the whole that it is part of is looked for. */
const around = 64;

const uuid = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi;
/** Hashes, and ids without hyphens: hexadecimal, with letters, longer than a card with a word beside it. */
const hexadecimal = /(?<![0-9a-z])(?=[0-9a-f]*[a-f])[0-9a-f]{24,}(?![0-9a-z])/gi;
/** Where an IBAN (ISO 13616) may begin. */
const ibanStart = /(?<![A-Z0-9])[A-Z]{2}\d{2}(?=[ \u00a0\u202f]?[A-Z0-9])/gi;
const ibanPart = /[A-Z0-9]|[ \u00a0\u202f](?=[A-Z0-9])/iy;
/** Characters of what `ibanStart` looks at. */
const ibanHead = 6;
const shortestIban = 15;
const longestIban = 34;

/** The remainder by 97 of an IBAN that is right is 1 (ISO 7064). */
function remainder97(iban: string): number {
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97;
  }
  return rest;
}

/** Where the IBAN that begins at a place ends; -1 when none does. */
function ibanEnd(text: string, from: number): number {
  let iban = '';
  let found = -1;
  ibanPart.lastIndex = from;
  for (let at = from; ibanPart.test(text) && iban.length <= longestIban; at += 1) {
    const char = text[at] ?? '';
    if (/[A-Z0-9]/i.test(char)) iban += char;
    // What follows may be another word: every end of a group is tried.
    const isBorder = !/[A-Z0-9]/i.test(text[at + 1] ?? '');
    if (isBorder && iban.length >= shortestIban && remainder97(iban) === 1) found = at + 1;
  }
  return found;
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
  // It begins with letters, so before the number, and at most with its check digits within.
  for (const { index } of near.slice(0, start - offset + ibanHead).matchAll(ibanStart)) {
    const to = ibanEnd(near, index);
    if (to > 0 && overlaps(index, to)) return true;
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
