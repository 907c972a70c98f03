import {
  isFirstDigit,
  leastDigits,
  likelihoodOf,
  mostDigits,
} from '../../src/core/redaction/card-issuers';

/** The counts of digits with which a number that begins so is a card's: by itself, or beside a word. */
function lengthsOf(prefix: number): { card: number[]; besideWord: number[] } {
  const lengths = { card: new Array<number>(), besideWord: new Array<number>() };
  for (let length = 0; length <= 32; length += 1) {
    const likelihood = likelihoodOf(prefix, length);
    if (likelihood !== null) lengths[likelihood].push(length);
  }
  return lengths;
}

describe('a number is of a card', () => {
  it.each([
    ['Visa', [400000, 444444, 499999], [16, 18, 19], [13]],
    ['Mastercard', [510000, 559999, 222100, 272099], [16], []],
    ['American Express', [340000, 349999, 370000, 379999], [15], []],
    [
      'Diners Club',
      [300000, 305999, 309000, 309999, 360000, 369999, 380000, 399999],
      [14, 16, 19],
      [],
    ],
    ['JCB', [352800, 358999], [16, 17, 18, 19], []],
    ['JCB of old', [213100, 213199], [], [15]],
    ['UATP, in which the old JCB is', [100000, 180000, 180099, 199999], [], [15]],
    ['UnionPay, among others', [620000, 629999], [16, 17, 18, 19], [13, 14, 15]],
    ['UnionPay of 81', [810000, 819999], [16, 17, 18, 19], [14, 15]],
    ['RuPay', [820000, 820999], [16], []],
    ['Mir', [220000, 220499], [16, 17, 18, 19], []],
    ['Troy', [979200, 979299], [16], []],
    ['Uzcard', [860000, 860099], [16], []],
    ['Humo', [986000, 986099], [16], []],
    [
      'Maestro, Discover and others',
      [500000, 509999, 560000, 599999, 600000, 619999, 630000, 699999],
      [16, 18, 19],
      [13, 14, 15, 17],
    ],
    [
      'no issuer',
      [
        ...[
          0, 99999, 200000, 213099, 213200, 219999, 220500, 222099, 272100, 299999, 306000, 308999,
        ],
        ...[310000, 339999, 350000, 352799, 359000, 700000, 799999, 800000, 809999, 821000, 859999],
        ...[860100, 899999, 900000, 979199, 979300, 985999, 986100, 999999],
      ],
      [],
      [],
    ],
  ])('of %s', (_issuer, prefixes, card, besideWord) => {
    for (const prefix of prefixes) {
      expect([prefix, lengthsOf(prefix)]).toEqual([prefix, { card, besideWord }]);
      for (const length of [...card, ...besideWord]) {
        expect(length).toBeGreaterThanOrEqual(leastDigits);
        expect(length).toBeLessThanOrEqual(mostDigits);
      }
    }
  });

  it('of none where it has no first digits', () => {
    for (const prefix of [-1, 1_000_000, Number.NaN]) expect(likelihoodOf(prefix, 16)).toBeNull();
  });
});

describe('a first digit of cards', () => {
  it('is any but 0 and 7', () => {
    const digits = Array.from({ length: 12 }, (_, i) => i - 1);
    expect(digits.filter(isFirstDigit)).toEqual([1, 2, 3, 4, 5, 6, 8, 9]);
  });
});
