import { lines, mailMasking, maskedBy, ownAddress } from '../../helpers/mail-masking';

const other = 'joe.other@elsewhere.example';
const address = 'another.person@masked.invalid';
const name = '[another person]';
const after = (raw: string): string => maskedBy(raw).content.toString();
const field = (raw: string): string => after(`${raw}\r\n\r\n`).replace('\r\n\r\n', '');

describe('an address field', () => {
  it.each([
    [`From: Joe Other <${other}>`, `From: "${name}" <${address}>`],
    [`Sender: ${other}`, `Sender: ${address}`],
    [`Return-Path: <${other}>`, `Return-Path: <${address}>`],
    ['Return-Path: <>', 'Return-Path: <>'],
    [`Delivered-To: ${other}`, `Delivered-To: ${address}`],
    [`Resent-Bcc: =?utf-8?Q?J=C3=B6?= <${other}>`, `Resent-Bcc: "${name}" <${address}>`],
    [`To: ${ownAddress}, ${other}`, `To: ${ownAddress}, ${address}`],
    [
      `To: "Other, Joe" <${other}>, Zoe <${ownAddress}>`,
      `To: "${name}" <${address}>, Zoe <${ownAddress}>`,
    ],
    [
      `Cc: A Group: Joe <${other}>, ${ownAddress};`,
      `Cc: A Group: "${name}" <${address}>, ${ownAddress};`,
    ],
    ['Cc: Undisclosed recipients:;', 'Cc: Undisclosed recipients:;'],
    ['To: undisclosed-recipients', 'To: undisclosed-recipients'],
    [`Reply-To: ${other} (Joe Other)`, `Reply-To: ${address} (${name})`],
    [
      'From: Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>',
      `From: "${name}"(${name}) <${address}>`,
    ],
    ['To: pete @ silly . test', `To: ${address}`],
    [
      'To: <@hop.example,@next.example:joe@elsewhere.example>',
      `To: <@hop.example,@next.example:${address}>`,
    ],
    ['To: "joe other"@elsewhere.example', `To: ${address}`],
    ['To: joe@[192.0.2.1]', `To: ${address}`],
    ['To: Joe\r\n Other\r\n <joe@elsewhere.example>', `To: "${name}"\r\n <${address}>`],
    [`To: "zoe"@home.example, "Zoe"@elsewhere.example`, `To: "zoe"@home.example, ${address}`],
    ['To: "service"@shop.example', 'To: "service"@shop.example'],
    ['To: 用户@例え.jp', `To: ${address}`],
    ['From: Joe Other', `From: "${name}"`],
    [`From: Zoe via Joe <${ownAddress}>`, `From: Zoe via Joe <${ownAddress}>`],
    [`From: "${other}" <${ownAddress}>`, `From: "${address}" <${ownAddress}>`],
    ['To: Shop Service <service@shop.example>', 'To: Shop Service <service@shop.example>'],
    ['To: Anna Agent <service@shop.example>', `To: "${name}" <service@shop.example>`],
    ['To: ZOE+news@Home.Example', 'To: ZOE+news@Home.Example'],
  ])('shows the person and nobody else: %s', (before, expected) => {
    expect(field(before)).toBe(expected);
  });

  it('that never ends is masked as well', () => {
    for (const start of ['To: "', 'To: (', 'To: <', 'To: a: b: "<('])
      expect(field(`${start}${other}`)).not.toContain('elsewhere');
  });
});

describe('another field', () => {
  it.each([
    [`X-Customer: ${other}; ${ownAddress}`, `X-Customer: ${address}; ${ownAddress}`],
    [
      `Authentication-Results: mx; spf=pass smtp.mailfrom=${other}`,
      `Authentication-Results: mx; spf=pass smtp.mailfrom=${address}`,
    ],
    [
      `Authentication-Results: mx; spf=pass smtp.mailfrom=${ownAddress}`,
      `Authentication-Results: mx; spf=pass smtp.mailfrom=${ownAddress}`,
    ],
    [
      `Received: by mx.example for <${other}>; Tue, 6 Oct 2026`,
      `Received: by mx.example for <${address}>; Tue, 6 Oct 2026`,
    ],
    [
      'X-Return: bounce+zoe=home.example@list.example',
      'X-Return: bounce+zoe=home.example@list.example',
    ],
    ['X-Return: bounce+joe=elsewhere.example@list.example', `X-Return: ${address}`],
    [
      `Subject: =?utf-8?B?${Buffer.from(`an ${other}`).toString('base64')}?=`,
      `Subject: =?utf-8?B?${Buffer.from(`an ${address}`).toString('base64')}?=`,
    ],
    [`In-Reply-To: <${other}>`, `In-Reply-To: <${other}>`],
  ])('shows no address of others: %s', (before, expected) => {
    expect(field(before)).toBe(expected);
  });
});

