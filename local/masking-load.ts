import { applyEdits } from '../src/core/redaction/mail/edits';
import { maskMail } from '../src/core/redaction/mail/mask-mail';
import { mailPeople } from '../src/core/redaction/mail/people';
import { JsonMarks } from '../src/core/redaction/json-marks';
import { nobody, type KnownPeople } from '../src/core/redaction/people/known';
import { defaultPolicy } from '../src/core/redaction/policy';
import { Sanitiser } from '../src/core/redaction/sanitiser';

/** Something large to mask, of which nothing may keep others waiting. */
export interface Load {
  name: string;
  /** Work in steps, on so many bytes. */
  work: (bytes: number) => () => Generator<void, unknown>;
}

const card = '4111 1111 1111 1111';
const other = 'ada.brandt@shop.example';

const repeated = (text: string, bytes: number): string =>
  text.repeat(Math.ceil(bytes / text.length));

const numbered = (bytes: number, one: (i: number) => string): string => {
  const parts: string[] = [];
  for (let i = 0, length = 0; length < bytes; i += 1) {
    const part = one(i);
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
};

const sanitiserFor = (people: KnownPeople): Sanitiser =>
  new Sanitiser(defaultPolicy, (id) => id, { people });

function* maskWhole(raw: Buffer): Generator<void, Buffer> {
  const sanitiser = sanitiserFor(nobody);
  const { edits } = yield* maskMail(raw, {
    find: (text, field) => sanitiser.findInSteps(text, field),
    people: mailPeople(defaultPolicy, ['zoe@home.example']),
    attachments: 'keep',
  });
  return yield* applyEdits(raw, edits);
}

const mail = (name: string, make: (bytes: number) => string): Load => ({
  name: `mail: ${name}`,
  work: (bytes) => {
    const raw = Buffer.from(make(bytes), 'latin1');
    return () => maskWhole(raw);
  },
});

const document = (
  name: string,
  make: (bytes: number) => unknown,
  people: KnownPeople = nobody,
): Load => ({
  name: `document: ${name}`,
  work: (bytes) => {
    const value = make(bytes);
    return () => sanitiserFor(people).documentInSteps(value);
  },
});

const file = (name: string, make: (bytes: number) => string, json: 'json' | 'text'): Load => ({
  name: `file: ${name}`,
  work: (bytes) => {
    const raw = Buffer.from(make(bytes), 'latin1');
    return () => sanitiserFor(nobody).bytesInSteps(raw, json === 'json' ? new JsonMarks() : null);
  },
});

const base64Lines = (text: string): string =>
  Buffer.from(text, 'latin1')
    .toString('base64')
    .replaceAll(/(.{76})/g, '$1\r\n');

const body = (header: string, content: string): string => `${header}\r\n\r\n${content}`;

const known: KnownPeople = {
  ...nobody,
  traces: [
    { role: 'other', kind: 'name', value: 'Ada Brandt' },
    { role: 'other', kind: 'address', value: other },
    { role: 'staff', kind: 'address', value: '+493012345678' },
  ],
};

const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

/** Mails, documents and files that hold as much to mask as they can. */
export const loads: readonly Load[] = [
  mail('a field of card numbers', (bytes) => `Subject: ${repeated(`${card}, `, bytes)}\r\n\r\n`),
  mail(
    'a folded field of card numbers',
    (bytes) => `Subject: ${repeated(`${card},\r\n `, bytes)}x\r\n\r\n`,
  ),
  mail(
    'many fields of card numbers',
    (bytes) => `${repeated(`Subject: my card is ${card}\r\n`, bytes)}\r\n`,
  ),
  mail(
    'a field of encoded words',
    (bytes) => `Subject: ${repeated(`${word(`Müller ${card} `)}\r\n `, bytes)}x\r\n\r\n`,
  ),
  mail(
    'encoded words of one byte',
    (bytes) => `Subject: ${repeated('=?utf-8?Q?4?= =?utf-8?Q?1?= ', bytes)}\r\n\r\n`,
  ),
  mail(
    'encoded words in other charsets',
    (bytes) =>
      `Subject: ${repeated(`=?iso-8859-1?Q?M=FCller_${card.replaceAll(' ', '_')}?=\r\n ${word('x')} `, bytes)}x\r\n\r\n`,
  ),
  mail(
    'one long encoded word',
    (bytes) => `Subject: ${word(repeated(`${card}, `, bytes))}\r\n\r\n`,
  ),
  mail(
    'one long encoded word in letters',
    (bytes) => `Subject: =?utf-8?Q?${repeated('4111=201111=201111=201111_', bytes)}?=\r\n\r\n`,
  ),
  mail(
    'a list of recipients',
    (bytes) =>
      `To: ${numbered(bytes, (i) => `"Ada B${i} Brandt" <a${i}.b@shop.example>,\r\n `)}x@y.example\r\n\r\n${repeated('Ada B7 Brandt wrote. ', 10_000)}`,
  ),
  mail(
    'recipients in encoded words',
    (bytes) =>
      `To: ${numbered(bytes, (i) => `${word(`Zoë B${i}`)} <a${i}.b@shop.example>,\r\n `)}x@y.example\r\n\r\n`,
  ),
  mail(
    'a recipient with many words',
    (bytes) => `To: ${repeated('Ada ', bytes)}<a@shop.example>\r\n\r\n`,
  ),
  mail(
    'a recipient with many comments',
    (bytes) => `To: ${repeated('(Ada)', bytes)} a@shop.example\r\n\r\n`,
  ),
  mail('an address without end', (bytes) => `To: <${repeated('a.b(c) ', bytes)}\r\n\r\n`),
  mail('a parameter in many sections', (bytes) =>
    body(
      `Content-Type: text/plain; ${numbered(bytes, (i) => `name*${i % 9999}*=%34${card.replaceAll(' ', '%20')};\r\n `)}`,
      'x',
    ),
  ),
  mail('many parameters', (bytes) =>
    body(
      `Content-Type: text/plain; ${numbered(bytes, (i) => `x${i}="my card is ${card}";\r\n `)}`,
      'x',
    ),
  ),
  mail('one long parameter', (bytes) =>
    body(`Content-Type: text/plain; name="${repeated(`${card}, `, bytes)}"`, 'x'),
  ),
  mail('lines of text', (bytes) =>
    body('Content-Type: text/plain', repeated(`my card is ${card}\r\n`, bytes)),
  ),
  mail('one line of addresses', (bytes) =>
    body(
      'Content-Type: text/plain',
      numbered(bytes, (i) => `a${i}@shop.example `),
    ),
  ),
  mail('quoted-printable', (bytes) =>
    body(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
      repeated(`f=C3=BCr 4111=C2=A01111=C2=A01111=C2=A01111=\r\n und so weiter\r\n`, bytes),
    ),
  ),
  mail('quoted-printable in one line', (bytes) =>
    body(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
      repeated(`f=C3=BCr 4111=C2=A01111=C2=A01111=C2=A01111 und so weiter `, bytes),
    ),
  ),
  mail('quoted-printable with spaces at the ends', (bytes) =>
    body(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable',
      repeated(' ', bytes),
    ),
  ),
  mail('base64', (bytes) =>
    body(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64',
      base64Lines(repeated(`my card is ${card}\r\n`, bytes)),
    ),
  ),
  mail('base64 in one line', (bytes) =>
    body(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64',
      Buffer.from(repeated(`my card is ${card}\r\n`, bytes)).toString('base64'),
    ),
  ),
  mail('base64 of UTF-16', (bytes) =>
    body(
      'Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64',
      base64Lines(
        Buffer.from(repeated(`my card is ${card}\r\n`, bytes / 2), 'utf16le').toString('latin1'),
      ),
    ),
  ),
  mail('Japanese', (bytes) =>
    body(
      'Content-Type: text/plain; charset=iso-2022-jp',
      repeated(`\u001b$B$3$s$K$A$O\u001b(B my card is ${card}\r\n`, bytes),
    ),
  ),
  mail('a page', (bytes) =>
    body(
      'Content-Type: text/html; charset=utf-8',
      repeated(
        `<p title="${card}">4111&nbsp;1111&#32;<b>1111</b> 1111 &amp; more ${other}</p>\n`,
        bytes,
      ),
    ),
  ),
  mail('JSON', (bytes) =>
    body(
      'Content-Type: application/json',
      `[${repeated(`{"card":"${card}","no":4111111111111111},`, bytes)}0]`,
    ),
  ),
  mail('a folded calendar', (bytes) =>
    body(
      'Content-Type: text/calendar',
      repeated(`DESCRIPTION:4111 1111\r\n  1111 1111\r\n`, bytes),
    ),
  ),
  mail('UTF-7', (bytes) =>
    body('Content-Type: text/plain; charset=utf-7', repeated(`+AOQ- ${card} +APY-\r\n`, bytes)),
  ),
  mail('many parts', (bytes) =>
    body(
      'Content-Type: multipart/mixed; boundary=b',
      repeated(`--b\r\nContent-Type: text/plain\r\n\r\nmy card is ${card}\r\n`, bytes),
    ),
  ),
  mail('a mail in base64', (bytes) =>
    body(
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64',
      base64Lines(`Subject: x\r\n\r\n${repeated(`my card is ${card}\r\n`, bytes)}`),
    ),
  ),
  document('one text of card numbers', (bytes) => ({ text: repeated(`${card}, `, bytes) })),
  document('one text of digits', (bytes) => ({ text: repeated('4 1 7 3 9 2 5 6 ', bytes) })),
  document('one page', (bytes) => ({
    text: repeated(`<p title="${card}">4111&nbsp;1111 <b>1111</b> 1111</p>\n`, bytes),
  })),
  document(
    'one text of people',
    (bytes) => ({ text: repeated(`Ada Brandt, ${other}, 030 12345678; `, bytes) }),
    known,
  ),
  document(
    'one text of people in an address',
    (bytes) => ({ text: repeated(`Ada+Brandt&mail=${other.replace('@', '%40')}&`, bytes) }),
    known,
  ),
  document(
    'one text of people with escapes',
    (bytes) => ({ text: repeated(`\\"Ada\\u0020Brandt\\", \\"${other}\\", `, bytes) }),
    known,
  ),
  document('many texts', (bytes) => ({
    messages: Array.from({ length: Math.ceil(bytes / 60) }, () => ({ text: `my card is ${card}` })),
  })),
  document('many fields', (bytes) =>
    Object.fromEntries(
      Array.from({ length: Math.ceil(bytes / 60) }, (_, i) => [`field ${i}`, `my card is ${card}`]),
    ),
  ),
  document('many fields with card numbers as names', (bytes) =>
    Object.fromEntries(
      Array.from({ length: Math.ceil(bytes / 60) }, (_, i) => [
        `${card} no ${'abcdefgh'.charAt(i % 8)}${i}x`,
        i,
      ]),
    ),
  ),
  document('many numbers', (bytes) => ({
    list: Array.from({ length: Math.ceil(bytes / 17) }, () => 4111111111111111),
  })),
  document('a transcript', (bytes) => ({
    phrases: Array.from({ length: Math.ceil(bytes / 600) }, () => ({
      text: `my card is ${card} and more`,
      words: Array.from({ length: 20 }, () => ({ word: '4111' })),
    })),
  })),
  document('a phrase of many words', (bytes) => ({
    phrases: [
      { text: 'x', words: Array.from({ length: Math.ceil(bytes / 20) }, () => ({ word: '4111' })) },
    ],
  })),
  file('lines', (bytes) => repeated(`my card is ${card}\n`, bytes), 'text'),
  file('JSON', (bytes) => repeated(`{"card":"${card}","no":4111111111111111},\n`, bytes), 'json'),
  file('one string of JSON', (bytes) => `"${repeated(`${card}, `, bytes)}"`, 'json'),
  file('escapes of JSON', (bytes) => `"${repeated(`\\\\\\"${card}\\u0020`, bytes)}"`, 'json'),
];
