import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asciiDomain, unicodeDomain } from '../../src/core/subject/domains';
import {
  normaliseEmail,
  normaliseHandle,
  normalisePhone,
  parsePhone,
  type Identifier,
} from '../../src/core/subject/identifiers';
import { mailboxForms, mailboxKeywords, mailboxRules } from '../../src/core/subject/mailbox-rules';
import { currentNumber, numberForms, numberPlans } from '../../src/core/subject/number-plans';
import {
  formsOf,
  identifierKey,
  keywordsOf,
  nearIdentifier,
  storedFormsOf,
} from '../../src/core/subject/spellings';
import { root } from '../helpers/root';

const digits = (count: number, first = '123456789'): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...first),
      fc.array(fc.constantFrom(...'0123456789'), { minLength: count - 1, maxLength: count - 1 }),
    )
    .map(([start, rest]) => `${start}${rest.join('')}`);

const e164 = fc.integer({ min: 7, max: 15 }).chain((count) => digits(count).map((n) => `+${n}`));

/** Numbers in the countries that have rules, of every length there, and numbers anywhere. */
const anyNumber = fc.oneof(
  e164,
  fc
    .tuple(
      fc.constantFrom(
        '52',
        '521',
        '55',
        '54',
        '549',
        '225',
        '229',
        '22901',
        '241',
        '2410',
        '57',
        '5760',
      ),
      fc.integer({ min: 7, max: 11 }).chain((count) => digits(count, '0123456789')),
    )
    .map(([country, rest]) => `+${country}${rest}`.slice(0, 16)),
);

describe('a phone number', () => {
  it.each([
    ['+5215512345678', '+5215512345678'],
    ['+52 1 55 1234 5678', '+5215512345678'],
    ['+22508091011', '+22508091011'],
    ['+22997123456', '+22997123456'],
    ['+9999999', '+9999999'],
    ['+999999', null],
    ['+49151', null],
    ['+0123456789', null],
    ['+1234567890123456', null],
    ['5215512345678', null],
    ['+52 55 call me', null],
  ])('%s that the plan of today may not know is read as %s', (text, expected) => {
    expect(normalisePhone(text, null)).toBe(expected);
  });

  it.each([
    ['+49 30 1234567 ext. 99', '+49301234567', '99'],
    ['+49 30 1234567;ext=99', '+49301234567', '99'],
    ['+49 30 1234567 x99', '+49301234567', '99'],
    ['+22508091011 ext. 12', '+22508091011', '12'],
    ['+22508091011;ext=12', '+22508091011', '12'],
    ['+49 30 1234567', '+49301234567', null],
  ])('%s keeps its extension', (text, number, extension) => {
    expect(parsePhone(text, null)).toEqual({ number, extension });
  });

  it('in E.164 never becomes null, and is normal after it was normalised once', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        const normal = normalisePhone(number, null);
        expect(normal).toMatch(/^\+[1-9]\d{6,14}$/);
        expect(normalisePhone(normal ?? '', null)).toBe(normal);
      }),
      { numRuns: 1000 },
    );
  });

  it('has the same spelling and the same forms, whichever form is given', () => {
    fc.assert(
      fc.property(anyNumber, (number) => {
        const forms = numberForms(number);
        expect(forms).toContain(number);
        expect(new Set(forms.map(currentNumber))).toEqual(new Set([forms[0]]));
        expect(forms.map(numberForms)).toEqual(forms.map(() => forms));
      }),
      { numRuns: 1000 },
    );
  });

  it('of another line never has the same spelling', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, (one, other) => {
        const isOne = numberForms(one).includes(other);
        expect(currentNumber(one) === currentNumber(other)).toBe(isOne);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['Mexico', '+525512345678', ['+5215512345678']],
    ['Brazil', '+5511987654321', ['+551187654321']],
    ['Argentina, 2 digits of area', '+5491123456789', ['+541123456789', '+54111523456789']],
    ['Argentina, 3 digits of area', '+5492231234567', ['+542231234567', '+54223151234567']],
    ['Argentina, 4 digits of area', '+5492966123456', ['+542966123456', '+54296615123456']],
    ['Ivory Coast, Orange', '+2250708091011', ['+22508091011']],
    ['Ivory Coast, MTN', '+2250545091011', ['+22545091011']],
    ['Ivory Coast, Moov', '+2250102091011', ['+22502091011']],
    ['Ivory Coast, Orange, fixed', '+2252720212345', ['+22520212345']],
    ['Ivory Coast, MTN, fixed', '+2252520012345', ['+22520012345']],
    ['Ivory Coast, MTN, fixed, inland', '+2252530012345', ['+22530012345']],
    ['Ivory Coast, Moov, fixed', '+2252120812345', ['+22520812345']],
    ['Benin', '+2290197123456', ['+22997123456']],
    ['Gabon, Airtel', '+24174123456', ['+24104123456']],
    ['Gabon, Moov', '+24162123456', ['+24102123456']],
    ['Gabon, Libertis', '+24166123456', ['+24106123456']],
    ['Gabon, fixed', '+24111123456', ['+24101123456']],
    ['Colombia, fixed', '+576012345678', ['+5712345678']],
  ])('of %s is one line as %s and as it was written before', (_country, current, former) => {
    expect(numberForms(current)).toEqual([current, ...former]);
    for (const one of former) expect(currentNumber(one)).toBe(current);
  });

  it.each([
    ['Mexico, a number that begins with 1', '+521234567890'],
    ['Brazil, a fixed line', '+551133334444'],
    ['Brazil, trunked radio', '+551178654321'],
    ['Brazil, a mobile number that never had 8 digits', '+5511912345678'],
    ['Argentina, a free number', '+548001234567'],
    ['Ivory Coast, another operator’s prefix', '+2250508091011'],
    ['Ivory Coast, 1 is no subscriber', '+22513091011'],
    ['Gabon, a digit without a rule', '+24103123456'],
    ['Gabon, the digit of another operator', '+24176123456'],
    ['Colombia, a mobile number', '+573101234567'],
    ['Germany', '+4915112345678'],
  ])('of %s has one spelling', (_country, number) => {
    expect(numberForms(number)).toEqual([number]);
  });

  it('is written by a rule that the documentation has with its sources', () => {
    const page = readFileSync(join(root, 'docs/matching.md'), 'utf8');
    const names = [
      ...numberPlans.map(({ country }) => country),
      ...mailboxRules.map(({ provider }) => provider),
    ];
    for (const name of names) expect(page).toContain(`| ${name} `);
    for (const { sources } of [...numberPlans, ...mailboxRules]) {
      expect(sources.length).toBeGreaterThan(0);
      for (const { title, url } of sources) {
        expect(title).not.toBe('');
        expect(url).toMatch(/^https?:\/\//);
        expect(page).toContain(`(${url})`);
      }
    }
  });
});

