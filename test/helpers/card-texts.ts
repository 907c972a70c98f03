/**
 * Texts with card numbers in them. It shares no code and no table with the recogniser: a fault of one does
 * not hide in the other.
 */
import { SeededRandom } from './seeded-random';

/** A document to be masked. */
export interface CardText {
  /** What kind of text it is, for the figures. */
  kind: string;
  value: unknown;
  /** The digits that must not stay. */
  card: string;
  /** The text that is expected, where it is known to the byte. */
  masked?: string;
}

/** The check digit for some digits: the tens are filled up (annex B of ISO/IEC 7812-1). */
export function checkDigit(digits: string): string {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  let sum = 0;
  for (let i = digits.length - 1, twice = true; i >= 0; i -= 1, twice = !twice)
    sum += twice ? (doubled[Number(digits[i])] ?? 0) : Number(digits[i]);
  return String((10 - (sum % 10)) % 10);
}

/** Whether the check digit of a number fits. */
export const fits = (number: string): boolean => checkDigit(number.slice(0, -1)) === number.at(-1);

/**
 * Numbers that payment providers publish for tests: docs.stripe.com/testing,
 * docs.adyen.com/development-resources/test-cards, developer.paypal.com (Braintree, Payflow).
 */
export const publishedNumbers: readonly string[] = (
  '4242424242424242 4000056655665556 4111111111111111 4012888888881881 4005519200000004 4009348888881881 ' +
  '4012000033330026 4988438843884305 4166676667666746 4646464646464644 4000620000000007 4000060000000006 ' +
  '5555555555554444 5105105105105100 5200828282828210 2223003122003222 2223000048410010 2222400070000005 ' +
  '5577000055770004 5100290029002909 2222410740360010 378282246310005 371449635398431 378734493671000 ' +
  '370000000000002 6011111111111117 6011000990139424 6011981111111113 6445644564456445 6011601160116611 ' +
  '3056930009020004 36227206271667 30569309025904 38520000023237 36006666333344 3566002020360505 ' +
  '3569990010095841 3530111333300000 6200000000000005 6200000000000047 6205500000000000004 ' +
  '6243030000000001 8171999927660000 8171999900000000021 6771798021000008 6759649826438453 ' +
  '6799990100000000019 6771830999991239 6304000000000000 5000550000000029 6703444444444449 ' +
  '6703000000000000003 5019555544445555 5066991111111118 6062828888666688'
).split(' ');

/** Beginnings and lengths by which issuers number their cards. */
const schemes: readonly (readonly [prefixes: readonly string[], length: number])[] = [
  [['4'], 16],
  [['4'], 16],
  [['51', '52', '53', '54', '55', '2221', '2300', '2543', '2720'], 16],
  [['51', '52', '53', '54', '55'], 16],
  [['34', '37'], 15],
  [['36', '300', '305', '38'], 14],
  [['6011', '644', '649', '65'], 16],
  [['3528', '3545', '3589'], 16],
  [['6221', '6250', '6292'], 16],
  [['6221', '6250'], 19],
  [['5018', '6759', '6763'], 16],
  [['6304', '6759'], 18],
  [['6799', '6721'], 19],
  [['4'], 19],
  [['2200', '2204'], 16],
];

function cardNumber(random: SeededRandom): string {
  if (random.int(1, 3) === 1) return random.of(publishedNumbers);
  const [prefixes, length] = random.of(schemes);
  const prefix = random.of(prefixes);
  const body = prefix + random.digits(length - prefix.length - 1);
  return body + checkDigit(body);
}

/** Groups as they stand on cards, or as people form them. */
function groupsOf(card: string, random: SeededRandom): string[] {
  const cut = (sizes: readonly number[]): string[] => {
    const groups: string[] = [];
    let at = 0;
    for (const size of sizes) {
      groups.push(card.slice(at, at + size));
      at += size;
    }
    if (at < card.length) groups.push(card.slice(at));
    return groups.filter((group) => group !== '');
  };
  if (card.length === 15 && random.int(0, 3) > 0) return cut([4, 6, 5]);
  if (card.length === 14 && random.int(0, 3) > 0) return cut([4, 6, 4]);
  return cut([4, 4, 4, 4]);
}

/** Separators between groups, all usual ones. */
const separators: readonly string[] = [
  ...[' ', ' ', ' ', '-', '-', '\u00a0', '\u202f', '\u2009', '\u2007', '\u3000', '  ', '   '],
  ...[
    '.',
    '\u2013',
    '\u2011',
    '\u2212',
    ' - ',
    ' \u2013 ',
    '\n',
    '\r\n',
    '\n  ',
    '\t',
    '\u200b',
    ' \u00a0',
  ],
];

