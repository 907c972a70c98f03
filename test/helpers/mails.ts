import fc from 'fast-check';
import { ownAddress } from './mail-masking';

/** Words that are masked in mails of tests, and what stands there afterwards. */
export const planted = {
  cards: ['4111 1111 1111 1111', '5204-7400-0990-0014', '378282246310005'],
  address: 'joe.other@elsewhere.example',
  name: 'Joe Otherman',
};
const markOf = {
  card: '[card number removed]',
  address: 'another.person@masked.invalid',
  name: '[another person]',
};

/** A text as it is when it was masked. Spaces behind a mark are those that base64 may need. */
export const withMarksOnly = (text: string): string => {
  const { cards, address, name } = planted;
  const masked = cards.reduce((all, card) => all.replaceAll(card, markOf.card), text);
  return masked
    .replaceAll(address, markOf.address)
    .replaceAll(name, markOf.name)
    .replaceAll(`"${markOf.name}"`, markOf.name)
    .replaceAll(
      /(\[card number removed\]|\[another person\]|another\.person@masked\.invalid) */g,
      '$1',
    );
};

/** A charset, with a word that only it writes in this way. */
interface Charset {
  label: string;
  word: Buffer;
  encode: (ascii: string) => Buffer;
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const narrow = (label: string, hex: string): Charset => ({
  label,
  word: Buffer.from(hex, 'hex'),
  encode: (ascii) => Buffer.from(ascii, 'latin1'),
});

/** Charsets of mails. The word is the same letters in each family. */
const charsets: Charset[] = [
  narrow('us-ascii', '776f7264'),
  narrow('utf-8', Buffer.from('Grüße 日本 😀').toString('hex')),
  narrow('iso-8859-1', '4772fcdf65'),
  narrow('iso-8859-15', '66fc7220a4'),
  narrow('windows-1252', '93477280fc94'),
  narrow('windows-1251', 'eff0e8e2e5f2'),
  narrow('koi8-r', 'd0d2c9d7c5d4'),
  narrow('iso-2022-jp', '1b2442467c4b5c386c1b2842'),
  narrow('shift_jis', '93fa967b8cea'),
  narrow('euc-jp', 'c6fccbdcb8ec'),
  narrow('gb2312', 'd6d0cec4'),
  narrow('big5', 'a4a4a4e5'),
  narrow('euc-kr', 'c7d1b1b9'),
];
const wideCharsets: Charset[] = [
  {
    label: 'utf-16le',
    word: Buffer.from('Grüße', 'utf16le'),
    encode: (text) => Buffer.from(text, 'utf16le'),
  },
  { label: 'utf-16be', word: utf16be('Grüße'), encode: utf16be },
];

/** A word of a text: something harmless, something masked, or the charset's own. */
type Word = { text: string } | 'charset';

const harmless = fc.constantFrom<Word>(
  { text: 'order' },
  { text: 'please=20call' },
  { text: '2026-11-23' },
  { text: '1234 5678' },
  { text: 'a=b' },
  { text: ownAddress },
  { text: `Zoe <${ownAddress}>` },
  'charset',
);
const masked = fc.constantFrom<Word>(
  ...planted.cards.map((text) => ({ text })),
  { text: planted.address },
  { text: `(${planted.cards[0]})` },
);

/** Whether something that is masked is among the words of a mail. */
export type Plant = 'planted' | 'clean';

const wordsOf = (plant: Plant): fc.Arbitrary<Word[]> =>
  fc.array(
    plant === 'clean'
      ? harmless
      : fc.oneof({ arbitrary: harmless, weight: 3 }, { arbitrary: masked, weight: 1 }),
    { minLength: 1, maxLength: 12 },
  );

const bytesOf = (words: readonly Word[], { word, encode }: Charset, between: string): Buffer =>
  Buffer.concat(
    words.flatMap((one, i) => [
      encode(i === 0 ? '' : between),
      one === 'charset' ? word : encode(one.text),
    ]),
  );

interface Layout {
  newline: string;
  width: number;
}

const inLines = (letters: string, { newline, width }: Layout): string =>
  (letters.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(newline);

/** Quoted-printable, written by another way than the one under test. */
function quotedPrintable(content: Buffer, { newline }: Layout): string {
  let line = '';
  const done: string[] = [];
  for (const byte of content) {
    const isPlain = byte > 32 && byte < 127 && byte !== 61;
    const token = isPlain || byte === 32 ? String.fromCharCode(byte) : `=${hex(byte)}`;
    if (line.length + token.length > 75) {
      done.push(`${line}=`);
      line = '';
    }
    line += token;
  }
  return [...done, line.replace(/ $/, '=20')].join(newline);
}

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

const layout: fc.Arbitrary<Layout> = fc.record({
  newline: fc.constantFrom('\r\n', '\n'),
  width: fc.constantFrom(76, 76, 60, 72, 73, 5_000),
});

/** A part with its own header, as bytes. */
interface Entity {
  header: string[];
  body: Buffer;
}

const encodings = ['8bit', 'base64', 'quoted-printable'] as const;

function encoded(content: Buffer, encoding: (typeof encodings)[number], form: Layout): Buffer {
  switch (encoding) {
    case '8bit':
      return content;
    case 'base64':
      return Buffer.from(inLines(content.toString('base64'), form));
    case 'quoted-printable':
      return Buffer.from(quotedPrintable(content, form));
  }
}

const textPart = (plant: Plant, form: Layout): fc.Arbitrary<Entity> =>
  fc
    .record({
      words: wordsOf(plant),
      charset: fc.constantFrom(...charsets),
      encoding: fc.constantFrom(...encodings),
      between: fc.constantFrom(' ', `,${form.newline}`, ' '),
      disposition: fc.constantFrom('', 'inline', 'attachment; filename="note.txt"'),
    })
    .map(({ words, charset, encoding, between, disposition }) => ({
      header: [
        `Content-Type: text/plain; charset=${charset.label}`,
        `Content-Transfer-Encoding: ${encoding}`,
        ...(disposition === '' ? [] : [`Content-Disposition: ${disposition}`]),
      ],
      body: encoded(bytesOf(words, charset, between), encoding, form),
    }));

const wideAttachment = (plant: Plant, form: Layout): fc.Arbitrary<Entity> =>
  fc
    .record({
      words: wordsOf(plant),
      charset: fc.constantFrom(...wideCharsets),
      encoding: fc.constantFrom('base64' as const, 'quoted-printable' as const),
    })
    .map(({ words, charset, encoding }) => ({
      header: [
        `Content-Type: text/csv; charset=${charset.label}; name="wide.csv"`,
        `Content-Transfer-Encoding: ${encoding}`,
        'Content-Disposition: attachment; filename="wide.csv"',
      ],
      body: encoded(
        Buffer.concat([charset.encode('\ufeff'), bytesOf(words, charset, ';')]),
        encoding,
        form,
      ),
    }));

const pagePart = (plant: Plant, form: Layout): fc.Arbitrary<Entity> =>
  fc
    .record({ words: wordsOf(plant), encoding: fc.constantFrom(...encodings) })
    .map(({ words, encoding }) => {
      const utf8 = charsets[1] as Charset;
      const text = bytesOf(words, utf8, ' ').toString().replaceAll('<', '&lt;');
      const page = `<html><body title="Grüße"><p>${text}</p><a href="#x">x</a></body></html>`;
      return {
        header: [
          'Content-Type: text/html; charset="utf-8"',
          `Content-Transfer-Encoding: ${encoding}`,
        ],
        body: encoded(Buffer.from(page), encoding, form),
      };
    });

const binaryPart = (form: Layout): fc.Arbitrary<Entity> =>
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((content) => ({
    header: [
      'Content-Type: application/pdf; name="a.pdf"',
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="a.pdf"',
    ],
    body: encoded(Buffer.from(content), 'base64', form),
  }));

const statusPart = (plant: Plant, { newline }: Layout): fc.Arbitrary<Entity> =>
  wordsOf(plant).map((words) => ({
    header: ['Content-Type: message/delivery-status'],
    body: Buffer.from(
      [
        'Reporting-MTA: dns; mx.home.example',
        '',
        `Final-Recipient: rfc822; ${plant === 'planted' ? planted.address : ownAddress}`,
        `Diagnostic-Code: smtp; not known: ${words.map((one) => (one === 'charset' ? 'x' : one.text)).join(' ')}`,
        '',
      ].join(newline),
    ),
  }));

let boundaries = 0;

const multipart = (plant: Plant, form: Layout, depth: number): fc.Arbitrary<Entity> =>
  fc
    .record({
      parts: fc.array(entity(plant, form, depth - 1), { minLength: 1, maxLength: 4 }),
      type: fc.constantFrom('mixed', 'alternative', 'related', 'report'),
      preamble: wordsOf(plant),
      epilogue: wordsOf(plant),
      closing: fc.constantFrom('closed', 'closed', 'closed', 'open'),
    })
    .map(({ parts, type, preamble, epilogue, closing }) => {
      boundaries += 1;
      const boundary = `=_b${boundaries}_4111111111111111`;
      const { newline } = form;
      const plain = (words: Word[]): Buffer => bytesOf(words, charsets[0] as Charset, ' ');
      return {
        header: [`Content-Type: multipart/${type};${newline} boundary="${boundary}"`],
        body: Buffer.concat([
          plain(preamble),
          ...parts.flatMap((one) => [
            Buffer.from(`${newline}--${boundary}${newline}`),
            written(one, form),
          ]),
          ...(closing === 'closed'
            ? [Buffer.from(`${newline}--${boundary}--${newline}`), plain(epilogue)]
            : [Buffer.from(newline)]),
        ]),
      };
    });

const innerMail = (plant: Plant, form: Layout, depth: number): fc.Arbitrary<Entity> =>
  fc
    .record({
      mail: mailOf(plant, form, depth - 1),
      encoding: fc.constantFrom('8bit' as const, '8bit' as const, 'base64' as const),
    })
    .map(({ mail, encoding }) => ({
      header: ['Content-Type: message/rfc822', `Content-Transfer-Encoding: ${encoding}`],
      body: encoded(mail, encoding, form),
    }));

function entity(plant: Plant, form: Layout, depth: number): fc.Arbitrary<Entity> {
  const leaves = [
    textPart(plant, form),
    textPart(plant, form),
    wideAttachment(plant, form),
    pagePart(plant, form),
    binaryPart(form),
    statusPart(plant, form),
  ];
  return depth <= 0
    ? fc.oneof(...leaves)
    : fc.oneof(...leaves, multipart(plant, form, depth), innerMail(plant, form, depth));
}

const written = ({ header, body }: Entity, { newline }: Layout): Buffer =>
  Buffer.concat([Buffer.from([...header, '', ''].join(newline), 'latin1'), body]);

/** An encoded word (RFC 2047) of a text. */
const encodedWord = (words: readonly Word[], charset: Charset, encoding: 'B' | 'Q'): string => {
  // Spaces between encoded words are not shown: each brings its own.
  const content = Buffer.concat([bytesOf(words, charset, ' '), charset.encode(' ')]);
  const letters =
    encoding === 'B'
      ? content.toString('base64')
      : [...content].map((byte) => (byte === 32 ? '_' : `=${hex(byte)}`)).join('');
  return `=?${charset.label}?${encoding}?${letters}?=`;
};

const subject = (plant: Plant, { newline }: Layout): fc.Arbitrary<string> =>
  fc
    .record({
      words: wordsOf(plant),
      charset: fc.constantFrom(...charsets),
      form: fc.constantFrom('plain', 'B', 'Q', 'folded'),
    })
    .map(({ words, charset, form }) => {
      const texts = words.map((one) => (one === 'charset' ? 'word' : one.text));
      switch (form) {
        case 'B':
        case 'Q':
          return `Subject: Re: ${words.map((one) => encodedWord([one], charset, form)).join(`${newline} `)} end`;
        case 'folded':
          return `Subject: ${texts.join(`${newline} `)}`;
        default:
          return `Subject: ${texts.join(' ')}`;
      }
    });

const addressFields = (plant: Plant): fc.Arbitrary<string[]> => {
  const other =
    plant === 'clean'
      ? [`Zoe Own <${ownAddress}>`]
      : [
          `${planted.name} <${planted.address}>`,
          `"${planted.name}" <${planted.address}>`,
          planted.address,
          `=?utf-8?Q?Joe_Otherman?= <${planted.address}>`,
        ];
  const mailbox = fc.constantFrom(`Zoe Own <${ownAddress}>`, ownAddress, ...other);
  const list = fc.array(mailbox, { minLength: 1, maxLength: 4 });
  const field = fc.constantFrom('To', 'Cc', 'Bcc', 'Reply-To', 'Resent-To', 'X-Original-To');
  return fc
    .array(fc.tuple(field, list, fc.boolean()), { minLength: 1, maxLength: 4 })
    .map((fields) =>
      fields.map(([name, mailboxes, isGroup]) =>
        isGroup && name !== 'X-Original-To'
          ? `${name}: A Group: ${mailboxes.join(', ')};`
          : `${name}: ${mailboxes.join(', ')}`,
      ),
    );
};

function mailOf(plant: Plant, form: Layout, depth: number): fc.Arbitrary<Buffer> {
  const others = plant === 'clean' ? [ownAddress] : [ownAddress, planted.address];
  return fc
    .record({
      content: entity(plant, form, depth),
      subjectLine: subject(plant, form),
      people: addressFields(plant),
      sender: fc.constantFrom(...others),
      noted: wordsOf(plant),
    })
    .map(({ content, subjectLine, people, sender, noted }) =>
      written(
        {
          header: [
            `Return-Path: <${sender}>`,
            `Received: from mx.home.example by mx2.home.example for <${sender}>;${form.newline} Mon, 23 Nov 2026 10:00:00 +0100`,
            `Authentication-Results: mx; spf=pass smtp.mailfrom=${sender}; dkim=pass`,
            `From: ${sender}`,
            ...people,
            subjectLine,
            'Date: Wed, 15 Dec 2010    59:10 -0500',
            'Message-ID: <4111111111111111@home.example>',
            'References: <1@home.example> <2@home.example>',
            `X-Note: ${noted.map((one) => (one === 'charset' ? 'word' : one.text)).join(' ')}`,
            'MIME-Version: 1.0',
            ...content.header,
          ],
          body: content.body,
        },
        form,
      ),
    );
}

/** Mails of all shapes, with or without something that is masked in them. */
export const mails = (plant: Plant): fc.Arbitrary<Buffer> =>
  layout.chain((form) => mailOf(plant, form, 2));