describe('a WhatsApp id', () => {
  it.each([
    ['+5215512345678', '+5215512345678'],
    ['5215512345678', '+5215512345678'],
    [' 52 1 55 1234 5678 ', '+5215512345678'],
    ['22508091011', '+22508091011'],
    ['DE.13491208655302741918', 'DE.13491208655302741918'],
    ['two words', null],
  ])('%s is normalised to %s', (text, expected) => {
    expect(normaliseHandle('whatsapp', text)).toBe(expected);
  });

  it('is one with and without +, and looked up in both forms', () => {
    fc.assert(
      fc.property(e164, (number) => {
        const value = normaliseHandle('whatsapp', number) ?? '';
        expect(normaliseHandle('whatsapp', number.slice(1))).toBe(value);
        const stored = storedFormsOf({ type: 'whatsapp', value });
        expect(stored).toContain(value);
        expect(stored).toContain(value.slice(1));
      }),
    );
  });

  it('is searched for in every spelling, each without +', () => {
    const id: Identifier = { type: 'whatsapp', value: '+5215512345678' };
    expect(keywordsOf(id)).toEqual(['525512345678', '5215512345678']);
    const scoped: Identifier = { type: 'whatsapp', value: 'DE.1349' };
    expect(storedFormsOf(scoped)).toEqual(['DE.1349']);
    expect(keywordsOf(scoped)).toEqual(['DE.1349']);
  });

  it('is not a phone number, nor an id at another network', () => {
    const keys = (['phone', 'whatsapp', 'facebook'] as const).map((type) =>
      identifierKey({ type, value: '+491511234567' }),
    );
    expect(new Set(keys).size).toBe(3);
  });
});

describe('a domain', () => {
  it.each([
    ['münchen.example', 'xn--mnchen-3ya.example'],
    ['MÜNCHEN.example', 'xn--mnchen-3ya.example'],
    ['faß.example', 'xn--fa-hia.example'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['españa.example', 'xn--espaa-rta.example'],
    ['shop.bücher.example', 'shop.xn--bcher-kva.example'],
    ['mail.example', 'mail.example'],
  ])('%s is %s in ASCII, and back', (unicode, ascii) => {
    expect(asciiDomain(unicode)).toBe(ascii);
    expect(asciiDomain(ascii)).toBe(ascii);
    expect(unicodeDomain(ascii)).toBe(unicode.toLowerCase());
  });

  it.each([
    'xn--a-.example',
    'xn--99999999.example',
    'xn--ü.example',
    'xn--',
    '127.1',
    'a b.example',
  ])('%s that is no such domain is kept as it stands', (domain) => {
    expect(unicodeDomain(asciiDomain(domain))).toBe(asciiDomain(domain));
  });

  it('of any text is normal after it was normalised once, in either direction', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        const ascii = asciiDomain(text);
        expect(asciiDomain(ascii)).toBe(ascii);
        expect(asciiDomain(unicodeDomain(ascii))).toBe(ascii);
      }),
    );
  });
});

