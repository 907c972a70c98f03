import { defaultPolicy } from '../../../src/core/redaction/policy';
import { Sanitiser } from '../../../src/core/redaction/sanitiser';
import { after, base64, card, cardsOnly, mark } from '../../helpers/card-mails';
import { lines, mailMasking, maskedBy as masked } from '../../helpers/mail-masking';

describe('a transfer encoding', () => {
  const text = (middle: string): string =>
    `${'Lorem ipsum dolor sit amet. '.repeat(20)}${middle}${' consectetur adipiscing.'.repeat(20)}`;
  const wrapped = (content: string): string => base64(content).replaceAll(/.{76}/g, '$&\r\n');
  const mail = (encoding: string, body: string): string =>
    lines(`Content-Transfer-Encoding: ${encoding}`, '', body, '');
  const bodyOf = (raw: string): string[] => raw.split('\r\n').slice(2);

  it.each([0, 1, 2])('of base64 is written anew around a card alone, %d letters later', (more) => {
    const before = mail('base64', wrapped(text(`${'x'.repeat(more)}${card}`)));
    const changed = after(before);
    const decoded = Buffer.from(bodyOf(changed).join(''), 'base64').toString();
    expect(decoded.replace(/\] {0,2} c/, '] c')).toBe(text(`${'x'.repeat(more)}${mark}`));
    const unchanged = bodyOf(before).filter((line) => bodyOf(changed).includes(line));
    expect(unchanged.length).toBeGreaterThanOrEqual(bodyOf(before).length - 2);
    for (const line of bodyOf(changed)) expect(line.length).toBeLessThanOrEqual(76);
  });

  it('of base64 may have other letters, and padding within', () => {
    const two = `${base64('My card: 4111 1111')}!\r\n ${base64(' 1111 1111 and more')}`;
    const changed = after(mail('base64', two));
    const letters = bodyOf(changed)
      .join('')
      .replaceAll(/[^A-Za-z0-9+/=]/g, '');
    const decoded = (letters.match(/[A-Za-z0-9+/]+=*/g) ?? []).map((one) =>
      Buffer.from(one, 'base64').toString(),
    );
    expect(decoded.join('')).not.toContain('1111');
    expect(decoded.join('')).toContain(`My card: ${mark}`);
    expect(decoded.join('')).toContain('and more');
  });

  it.each<[string, string[], string[]]>([
    [
      'in the first one, and in the last one',
      [`first ${card}.`, 'second.', 'third', 'fourth.', `the last ${card}`],
      [`first ${mark}.`, 'second.', 'third', 'fourth.', `the last ${mark}`],
    ],
    [
      'that are cards as a whole, side by side',
      ['a:', card, `; b ${card}`, ',', `${card}.`, 'end.'],
      ['a:', mark, `; b ${mark}`, ',', `${mark}.`, 'end.'],
    ],
    [
      'with a card that goes over two borders of them',
      ['one.', 'a card 4111', ' 1111 11', '11 1111, ok', 'two.', 'three'],
      ['one.', `a card ${mark}`, '', ', ok', 'two.', 'three'],
    ],
    [
      'with a card that ends where one of them ends',
      ['x.', `a card ${card}`, '; more.', 'end.'],
      ['x.', `a card ${mark}`, '; more.', 'end.'],
    ],
  ])('of base64 in many stretches is written anew in those alone %s', (_, before, expected) => {
    const stretches = (texts: string[]): string => texts.map(base64).join('\r\n');
    // Each ends with padding, so that another one begins behind it.
    for (const text of before) expect(base64(text)).toContain('=');
    expect(after(mail('base64', stretches(before)))).toBe(mail('base64', stretches(expected)));
  });

  it('that says base64 and is plain text is masked as it stands', () => {
    expect(after(mail('base64', `My card: ${card}`))).toContain(`My card: ${mark}`);
    const forwarded = `Content-Type: message/rfc822\r\n${mail('base64', `My card: ${card}`)}`;
    expect(after(forwarded)).toContain(`My card: ${mark}`);
  });

  it('of quoted-printable is written anew around a card alone, in lines of 76', () => {
    const start = `${'a'.repeat(60)} =\r\n41=31=\r\n1 1111 1111=201111`;
    const raw = mail(
      'quoted-printable',
      `Gr=FC=DFe\r\n${start} and ${'b'.repeat(40)}=\r\nend =\r\n`,
    );
    const changed = after(raw);
    expect(changed).toBe(
      mail(
        'quoted-printable',
        `Gr=FC=DFe\r\n${'a'.repeat(60)} =\r\n${mark} and ${'b'.repeat(40)}=\r\nend =\r\n`,
      ),
    );
    const long = after(mail('quoted-printable', `${'a'.repeat(50)} ${card} ${'b'.repeat(5)}`));
    for (const line of bodyOf(long)) expect(line.length).toBeLessThanOrEqual(76);
    expect(long.replaceAll('=\r\n', '')).toContain(`a ${mark} b`);
  });

  it.each([
    ['where a line goes on behind them', `4111 1111=  \r\n 1111 1111=\t\r\n.`, `${mark}=\t\r\n.`],
    ['behind a card', `a  \r\n${card} \t\r\nb \r\n`, `a  \r\n${mark} \t\r\nb \r\n`],
    [
      'between two lines of a card',
      `a\t\r\n4111 1111 \t\r\n1111 1111 \r\nb`,
      `a\t\r\n${mark} \r\nb`,
    ],
    ['in lines of their own', `a\r\n \t\r\n${card}\r\n  `, `a\r\n \t\r\n${mark}\r\n  `],
    ['that are written as they are meant', `4111 1111=20\r\n1111 1111=09\r\nb`, `${mark}=09\r\nb`],
  ])('of quoted-printable may have spaces at the ends of its lines, %s', (_, before, expected) => {
    expect(after(mail('quoted-printable', before))).toBe(mail('quoted-printable', expected));
  });

  it.each([
    ['the last line break', 'id 77\r\n\r\nb id 78\r\n', '[id removed]b [id removed]'],
    ['nothing but line breaks behind it', 'id 77\r\n\r\n', '[id removed]'],
    ['the end', 'a=\r\nid 77', 'a=\r\n[id removed]'],
    [
      'the last line break of a full line, which goes on as it ended',
      `${'b'.repeat(70)} id 77\n`,
      `${'b'.repeat(70)} =\n[id removed]`,
    ],
  ])('of quoted-printable is masked up to %s', (_, before, expected) => {
    const masking = mailMasking({
      otherPeople: 'keep',
      patterns: [{ name: 'id', pattern: 'id \\d+\\s*' }],
    });
    const head = lines('Content-Transfer-Encoding: quoted-printable', '', '');
    expect(masked(head + before, masking).content.toString()).toBe(head + expected);
  });

  it('that nobody knows is masked as it stands, and counted', () => {
    const result = masked(mail('x-uuencode', `card ${card}`), cardsOnly);
    expect(result.content.toString()).toContain(`card ${mark}`);
    expect(result.attachmentsNotRead).toBe(1);
  });
});

