import { after, base64, card, cardsOnly, mark, withCardMasked } from '../../helpers/card-mails';
import { lines, mailMasking, maskedBy as masked } from '../../helpers/mail-masking';

describe('a mail in which a word is masked', () => {
  it.each([
    ['that cannot be read', ['Date: Wed, 15 Dec 2010    59:10 -0500']],
    ['of its own time zone', ['Date: Tue, 6 Oct 2026 10:00:00 -0330']],
    ['that is not there', []],
  ])('keeps a date %s', (_, date) => {
    const raw = lines('From: a@b.example', ...date, `Subject: ${card}`, '', 'x', '');
    expect(after(raw)).toBe(withCardMasked(raw));
  });

  it('keeps groups, sender, threads, lists and whatever else its header has', () => {
    const raw = lines(
      'Received: from a.example by b.example; Tue, 6 Oct 2026 10:00:01 -0330',
      'From: Pete <pete@silly.example>',
      'Sender: office@silly.example',
      'To: A Group:Chris Jones <c@a.test>,joe@where.test;',
      'Cc: Undisclosed recipients:;',
      'Bcc: hidden@silly.example',
      'In-Reply-To: <1@x.example>',
      'References: <1@x.example>',
      'List-Id: <news.silly.example>',
      `Subject: ${card}`,
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b--',
    );
    expect(after(raw)).toBe(withCardMasked(raw));
  });

  it('keeps attachments of other charsets, and masks those in UTF-16', () => {
    const wide = (text: string): string => base64(Buffer.from(`\ufeff${text}`, 'utf16le'));
    const raw = (table: string, cardOrMark: string): string =>
      lines(
        `Subject: Karte ${cardOrMark}`,
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain; charset=iso-8859-1; name="iso.txt"',
        'Content-Disposition: attachment; filename="iso.txt"',
        'Content-Transfer-Encoding: base64',
        '',
        'RnL2c2NoZSwgR3L832UsIDUwIEU=',
        '--b',
        'Content-Type: text/csv; charset=utf-16le; name="wide.csv"',
        'Content-Disposition: attachment; filename="wide.csv"',
        'Content-Transfer-Encoding: base64',
        '',
        table,
        '--b',
        'Content-Type: text/plain; charset=shift_jis; name="sjis.txt"',
        'Content-Transfer-Encoding: base64',
        '',
        'k/qWe4zq',
        '--b',
        'Content-Type: application/pdf; name="bin.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        '//4AgA==',
        '--b--',
        '',
      );
    const before = raw(wide(`Karte;${card}\r\n`), card);
    const marked = wide(`Karte;${mark}\r\n`);
    const inLines = `${marked.slice(0, 76)}\r\n${marked.slice(76)}`;
    expect(after(before)).toBe(raw(inLines, mark));
    expect(masked(before, cardsOnly).attachmentsNotRead).toBe(1);
  });

  it.each(['message/rfc822', 'message/global', 'message/delivery-status', 'message/partial'])(
    'is masked in a part of type %s',
    (type) => {
      const raw = lines(
        'Subject: Fwd',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'see below',
        '--b',
        `Content-Type: ${type}`,
        '',
        'From: x@y.example',
        `Subject: ${card}`,
        '',
        `My card: ${card}.`,
        '--b--',
      );
      expect(after(raw)).toBe(withCardMasked(raw));
    },
  );

  it('is masked in a mail that is encoded in it', () => {
    const inner = lines('From: x@y.example', 'Subject: Order', '', `My card: ${card}.`, '');
    const raw = (content: string): string =>
      lines(
        'Content-Type: message/rfc822',
        'Content-Transfer-Encoding: base64',
        '',
        base64(content).replaceAll(/.{76}/g, '$&\r\n'),
        '',
      );
    expect(after(raw(inner))).toBe(raw(withCardMasked(inner)));
  });

  it.each(
    [0, 1, 2].flatMap((more) =>
      (['quoted-printable', '8bit'] as const).flatMap((encoding) =>
        (['utf-16le', 'utf-8'] as const).map((charset) => [charset, encoding, more] as const),
      ),
    ),
  )(
    'keeps what follows in %s, %s, of a mail that is encoded, %d letters later',
    (charset, encoding, more) => {
      const written = (text: string): Buffer =>
        Buffer.from(text, charset === 'utf-8' ? 'utf8' : 'utf16le');
      const body = written(`${'x'.repeat(more)} card ${card}, and what follows: Grüße`);
      const letters = [...body].map(
        (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      );
      const head = lines(
        `Content-Type: text/plain; charset=${charset}`,
        `Content-Transfer-Encoding: ${encoding}`,
        '',
        '',
      );
      const inner = Buffer.concat([
        Buffer.from(head),
        encoding === '8bit' ? body : Buffer.from(letters.join('').replaceAll(/.{72}/g, '$&=\r\n')),
      ]);
      const wrapped = inner.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
      const changed = after(
        lines('Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', wrapped),
      );
      const found = Buffer.from(changed.split('\r\n\r\n')[1] ?? '', 'base64').toString('latin1');
      const rest = found.slice(found.indexOf('\r\n\r\n') + 4);
      const bytes =
        encoding === '8bit'
          ? Buffer.from(rest, 'latin1')
          : Buffer.from(
              rest
                .replaceAll('=\r\n', '')
                .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
                  String.fromCharCode(Number.parseInt(hex, 16)),
                ),
              'latin1',
            );
      const text = bytes.toString(charset === 'utf-8' ? 'utf8' : 'utf16le');
      expect(text.replace(/\] {0,2}, /, '], ')).toBe(
        `${'x'.repeat(more)} card ${mark}, and what follows: Grüße`,
      );
    },
  );

  it.each([
    ['that does not fit', '"a"', '--ab', '--ab--'],
    ['that is not named', '', '--ab', '--ab--'],
    ['that is never closed', '"ab"', '--ab', ''],
  ])('is masked, and keeps all text, with a boundary %s', (_, boundary, delimiter, end) => {
    const raw = lines(
      `Subject: ${card}`,
      `Content-Type: multipart/mixed${boundary && `; boundary=${boundary}`}`,
      '',
      delimiter,
      'Content-Type: text/plain',
      '',
      `this text stays, ${card} does not`,
      end,
    );
    expect(after(raw)).toBe(withCardMasked(raw));
    const encoded = raw
      .replace('text/plain', 'text/plain\r\nContent-Transfer-Encoding: base64')
      .replace(`this text stays, ${card} does not`, base64(`card ${card}`));
    const text = after(encoded);
    expect(text).toContain(base64(`card ${mark}`));
    expect(text).not.toContain(base64(`card ${card}`));
  });

  it('is masked before, between and after its parts, and in lines that are no header', () => {
    const raw = lines(
      `From ${card} Tue Oct 6`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      `preamble ${card}`,
      '--b',
      `no header ${card}`,
      '--b--',
      `epilogue ${card}`,
      '--b',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      `late =34111 1111 1111 1111`,
      '',
    );
    expect(after(raw)).toBe(withCardMasked(raw.replace('=34111', '4111')));
  });

  it.each([1_000, 20_000])('may have %d parts in one another', (depth) => {
    const open = Array.from({ length: depth }, (_, i) => [
      `Content-Type: multipart/mixed; boundary="b${i}"`,
      '',
      `--b${i}`,
    ]);
    const raw = lines(...open.flat(), '', `My card: ${card}`);
    expect(after(raw)).toBe(withCardMasked(raw));
  });

  it('leaves out what is too deep in encoded mails, and says so', () => {
    let inner = Buffer.from(`Subject: ${card}\r\n\r\n${card}`);
    for (let i = 0; i < 30; i += 1)
      inner = Buffer.from(
        `Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64(inner)}`,
      );
    const result = masked(inner, cardsOnly);
    expect(result.partsWithheld).toBe(1);
    expect(result.redactions).toEqual({ unreadableMailPart: 1 });
    let content = result.content;
    for (let i = 0; i < 20; i += 1)
      content = Buffer.from(content.toString().split('\r\n\r\n')[1] ?? '', 'base64');
    expect(content.toString()).toContain(
      base64('[This part of the mail was left out: it cannot be read, and so not be masked.]'),
    );
  });

  it('may end its lines as old systems do', () => {
    const raw = lines(
      `Subject: ${card}`,
      'Content-Transfer-Encoding: base64',
      '',
      base64(`card ${card}`),
    );
    const old = raw.replaceAll('\r\n', '\r');
    expect(after(old)).toBe(
      withCardMasked(old).replace(base64(`card ${card}`), base64(`card ${mark}`)),
    );
  });

  it('is no mail at all: it is masked as a text', () => {
    expect(after(Buffer.from([0, 1, 2, 3]))).toBe('\0\u0001\u0002\u0003');
    expect(after(`only ${card}`)).toBe(`only ${mark}`);
    expect(after('')).toBe('');
  });
});