describe('an email address', () => {
  it.each([
    ['Maria@München.Example', 'maria@xn--mnchen-3ya.example'],
    ['maria@xn--mnchen-3ya.example', 'maria@xn--mnchen-3ya.example'],
    ['mari\u0061\u0301@mail.example', 'mari\u00e1@mail.example'],
    ['maria@mail。example', 'maria@mail.example'],
  ])('%s is normalised to %s', (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  it.each([
    ['first.last@gmail.com', 'firstlast@googlemail.com', true],
    ['first.last+shop@gmail.com', 'firstlast@gmail.com', true],
    ['someone@googlemail.com', 'someone@gmail.com', true],
    ['someone@gmail.com', 'some0ne@gmail.com', false],
    ['first.last@mail.example', 'firstlast@mail.example', false],
    ['maria+shop@mail.example', 'maria@mail.example', false],
    ['maria+shop@fastmail.com', 'maria@fastmail.com', true],
    ['first.last@fastmail.com', 'firstlast@fastmail.com', false],
    ['maria@münchen.example', 'maria@xn--mnchen-3ya.example', true],
    ['+@gmail.com', '@gmail.com', false],
  ])('%s and %s are one mailbox: %s', (one, other, expected) => {
    const key = (value: string): string => identifierKey({ type: 'email', value });
    expect(key(one) === key(other)).toBe(expected);
  });

  const name = fc
    .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789'), {
      minLength: 2,
      maxLength: 30,
    })
    .map((letters) => letters.join(''));
  const domain = fc.constantFrom(
    'gmail.com',
    'googlemail.com',
    'fastmail.com',
    'mail.example',
    'bücher.example',
  );

  it('is normal after it was normalised once, and one mailbox in all its forms', () => {
    fc.assert(
      fc.property(name, fc.nat(), domain, (local, at, host) => {
        const dotted = `${local.slice(0, 1 + (at % (local.length - 1)))}.${local.slice(1 + (at % (local.length - 1)))}`;
        const email = normaliseEmail(`${dotted}@${host}`) ?? '';
        expect(normaliseEmail(email)).toBe(email);
        const forms = mailboxForms(email);
        expect(forms).toContain(email);
        const key = identifierKey({ type: 'email', value: email });
        const normal = forms.map((form) => normaliseEmail(form) ?? '');
        const keys = normal.map((value) => identifierKey({ type: 'email', value }));
        expect(new Set(keys)).toEqual(new Set([key]));
        // Every form is found by the forms of every other.
        expect(normal.filter((one) => !mailboxForms(one).includes(email))).toEqual([]);
        expect(forms).toEqual(expect.arrayContaining(mailboxKeywords(email)));
      }),
    );
  });

  it('of Gmail is looked for with a dot at each place, in both domains', () => {
    expect(mailboxForms('abc@gmail.com').sort()).toEqual(
      ['abc', 'a.bc', 'ab.c']
        .flatMap((one) => [`${one}@gmail.com`, `${one}@googlemail.com`])
        .sort(),
    );
    expect(formsOf({ type: 'email', value: 'a.b.c@gmail.com' })).toContain('a.b.c@gmail.com');
    expect(mailboxKeywords('a.bc@gmail.com')).toEqual([
      'a.bc@gmail.com',
      'abc@gmail.com',
      'abc@googlemail.com',
    ]);
  });
});

describe('what is likely to be the same', () => {
  it.each<[Identifier, Identifier | null]>([
    [
      { type: 'email', value: 'maria+shop@mail.example' },
      { type: 'email', value: 'maria@mail.example' },
    ],
    [{ type: 'email', value: 'maria+shop@gmail.com' }, null],
    [{ type: 'email', value: 'maria@mail.example' }, null],
    [
      { type: 'phone', value: '+49301234567', extension: '99' },
      { type: 'phone', value: '+49301234567' },
    ],
    [{ type: 'phone', value: '+49301234567' }, null],
    [{ type: 'facebook', value: 'a+b@c' }, null],
  ])('to %j is %j', (identifier, expected) => {
    expect(nearIdentifier(identifier)).toEqual(expected);
  });
});