describe('a charset', () => {
  const part = (charset: string, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`Content-Type: text/plain; charset=${charset}\r\n\r\n`), content]);
  const bytes = (...pieces: (string | number[])[]): Buffer =>
    Buffer.concat(
      pieces.map((one) =>
        typeof one === 'string' ? Buffer.from(one, 'latin1') : Buffer.from(one),
      ),
    );

  it.each<[string, string | number[], string | number[]]>([
    ['utf-8', [0xf0, 0x9f, 0x98, 0x80, 0xff, 0xe2, 0x82], [0xc3, 0xbc]],
    ['iso-8859-1', [0xfc, 0xdf], [0xe4]],
    ['shift_jis', [0x93, 0xfa, 0x81], [0x8c, 0xea]],
    ['gb18030', [0x81, 0x30, 0x81, 0x30, 0xd6, 0xd0], [0xce, 0xc4]],
    ['big5', [0xa4, 0xa4], [0xa4, 0xe5]],
    ['euc-kr', [0xc7, 0xd1], [0xb1, 0xb9]],
    ['x-nobody-knows', [0xfc], [0xff]],
    ['iso-2022-kr', '\u001b$)C\u000e1Q\u000f', '\u000e1Q\u000f'],
    ['cp932', [0x93, 0xfa], [0x8c, 0xea]],
  ])('of %s keeps the bytes beside a card', (charset, before, behind) => {
    const raw = (middle: string) =>
      part(charset, bytes(before, '\n', before, ' ', middle, ' ', behind));
    expect(masked(raw(card), cardsOnly).content.equals(raw(mark))).toBe(true);
  });

  it('of ISO-2022-JP is left and entered again where a card stands between its letters', () => {
    const japanese = (text: string): Buffer => part('iso-2022-jp', Buffer.from(text, 'latin1'));
    const raw = japanese(`\u001b$BF|\u001b(B${card}\u001b$BK\\\u001b(B end`);
    const { content } = masked(raw, cardsOnly);
    const decoded = new TextDecoder('iso-2022-jp').decode(content);
    expect(decoded).toContain(`日${mark}本 end`);
  });

  it.each([
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(text, 'utf16le').swap16()],
    ['utf-16', (text: string) => Buffer.from(text, 'utf16le').swap16()],
    [
      'utf-32le',
      (text: string) => Buffer.from([...text].flatMap((one) => [one.charCodeAt(0), 0, 0, 0])),
    ],
  ])('of %s is written in its units', (charset, encode) => {
    const raw = part(charset, encode(`Card ${card} end`));
    expect(masked(raw, cardsOnly).content.equals(part(charset, encode(`Card ${mark} end`)))).toBe(
      true,
    );
  });

  it('of UTF-7 is read, with what it writes in base64', () => {
    const shifted = `+${Buffer.from('4111', 'utf16le').swap16().toString('base64').replaceAll('=', '')}-`;
    expect(after(part('utf-7', bytes(`a +- b ${shifted} 1111 1111 1111 end`)))).toContain(
      `a +- b ${mark} end`,
    );
  });

  it('of a page whose tag has no end is searched as it stands', () => {
    const page = `Content-Type: text/html; charset=utf-16\r\n\r\n<a href="x <b title='\r\n y="b" My card: ${card}`;
    expect(after(page)).toContain(`My card: ${mark}`);
  });

  it('that cannot be read is left out, and said so', () => {
    const result = masked(part('ibm1047', bytes([0xf4, 0xf1, 0xf1, 0xf1])), cardsOnly);
    expect(result.partsWithheld).toBe(1);
    expect(result.content.toString()).toContain('[This part of the mail was left out');
  });

  it('that says UTF-16 and is not is masked as it stands', () => {
    expect(after(part('utf-16', bytes(`card ${card}`)))).toContain(`card ${mark}`);
  });
});

