import fc from 'fast-check';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { publishedNumbers } from '../helpers/card-texts';

/** Documents of each property; `npm run test:long` tries 100,000. */
const numRuns = Number(process.env['CARD_DOCUMENTS'] ?? 300);
/** A hundred thousand take minutes. */
jest.setTimeout(30 * 60_000);
const removed = '[card number removed]';
const sanitiser = (): Sanitiser => new Sanitiser(defaultPolicy, (id) => id);

const card = fc.constantFrom(...publishedNumbers);
/** In uneven groups a longer one may hold another card number, and nobody can tell which is meant. */
const shortCard = fc.constantFrom(...publishedNumbers.filter(({ length }) => length <= 16));
const separators = {
  /** Those that hold any groups apart. */
  any: [' ', '-', '\u00a0', '\u202f', '\u2013', '  ', ' - '],
  /** Those that hold groups apart that are written as on cards. */
  printed: ['.', '\n', '\r\n  ', '\t', '\u00a0\n'],
};

/** A number in any groups, or in those of cards with more separators. */
const written = fc.oneof(
  fc
    .tuple(shortCard, fc.array(fc.integer({ min: 1, max: 9 })), fc.constantFrom(...separators.any))
    .map(([digits, sizes, separator]) => cut(digits, sizes).join(separator)),
  fc
    .tuple(card, fc.constantFrom(...separators.any, ...separators.printed))
    .map(([digits, separator]) =>
      cut(digits, digits.length < 16 ? [4, 6] : [4, 4, 4, 4]).join(separator),
    ),
);

function cut(digits: string, sizes: readonly number[]): string[] {
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at + size >= digits.length) break;
    groups.push(digits.slice(at, at + size));
    at += size;
  }
  return [...groups, digits.slice(at)];
}

/** Words that say nothing about numbers, and begin no markup and no code of an address. */
const words = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .filter((text) => !/[\p{N}<>&%+]/u.test(text) && !/tel:|sip|imei|ean|upc|track/i.test(text));

interface Case {
  given: unknown;
  masked: unknown;
}

const leaf: fc.Arbitrary<Case> = fc.oneof(
  words.map((text) => ({ given: text, masked: text })),
  fc.tuple(words, written, words).map(([before, number, after]) => ({
    given: `${before} ${number} ${after}`,
    masked: `${before} ${removed} ${after}`,
  })),
  card
    .filter((digits) => digits.length < 16)
    .map((digits) => ({ given: Number(digits), masked: removed })),
  fc.constantFrom<Case>({ given: null, masked: null }, { given: true, masked: true }),
  fc.integer({ min: -1e11, max: 1e11 }).map((value) => ({ given: value, masked: value })),
  fc.uuid().map((id) => ({ given: id, masked: id })),
);

const fieldName = fc.constantFrom(
  ...[
    'text',
    'cardId',
    'noteText',
    'searchTerms',
    'attributes',
    'customFields',
    'lastPage',
    'url',
    'a',
  ],
);

const { document } = fc.letrec<{ document: Case }>((tie) => ({
  document: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('document'), { maxLength: 4 }).map((cases) => ({
      given: cases.map(({ given }) => given),
      masked: cases.map(({ masked }) => masked),
    })),
    fc.dictionary(fieldName, tie('document'), { maxKeys: 4 }).map((cases) => ({
      given: Object.fromEntries(Object.entries(cases).map(([name, { given }]) => [name, given])),
      masked: Object.fromEntries(Object.entries(cases).map(([name, { masked }]) => [name, masked])),
    })),
  ),
}));

describe('any document', () => {
  it('has its card numbers masked, and nothing else', () => {
    fc.assert(
      fc.property(document, ({ given, masked }) => {
        expect(sanitiser().document(given)).toEqual(masked);
      }),
      { numRuns },
    );
  });

  it('is masked once: what is masked stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'4111 -.<b>&;n%20\n5') }), (text) => {
        const once = sanitiser().text(text);
        expect(sanitiser().text(once)).toBe(once);
      }),
      { numRuns },
    );
  });
});

const between = fc.constantFrom(
  '<b>',
  '</b>',
  '<!-- x -->',
  '<br>',
  '</td><td>',
  '&nbsp;',
  ' ',
  '&#8211;',
  '<span title="y">',
);

describe('any HTML', () => {
  it('has its card number masked, and every tag and every other text stays', () => {
    const html = fc.tuple(words, card, fc.array(between, { minLength: 1, maxLength: 4 }), words);
    fc.assert(
      fc.property(html, ([before, digits, marks, after]) => {
        const groups = cut(digits, digits.length < 16 ? [4, 6] : [4, 4, 4, 4]);
        const number = groups.map(
          (group, i) => group + (i < groups.length - 1 ? (marks[i % marks.length] ?? '') : ''),
        );
        const text = `<p>${before} ${number.join('')} ${after}</p>`;
        const masked = sanitiser().text(text);
        const tagsOf = (one: string): string[] => one.match(/<[^>]*>/g) ?? [];
        expect(tagsOf(masked)).toEqual(tagsOf(text));
        expect(masked.replaceAll(/\D/g, '')).not.toContain(digits.slice(-4));
        expect(masked.startsWith(`<p>${before} ${removed}`)).toBe(true);
        expect(masked.endsWith(` ${after}</p>`)).toBe(true);
      }),
      { numRuns },
    );
  });
});