/** A card number as it is written in plain text. */
function written(card: string, random: SeededRandom): { text: string; kind: string } {
  switch (random.int(0, 7)) {
    case 0:
    case 1:
      return { text: card, kind: 'bare' };
    case 2:
      return { text: [...card].join(random.of([' ', '-', ' - '])), kind: 'single digits' };
    case 3: {
      const half = random.int(5, card.length - 5);
      return {
        text: `${card.slice(0, half)}${random.of([' ', '-', '\u00a0'])}${card.slice(half)}`,
        kind: 'two groups',
      };
    }
    case 4: {
      const groups = groupsOf(card, random);
      const broken = random.int(1, groups.length - 1);
      const text = groups
        .map((group, i) => (i === 0 ? '' : i === broken ? '\n' : ' ') + group)
        .join('');
      return { text, kind: 'broken line' };
    }
    default: {
      const separator = random.of(separators);
      return {
        text: groupsOf(card, random).join(separator),
        kind: `groups by ${JSON.stringify(separator)}`,
      };
    }
  }
}

/** What stands around a card: messages, mails and notes in six languages. `#` is the card. */
const sentences: readonly string[] = [
  'Hi, my card number is # and it does not work.',
  'please charge #, thanks',
  '#',
  'Card: #\nName: Maria Keller\nRegards',
  'I paid with # on Monday (order 12345)',
  'it is #.',
  'Meine Kartennummer lautet #, gültig bis 12/27.',
  'Ich habe mit # bezahlt und warte seit 3 Tagen.',
  'Guten Tag,\n\nbitte buchen Sie von # ab.\n\nMit freundlichen Grüßen',
  'Ma carte : # – merci',
  'Voici le numéro # du titulaire',
  'Mi tarjeta es #, caduca 11/28',
  'Pagué con # ayer por la noche',
  'La mia carta è # e non funziona',
  'Ho pagato con #.',
  'Mijn kaart is # en werkt niet',
  'betaald met #, klantnummer 88123',
  'Note 2024-04-29: caller read # to the agent, see ticket 4711',
  '> On Monday Ada wrote:\n> use # please\n',
  '"name";"value"\n"card";"#"\n',
  'id,card,amount\n17,#,12.50\n',
  'visa # exp 04/29',
  '(#)',
  'CARD=#;CVV=123',
  'call me at +49 151 23456789 or take #',
];

/** What people write directly before and after a card, with the same kind of separators. */
const neighbours: readonly (readonly [before: string, after: string])[] = [
  ['', ' 12/26'],
  ['', ' 12 26'],
  ['', ' 12/26 123'],
  ['', '-123'],
  ['', ' 123'],
  ['', ' 0527 '],
  ['1 ', ''],
  ['2. ', ''],
  ['3) ', ''],
  ['nr 7 ', ' 9'],
  ['29.04.2024 ', ''],
  ['2024-04-29 ', ' 17:30'],
  ['EUR 12.50 ', ''],
  ['', ', 5 EUR'],
];

const mark = '[card number removed]';

function plainText(random: SeededRandom): CardText {
  const card = cardNumber(random);
  const { text, kind } = written(card, random);
  if (random.int(0, 4) === 0) {
    const [before, after] = random.of(neighbours);
    const simple = random.of([
      card,
      groupsOf(card, random).join(' '),
      groupsOf(card, random).join('-'),
    ]);
    return { kind: 'neighbours', value: `${before}${simple}${after}`, card };
  }
  const [before = '', after = ''] = random.of(sentences).split('#');
  return { kind, value: before + text + after, card, masked: before + mark + after };
}

/** Names of fields in which a card may stand, some of which look like those of ids. */
const fieldNames: readonly string[] = [
  ...[
    'text',
    'body',
    'textBody',
    'note',
    'noteText',
    'cardId',
    'paymentId',
    'cardNumber',
    'pan',
    'value',
  ],
  ...[
    'customField3',
    'answer',
    'subject',
    'searchTerm',
    'payment_reference',
    'createdDate',
    'lastUri',
  ],
].filter((name) => name !== 'lastUri');