describe('a header field', () => {
  const field = (value: string): string =>
    after(`${value}\r\n\r\nbody`).replace('\r\n\r\nbody', '');

  it.each([
    ['X-Note: paid by 4111 1111\r\n 1111 1111 today', `X-Note: paid by ${mark} today`],
    [
      'Subject: =?utf-8?Q?4111=201111_1111?= =?utf-8?Q?_1111_ok?=',
      `Subject: =?utf-8?Q?=5Bcard_number_removed=5D_ok?=`,
    ],
    [
      `Subject: =?ISO-8859-1?B?${base64(Buffer.from(`für ${card}`, 'latin1'))}?= =?utf-8?Q?ok?=`,
      `Subject: =?ISO-8859-1?B?${base64(Buffer.from(`für ${mark}`, 'latin1'))}?= =?utf-8?Q?ok?=`,
    ],
    [
      'Subject: =?utf-8?Q?4111111111111111,_4111111111111111=2E?= =?utf-8?Q?ok?=',
      'Subject: =?utf-8?Q?=5Bcard_number_removed=5D=2C_=5Bcard_number_removed=5D=2E?= =?utf-8?Q?ok?=',
    ],
    [
      'Subject: =?utf-8?Q?a_4111_1111?= =?utf-8?Q?_1111_1111_b_4111_?=\r\n =?utf-8?Q?1111_1111_1111?= =?utf-8?Q?_c?= d',
      'Subject: =?utf-8?Q?a_=5Bcard_number_removed=5D_b_=5Bcard_number_removed=5D?= =?utf-8?Q?_c?= d',
    ],
    ['Subject: =?utf-8?q?no_hit?= 4111111111111111', `Subject: =?utf-8?q?no_hit?= ${mark}`],
    [
      'Content-Type: text/plain; name="4111111111111111.txt"',
      `Content-Type: text/plain; name="${mark}.txt"`,
    ],
    ['Content-Type: text/plain; name=4111111111111111', `Content-Type: text/plain; name="${mark}"`],
    [
      'Content-Disposition: attachment;;filename=4111111111111111',
      `Content-Disposition: attachment;;filename="${mark}"`,
    ],
    [
      'Content-Type: text/plain;; flowed; =x; (a;b) ; ="y"; name=4111111111111111',
      `Content-Type: text/plain;; flowed; =x; (a;b) ; ="y"; name="${mark}"`,
    ],
    [
      "Content-Disposition: attachment; 4111111111111111; filename*=utf-8''4111111111111111%20%C3%BC",
      `Content-Disposition: attachment; ${mark}; filename*=utf-8''%5Bcard%20number%20removed%5D%20%C3%BC`,
    ],
    [
      "Content-Disposition: attachment; filename*=utf-8''4111%201111%201111%201111%20%C3%BC.txt",
      "Content-Disposition: attachment; filename*=utf-8''%5Bcard%20number%20removed%5D%20%C3%BC.txt",
    ],
    [
      'Content-Disposition: attachment;\r\n filename*1="1111 1111";\r\n filename*0*=utf-8\'\'a%20%34111%201111%20',
      'Content-Disposition: attachment;\r\n filename*1="";\r\n filename*0*=utf-8\'\'a%20%5Bcard%20number%20removed%5D',
    ],
    [
      'Content-Type: multipart/mixed; boundary="4111111111111111"',
      'Content-Type: multipart/mixed; boundary="4111111111111111"',
    ],
    ['Message-ID: <4111111111111111@a.example>', 'Message-ID: <4111111111111111@a.example>'],
  ])('is masked in the words that it has: %s', (before, expected) => {
    expect(field(before)).toBe(expected);
  });

  it.each([199, 200, 201, 1_000])('is masked in each of %d encoded words', (count) => {
    const words = (text: string): string =>
      Array.from({ length: count }, (_, i) => `=?utf-8?Q?${text}_n${i}=2E_?=`).join('\r\n ');
    expect(field(`Subject: ${words('4111111111111111,')} end`)).toBe(
      `Subject: ${words('=5Bcard_number_removed=5D=2C')} end`,
    );
  });

  it('finds its parameters behind thousands without a name or a value', () => {
    const field = (boundary: string): string =>
      `Content-Type: multipart/mixed;; report; =x ;boundary=${boundary}`;
    const part = (content: string): string =>
      lines('--b', 'Content-Transfer-Encoding: base64', '', base64(content), '--b--');
    expect(after(lines(field('b'), '', part(card)))).toBe(lines(field('b'), '', part(mark)));
    const many = `Content-Disposition: attachment${'; ;x'.repeat(5_000)}; filename=`;
    expect(after(`${many}4111111111111111\r\n\r\n`)).toBe(`${many}"${mark}"\r\n\r\n`);
  });

  it('in UTF-8 (RFC 6532) keeps its letters', () => {
    const raw = (middle: string): Buffer => Buffer.from(`Subject: Grüße 日本 ${middle} ü\r\n\r\n`);
    expect(masked(raw(card), cardsOnly).content.equals(raw(mark))).toBe(true);
  });

  it('has no encoded word above 75 letters where the original had none', () => {
    const long = `=?utf-8?Q?${'ü'.repeat(4).replaceAll('ü', '=C3=BC')}_4111111111111111_${'=C3=BC'.repeat(4)}?=`;
    const result = field(`Subject: ${long}`);
    for (const word of result.match(/=\?\S+\?=/g) ?? [])
      expect(word.length).toBeLessThanOrEqual(75);
    expect(result.split('?= =?')).toHaveLength(3);
  });
});

