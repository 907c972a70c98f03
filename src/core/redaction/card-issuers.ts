/**
 * Which first digits and lengths payment cards have, by the practice of ISO/IEC 7812. The register of
 * issuers itself is not public; the ranges are those that the schemes and payment providers publish:
 *
 * - https://en.wikipedia.org/wiki/Payment_card_number, section "Issuer identification number (IIN)"
 * - https://github.com/braintree/credit-card-type, `src/lib/card-types.ts` (Visa, Mastercard, American
 *   Express, Diners Club, Discover, JCB, UnionPay, Maestro, Elo, Mir, Hiper, Hipercard, Verve)
 * - https://www.mastercard.us/en-us/business/issuers/get-support/2-series-bins.html (2221 to 2720)
 */

/** Whether a number of these digits is a card's by itself, or only beside a word for cards. */
export type Likelihood = 'card' | 'besideWord';

interface Issuer {
  /** Ranges of first digits; both ends of a range have as many digits. */
  prefixes: readonly (readonly [number, number])[];
  /** How many digits their numbers have. */
  card?: readonly number[];
  /** Lengths that occur, and that other numbers have far more often. */
  besideWord?: readonly number[];
}

const one = (prefix: number): readonly [number, number] => [prefix, prefix];

const issuers: readonly Issuer[] = [
  // Visa, and the schemes that share its range (Dankort, Carte Bancaire, Elo). Cards of 13 digits are of
  // old, and WhatsApp ids of Germany (49 and eleven digits) and Austria (43) look like them.
  { prefixes: [one(4)], card: [16, 18, 19], besideWord: [13] },
  // Mastercard, with the range of 2017.
  {
    prefixes: [
      [51, 55],
      [2221, 2720],
    ],
    card: [16],
  },
  // American Express
  { prefixes: [one(34), one(37)], card: [15] },
  // Diners Club International and Carte Blanche
  {
    prefixes: [[300, 305], one(309), one(36), [38, 39]],
    card: [14, 16, 19],
  },
  // JCB; numbers of 15 digits are of old.
  { prefixes: [[3528, 3589]], card: [16, 17, 18, 19] },
  { prefixes: [one(1800), one(2131)], besideWord: [15] },
  // UnionPay; 81 is its newer range, which RuPay and Discover share in part.
  { prefixes: [one(62), one(81)], card: [16, 17, 18, 19], besideWord: [14, 15] },
  // Maestro, Discover, RuPay, Troy, Verve, girocard, Hipercard, InterPayment: the ranges of merchandising
  // and banking are shared among so many that the first digit is what counts.
  {
    prefixes: [one(50), [56, 59], one(6)],
    card: [16, 18, 19],
    besideWord: [13, 14, 15, 17],
  },
  // RuPay, above 81
  { prefixes: [[817, 820]], card: [16] },
  // Mir
  { prefixes: [[2200, 2204]], card: [16, 17, 18, 19] },
  // Troy, Uzcard, Humo
  { prefixes: [one(9792), one(8600), one(9860)], card: [16] },
  // UATP, for air travel
  { prefixes: [one(1)], besideWord: [15] },
];

/** Digits that are compared with a range. */
const comparedDigits = 6;

interface Range {
  low: number;
  high: number;
  lengths: readonly number[];
  likelihood: Likelihood;
}

/** Those of numbers that are of cards by themselves come before the others. */
const ranges: readonly Range[] = (['card', 'besideWord'] as const).flatMap((likelihood) =>
  issuers.flatMap(({ prefixes, [likelihood]: lengths = [] }) =>
    prefixes.map(([from, to]) => {
      const unit = 10 ** (comparedDigits - String(from).length);
      return { low: from * unit, high: (to + 1) * unit - 1, lengths, likelihood };
    }),
  ),
);

/** The ranges by the first digit of a number: almost every number has few of them to compare with. */
const rangesByDigit: readonly (readonly Range[])[] = Array.from({ length: 10 }, (_, digit) =>
  ranges.filter(({ low, high }) => {
    const unit = 10 ** (comparedDigits - 1);
    return Math.floor(low / unit) <= digit && digit <= Math.floor(high / unit);
  }),
);

/** Fewest and most digits of a card number (ISO/IEC 7812-1 has 8 to 19; no scheme issues fewer than 12). */
export const leastDigits = 13;
export const mostDigits = 19;

/** Whether cards may begin with this digit. */
export const isFirstDigit = (digit: number): boolean => (rangesByDigit[digit]?.length ?? 0) > 0;

/**
 * Whether an issuer has cards that begin so.
 * @param prefix the first six digits, as a number
 * @param length how many digits the whole number has
 * @returns null when none has
 */
export function likelihoodOf(prefix: number, length: number): Likelihood | null {
  const found = rangesByDigit[Math.floor(prefix / 10 ** (comparedDigits - 1))]?.find(
    ({ low, high, lengths }) => low <= prefix && prefix <= high && lengths.includes(length),
  );
  return found?.likelihood ?? null;
}