describe('a body', () => {
  const body = (text: string, type = 'text/plain'): string =>
    after(
      lines(
        `From: Joe Other <${other}>`,
        'Cc: "Quimby, Ada" <ada@elsewhere.example>, Support <x@elsewhere.example>',
        `To: Zoe Own <${ownAddress}>`,
        `Content-Type: ${type}`,
        '',
        text,
      ),
    ).split('\r\n\r\n')[1] ?? '';

  it.each([
    [`Write to ${other}, or to '${other}'.`, `Write to ${address}, or to '${address}'.`],
    [`>${ownAddress}< and *${ownAddress}*`, `>${ownAddress}< and *${ownAddress}*`],
    ['Regards, Joe Other', `Regards, ${name}`],
    ['JOE\r\nOTHER and Ada  Quimby', `${name} and ${name}`],
    ['Quimby, Ada wrote', `${name} wrote`],
    [
      'Joe, other things; Support; Zoe Own',
      'Joe, other things; Support; Zoe Own'.replace('Joe, other', name),
    ],
    ['<mailto:joe@elsewhere.example>', `<mailto:${address}>`],
    ['Write to "ada brandt"@shop.example, "now".', `Write to ${address}, "now".`],
    ['say "hi" to "a.b@c"@shop.example.', `say "hi" to ${address}.`],
    ['at ada@[192.0.2.7], [x] and ada@[IPv6:2001:db8::7].', `at ${address}, [x] and ${address}.`],
    ['[ada@[192.0.2.7]] "ada b"@[192.0.2.7]', `[${address}] ${address}`],
    ['at "ada \\"b\\" x"@shop.example, ok', `at ${address}, ok`],
    ['at "a\\\\"@shop.example and "\\"b\\\\"@shop.example', `at ${address} and ${address}`],
    ['{"to":"\\"ada b\\"@shop.example"}', `{"to":"${address}"}`],
    ['it ends within: "ada\\"@shop.example', `it ends within: "${address}`],
    ['it begins within: \\"ada"@shop.example', `it begins within: \\"${address}`],
    ['"@shop.example" is no address', '"@shop.example" is no address'],
    ['"zoe"@home.example, "info"@shop.example', '"zoe"@home.example, "info"@shop.example'],
    ['no quote begins: ada"@shop.example, "x"', 'no quote begins: ada"@shop.example, "x"'],
    [`"${'a '.repeat(150)}"@shop.example`, `"${'a '.repeat(150)}"@shop.example`],
    ['no bracket ends: 5@[192.0.2.7 and more', 'no bracket ends: 5@[192.0.2.7 and more'],
    [`5@[${'1'.repeat(300)}] y`, `5@[${'1'.repeat(300)}] y`],
    ['not an address: a@b, @name, 5@3.5, x @ y', 'not an address: a@b, @name, 5@3.5, x @ y'],
  ])('shows the person and nobody else: %s', (before, expected) => {
    expect(body(before)).toBe(expected);
  });

  it.each([
    [
      `<a href="mailto:${other}?subject=x">Joe <b>Other</b></a>`,
      `<a href="mailto:${address}?subject=x">${name}<b></b></a>`,
    ],
    [
      '<a href="https://x.example/?u=joe%40elsewhere.example">',
      `<a href="https://x.example/?u=${address}">`,
    ],
    ['&lt;joe&#64;elsewhere&period;example&gt;', `&lt;${address}&gt;`],
    ['<img src="cid:image001.png@01D9.ABC">', '<img src="cid:image001.png@01D9.ABC">'],
    [`<a href="mailto:${ownAddress}">`, `<a href="mailto:${ownAddress}">`],
  ])('of HTML shows the person and nobody else: %s', (before, expected) => {
    expect(body(before, 'text/html')).toBe(expected);
  });

  it('knows the names of all mails in it', () => {
    const inner = lines('From: Ada Quimby <ada@elsewhere.example>', '', 'See Joe Other.');
    const raw = lines(
      `From: Joe Other <${other}>`,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'Ada Quimby wrote:',
      '--b',
      'Content-Type: message/rfc822',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(inner).toString('base64'),
      '--b--',
    );
    const text = after(raw);
    expect(text).toContain(`${name} wrote:`);
    const decoded = Buffer.from(
      /\r\n\r\n([\w+/=\r\n]{60,})\r\n--b--/.exec(text)?.[1] ?? '',
      'base64',
    ).toString();
    expect(decoded).toContain(`See ${name}.`);
    expect(decoded).not.toContain('Quimby');
  });
});