describe('a page of HTML', () => {
  const page = (html: string): string =>
    after(`Content-Type: text/html\r\n\r\n${html}`).split('\r\n\r\n')[1] ?? '';

  it.each([
    ['<p>4111&nbsp;1111&#32;1111&#x20;1111</p>', `<p>${mark}</p>`],
    ['<b>4111</b> <i>1111</i> 1111 1111', `<b>${mark}</b><i></i>`],
    ['&#52;111<wbr>1111<!-- x -->1111&shy;1111', `${mark}<wbr><!-- x -->&shy;`],
    ['<img alt="4111 1111 1111 1111">', `<img alt="${mark}">`],
    ['<!-- 4111 1111 1111 1111 -->', `<!-- ${mark} -->`],
    ['<style>4111 1111 1111 1111</style>', `<style>${mark}</style>`],
    ['a < 4111 1111 1111 1111 > b', `a < ${mark} > b`],
  ])('is masked in its text: %s', (before, expected) => {
    expect(page(before)).toBe(expected);
  });
});

describe('an attachment', () => {
  const attached = (type: string, name: string, content: string): string =>
    after(
      lines(
        `Content-Type: ${type}`,
        `Content-Disposition: attachment; filename="${name}"`,
        '',
        content,
      ),
    ).split('\r\n\r\n')[1] ?? '';

  it.each([1_000, 8_192, 40_000])(
    'that is folded is masked with %d letters before it',
    (length) => {
      const start = 'DESCRIPTION:Gruss\r\n  und\r\n\t mehr, '.repeat(Math.ceil(length / 36));
      const written = (one: string, other: string): string =>
        `${start}${one}\r\nX:${start}${other}; end\r\n  here`;
      expect(
        attached(
          'text/calendar',
          'a.ics',
          written('4111 1111 \r\n 1111 1111', '41\r\n 11\r\n\t1111 1111 1111'),
        ),
      ).toBe(written(`${mark}\r\n `, `${mark}\r\n \r\n\t`));
    },
  );

  it('of JSON stays JSON when a number is masked', () => {
    const json =
      '{"a\\"":4111111111111111,"b":"paid, 4111111111111111, ok","c":[4111111111111111]}';
    expect(JSON.parse(attached('application/json', 'a.json', json))).toEqual({
      'a"': mark,
      b: `paid, ${mark}, ok`,
      c: [mark],
    });
  });

  it.each([
    [
      'text/calendar',
      'a.ics',
      'DESCRIPTION:4111 1111\r\n  1111 1111 end',
      `DESCRIPTION:${mark}\r\n  end`,
    ],
    [
      'application/xml',
      'a.xml',
      '<a>4111</a><b>4111&#49;11111111111</b>',
      `<a>4111</a><b>${mark}</b>`,
    ],
    ['application/octet-stream', 'a.txt', card, mark],
    ['application/octet-stream', 'a.eml', `Subject: ${card}`, `Subject: ${mark}`],
    ['application/octet-stream', 'a.bin', card, card],
    ['image/png', 'a.png', card, card],
    ['text', 'a', card, mark],
  ])('of type %s, called %s', (type, name, content, expected) => {
    expect(attached(type, name, content)).toBe(expected);
  });
});