function inJson(random: SeededRandom): CardText {
  const card = cardNumber(random);
  const { text } = written(card, random);
  const [before = '', after = ''] = random.of(sentences).split('#');
  const name = random.of(fieldNames);
  switch (random.int(0, 4)) {
    case 0:
      return { kind: 'JSON number', value: { messages: [{ [name]: Number(card) }] }, card };
    case 1:
      return {
        kind: 'JSON string',
        value: { conversation: { [name]: [before + text + after] } },
        card,
      };
    case 2:
      return {
        kind: 'JSON of attributes',
        value: { participants: [{ attributes: { [random.of(['id', 'address', name])]: card } }] },
        card,
      };
    case 3:
      return {
        kind: 'JSON in a text',
        value: { [name]: JSON.stringify({ [name]: card, n: 1 }) },
        card,
      };
    default:
      return {
        kind: 'JSON of a message',
        value: {
          id: 'bdf82cee-e6f7-48b2-ac38-302160455453',
          normalizedMessage: { type: 'Text', text: before + text + after },
        },
        card,
      };
  }
}

const entities: readonly string[] = [
  '&nbsp;',
  '&#160;',
  '&#xa0;',
  '&ensp;',
  '&thinsp;',
  '&#8211;',
  '&#45;',
  ' ',
];
const inlineTags: readonly (readonly [open: string, close: string])[] = [
  ['<b>', '</b>'],
  ['<span style="color: #123456">', '</span>'],
  ['<i class="x">', '</i>'],
  ['<font size="2">', '</font>'],
  ['<a class="number">', '</a>'],
  ['<!-- 12 -->', '<!---->'],
];

/** HTML with a card in it, written as programs for mail and chat write it. */
function inHtml(random: SeededRandom): CardText {
  const card = cardNumber(random);
  const groups = groupsOf(card, random);
  const [open, close] = random.of(inlineTags);
  const forms: readonly (() => string)[] = [
    () => groups.join(random.of(entities)),
    () => groups.map((group) => open + group + close).join(random.of(['', ' ', '&nbsp;', '-'])),
    () => card.slice(0, 5) + open + card.slice(5, 9) + close + card.slice(9),
    () => groups.join('<br>'),
    () => groups.map((group) => `<td>${group}</td>`).join('\n  '),
    () => groups.map((group) => `<div>${group}</div>`).join(''),
    () => [...card].map((digit) => `&#${48 + Number(digit)};`).join(''),
    () => `<input type="text" value="${groups.join(random.of([' ', '&nbsp;', '-']))}">`,
    () => `<!-- ${groups.join(' ')} -->`,
    () =>
      `<a href="https://shop.example/pay?card=${groups.join(random.of(['+', '%20', '-', '%2D']))}&amp;x=1">pay</a>`,
    () => card,
  ];
  const [before = '', after = ''] = random
    .of(sentences.filter((one) => !one.includes('>')))
    .split('#');
  const body = `<p>${before}${random.of(forms)()}${after}</p>`;
  return { kind: 'HTML', value: { htmlBody: `<html><body>${body}</body></html>` }, card };
}

function inAddress(random: SeededRandom): CardText {
  const card = cardNumber(random);
  const groups = groupsOf(card, random).join(random.of(['+', '%20', '-', '', '%C2%A0', '.']));
  const url = `https://shop.example/pay?n=1&card=${groups}&exp=12%2F26`;
  return { kind: 'website visit', value: { lastPage: { url, pathname: '/pay' } }, card };
}

/** Old cards of 13 digits, which are told by a word beside them. */
function ofThirteenDigits(random: SeededRandom): CardText {
  const body = `4${random.digits(11)}`;
  const card = random.int(0, 1) === 0 ? '4222222222222' : body + checkDigit(body);
  const words = [
    'card ',
    'my Visa: ',
    'Kreditkarte ',
    'carte bancaire ',
    'tarjeta ',
    'carta di credito ',
    'kaart ',
  ];
  return { kind: '13 digits', value: random.of(words) + card, card };
}

const makers: readonly ((random: SeededRandom) => CardText)[] = [
  ...[plainText, plainText, plainText, plainText, plainText, inJson, inJson, inHtml, inHtml],
  ...[inAddress, ofThirteenDigits],
];

/** Texts that each hold one card number. */
export function* cardTexts(seed: number, count: number): Generator<CardText> {
  const random = new SeededRandom(seed);
  // Every published number once, whatever chance takes.
  for (const card of publishedNumbers) yield { kind: 'published', value: `number ${card}`, card };
  for (let i = 0; i < count; i += 1) {
    const made = random.of(makers)(random);
    // A number that repeats one digit is nobody's; a number of JSON keeps 15 digits for certain.
    if (new Set(made.card).size > 1) yield made;
  }
}