describe('a mail that was masked', () => {
  it.each([`From: "${name}"`, `To: "${name}" <x@>`, `Cc: ${name} <service@shop.example>`])(
    'is not masked again: %s',
    (from) => {
      const raw = lines(from, `X-Note: ${address}`, '', `${name} wrote to ${address}.`);
      expect(maskedBy(after(raw)).edits).toEqual([]);
      expect(after(raw)).toContain(`${name} wrote to ${address}.`);
    },
  );
});

describe('a policy', () => {
  const raw = lines(`From: Joe Other <${other}>`, 'Subject: id 77-4711', '', 'Joe Other, 77-4711');

  it('that keeps other people leaves them, and masks its patterns', () => {
    const masking = mailMasking({
      otherPeople: 'keep',
      patterns: [{ name: 'customer id', pattern: '77-\\d+' }],
    });
    const { content, redactions } = maskedBy(raw, masking);
    expect(content.toString()).toBe(raw.replaceAll('77-4711', '[customer id removed]'));
    expect(redactions).toEqual({ 'pattern:customer id': 2 });
  });

  it('that masks addresses by a pattern does not mask those of the person', () => {
    const masking = mailMasking({ patterns: [{ name: 'address', pattern: '\\S+@\\S+' }] });
    const text = maskedBy(`Subject: ${other} ${ownAddress} x\r\n\r\n`, masking).content.toString();
    expect(text).toBe(`Subject: [address removed] ${ownAddress} x\r\n\r\n`);
  });

  it.each(['le', 'be'])('keeps their own address before a bare line break in UTF-16%s', (order) => {
    const units = Buffer.from(ownAddress, 'utf16le');
    const body = order === 'le' ? units : units.swap16();
    const head = `Content-Type: text/plain; charset=utf-16${order}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n`;
    const raw = Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n')]);
    expect(maskedBy(raw).edits).toEqual([]);
  });
});

describe('JSON within a mail', () => {
  const note = 'hello\nmax@elsewhere.example\tnora@elsewhere.example\nzoe@home.example';
  const json = JSON.stringify({ note });

  it.each([
    ['a letter', json],
    ['a code', json.replaceAll(String.raw`\n`, String.raw`\u000a`)],
  ])('stays JSON where an address stands right behind an escape with %s', (_, written) => {
    const raw = lines('Content-Type: application/json', '', written);
    const [, body = ''] = after(raw).split('\r\n\r\n');
    expect(JSON.parse(body)).toEqual({ note: `hello\n${address}\t${address}\n${ownAddress}` });
  });
});

describe('JSON within a mail that has an address with quotes', () => {
  const local = ['"ada brandt"', String.raw`"ada \"b\" c"`, String.raw`"ada\\"`, 'x"'];
  const texts = local.map((one) => `to ${one}@elsewhere.example, ok`);
  const [json = '', nested = ''] = [
    JSON.stringify({ texts }),
    JSON.stringify([JSON.stringify(texts)]),
  ];
  const bodyOf = (written: string): unknown =>
    JSON.parse(
      after(lines('Content-Type: application/json', '', written)).split('\r\n\r\n')[1] ?? '',
    );

  it('stays JSON, and has nothing left of it', () => {
    const masked = [...local.slice(1).map(() => `to ${address}, ok`), expect.any(String)];
    expect(bodyOf(json)).toStrictEqual({ texts: masked });
    expect(JSON.stringify(bodyOf(json))).not.toMatch(/ada|elsewhere/);
  });

  it('stays JSON where it is a text of JSON itself', () => {
    const [text] = bodyOf(nested) as [string];
    expect(JSON.parse(text)).toHaveLength(texts.length);
    expect(text).not.toMatch(/ada|elsewhere/);
  });
});

describe('a mail to very many', () => {
  /** Addressees who share their first name. */
  const mailTo = (count: number): string => {
    const to = Array.from(
      { length: count },
      (_, i) => `"Joe Other${i}" <joe${i}@elsewhere.example>`,
    );
    return lines(`To: ${to.join(',\r\n ')}`, '', 'Joe Other7, Joe Other, Joe');
  };

  it('names none of them, and costs as much more as it is longer', () => {
    const timeOf = (count: number): number => {
      const from = process.cpuUsage();
      expect(after(mailTo(count))).toContain(`\r\n\r\n${name}, Joe Other, Joe`);
      return process.cpuUsage(from).user;
    };
    const few = Math.min(timeOf(1_000), timeOf(1_000));
    // Ten times as many took a hundred times as long.
    expect(timeOf(10_000) / few).toBeLessThan(40);
  });
});