describe('a card number in a mail is told by the recogniser of all texts', () => {
  const body = (type: string, text: string, masking = cardsOnly): string =>
    masked(`Content-Type: ${type}; charset=utf-8\r\n\r\n${text}`, masking)
      .content.toString()
      .split('\r\n\r\n')
      .slice(1)
      .join('\r\n\r\n');

  it.each([
    ['text/plain', 'Karte 4111\u00a01111\u00a01111\u00a01111, danke', `Karte ${mark}, danke`],
    ['text/plain', 'card 4111 1111\r\n> 1111 1111\r\n> bye', `card ${mark}\r\n> bye`],
    ['text/plain', '٤١١١ ١١١١ ١١١١ ١١١١', mark],
    ['text/plain', '/pay?c=4111%201111+1111+1111', `/pay?c=${mark}`],
    ['text/html', '<p title="a">4111<br>1111<b>1111</b>1111', `<p title="a">${mark}<br><b></b>`],
    ['text/html', '<img 4111111111111111', `<img ${mark}`],
    ['text/html', '<!-- 4111111111111111 --><p>x</p>', `<!-- ${mark} --><p>x</p>`],
  ])('of type %s: %s', (type, text, expected) => {
    expect(body(type, text)).toBe(expected);
  });

  it.each([
    ['of an order', 'order number 4539578763621486'],
    ['of an id', 'urn:uuid:bdf82cee-e6f7-48b2-ac38-302160455453'],
  ])('and not taken for one %s', (_, text) => {
    expect(body('text/plain', text)).toBe(text);
  });

  it('and never the number of the person', () => {
    const sanitiser = new Sanitiser(defaultPolicy, (id) => id, {
      own: new Set(['4111111111111111']),
    });
    const masking = { ...cardsOnly, find: (text: string) => sanitiser.findInSteps(text) };
    expect(body('text/plain', card, masking)).toBe(card);
  });

  it('and may be what the name of a header field calls something else', () => {
    const raw = 'X-Order-Number: 4539578763621486\r\nX-Note: 4539578763621486\r\n\r\n';
    expect(after(raw)).toBe(`X-Order-Number: 4539578763621486\r\nX-Note: ${mark}\r\n\r\n`);
  });
});