describe('what nobody can look into', () => {
  const inner = lines(
    'Content-Type: multipart/mixed; boundary=i',
    '',
    '--i',
    'Content-Type: image/png; name="a.png"',
    '',
    'pixels',
    '--i',
    'Content-Type: application/pgp-signature',
    '',
    'signature',
    '--i--',
  );
  const raw = lines(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: application/pdf; name="bin.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    '//4AgA==',
    '--b',
    'Content-Type: text/plain',
    'Content-Transfer-Encoding: x-uuencode',
    '',
    `card ${card}`,
    '--b',
    'Content-Type: message/rfc822',
    '',
    inner,
    '--b',
    'Content-Type: text/plain',
    '',
    `card ${card}`,
    '--b--',
    '',
  );

  it('stays where policy keeps it, and is counted', () => {
    const result = masked(raw, mailMasking({ attachments: 'keep' }));
    expect(result.content.toString()).toBe(withCardMasked(raw));
    expect(result).toMatchObject({
      attachmentsNotRead: 3,
      redactions: { cardNumber: 2 },
      byField: { cardNumber: { body: 2 } },
    });
  });

  it('gives way to a note where policy withholds it; structure, texts and signatures stay', () => {
    const result = masked(raw, mailMasking({ attachments: 'withhold' }));
    const note = '[This file was left out: it cannot be searched for data of others.]';
    expect(result.content.toString()).toBe(
      raw
        .replace('//4AgA==', base64(note))
        .replace(`card ${card}`, note)
        .replace('pixels', note)
        .replace(card, mark),
    );
    expect(result).toMatchObject({
      attachmentsNotRead: 0,
      partsWithheld: 3,
      redactions: { attachmentWithheld: 3, cardNumber: 1 },
    });
  });
});
