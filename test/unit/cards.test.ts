import { findCards, isCardValue, searchCards } from '../../src/core/redaction/cards';
import { JsonMarks } from '../../src/core/redaction/json-marks';
import { ownNumbers } from '../../src/core/redaction/own-numbers';
import { defaultPolicy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { decodeText, kindOfFile, lastCut } from '../../src/core/redaction/text-files';

const card = '4111111111111111';
const sanitiser = new Sanitiser(defaultPolicy, (id) => id);
const mask = (text: string): string =>
  sanitiser.text(text).replaceAll('[card number removed]', '[C]');
const document = <T>(value: T): unknown =>
  new Sanitiser(defaultPolicy, (id) => id).document<unknown>(value);

describe('a card number is found', () => {
  it.each([
    ['before an expiry date', '4111 1111 1111 1111 12/26', '[C] 12/26'],
    ['before a check value', '4111-1111-1111-1111-123', '[C]-123'],
    ['bare, before an expiry date without a slash', '5555555555554444 12 26', '[C] 12 26'],
    ['behind the number of a list', '1 4111 1111 1111 1111', '1 [C]'],
    ['behind a date', '2024-04-29 4111 1111 1111 1111', '2024-04-29 [C]'],
    ['behind a time', '17:30 4111111111111111', '17:30 [C]'],
    ['with spaces that do not break', '4111\u00a01111\u00a01111\u00a01111', '[C]'],
    ['with narrow spaces', '4111\u202f1111\u20091111\u20091111', '[C]'],
    ['with two spaces', '4111  1111  1111  1111', '[C]'],
    [
      'with escapes of JSON',
      String.raw`{"a":"4111\u00a01111\u20091111\t1111","b":"4111\n1111\n1111\n1111"}`,
      '{"a":"[C]","b":"[C]"}',
    ],
    [
      'in JSON in JSON',
      String.raw`{"a":"{\"b\":\"4111\\u00a01111\\n1111 1111\"}"}`,
      String.raw`{"a":"{\"b\":\"[C]\"}"}`,
    ],
    ['with escapes for its digits', String.raw`"\u0034111 1111 1111 \x31111"`, '"[C]"'],
    ['with dots', '4111.1111.1111.1111', '[C]'],
    ['with dashes', '4111–1111–1111–1111', '[C]'],
    ['with spaces around hyphens', '4111 - 1111 - 1111 - 1111', '[C]'],
    ['with line breaks', '4111\n1111\r\n1111\n  1111', '[C]'],
    ['in lines of a mail that are quoted', '> 4111 1111\n> 1111 1111\n> bye', '> [C]\n> bye'],
    ['with invisible characters', '4111\u200b1111\u00ad1111\u20601111', '[C]'],
    ['with full-width digits', '４１１１ １１１１ １１１１ １１１１', '[C]'],
    ['with Arabic digits', '٤١١١ ١١١١ ١١١١ ١١١١', '[C]'],
    ['of American Express', '3782 822463 10005', '[C]'],
    ['of Diners Club', '3622 720627 1667', '[C]'],
    ['in uneven groups', '41111 111 1111 1111', '[C]'],
    ['between letters', 'visa4111111111111111exp', 'visa[C]exp'],
    ['behind an amount', 'EUR 12.50 4111 1111 1111 1111', 'EUR 12.50 [C]'],
    ['of 13 digits beside a word', 'Karte: 4222222222222', 'Karte: [C]'],
    ['of 13 digits before an expiry date', '4222222222222 12/26', '[C] 12/26'],
    ['in values separated by commas', 'a,4111111111111111,12.5', 'a,[C],12.5'],
    ['in values separated by tabs', '17\t4111111111111111\t12', '17\t[C]\t12'],
    [
      'in an address, with plus signs',
      'https://x.example/?c=4111+1111+1111+1111&d=1',
      'https://x.example/?c=[C]&d=1',
    ],
    ['in an address, with codes', '/pay?c=4111%C2%A01111%201111%2D1111', '/pay?c=[C]'],
    [
      'groups as on cards, whatever it is called',
      'order number 4111 1111 1111 1111',
      'order number [C]',
    ],
    [
      'behind what it is called and another number',
      'order no 12 4111111111111111',
      'order no 12 [C]',
    ],
  ])('%s', (_name, text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    ['with codes for spaces', '4111&nbsp;1111&nbsp;1111&nbsp;1111', '[C]'],
    ['with numeric codes', '<p>4111&#160;1111&#xa0;1111&#32;1111</p>', '<p>[C]</p>'],
    ['with codes for digits', '<p>&#52;111 1111 1111 &#x31;111</p>', '<p>[C]</p>'],
    ['with tags between groups', '<b>4111</b> <i>1111</i> 1111 1111', '<b>[C]</b><i></i>'],
    ['with tags within a group', '41<b>11</b>111111111111', '[C]<b></b>'],
    ['with comments between', '4111 <!-- x -->1111 1111 1111', '[C]<!-- x -->'],
    [
      'in cells of a table',
      '<td>4111</td><td>1111</td>\n<td>1111</td><td>1111</td>',
      '<td>[C]</td><td></td><td></td><td></td>',
    ],
    [
      'in an attribute',
      '<input value="4111&nbsp;1111&nbsp;1111&nbsp;1111" n="1">',
      '<input value="[C]" n="1">',
    ],
    ['in an attribute without quotes', '<a title=4111111111111111>x</a>', '<a title=[C]>x</a>'],
    ['in a comment', '<p>a<!-- 4111 1111 1111 1111 --></p>', '<p>a<!-- [C] --></p>'],
    [
      'in a script',
      '<script>var n = "4111 1111 1111 1111";</script>',
      '<script>var n = "[C]";</script>',
    ],
    [
      'beside other codes',
      'a &amp; b &lt; 4111 1111 1111 1111 &eacute;',
      'a &amp; b &lt; [C] &eacute;',
    ],
    ['in a tag that does not end', '<b 4111 1111 1111 1111', '<b [C]'],
  ])('in HTML %s, and the markup stays', (_name, text, masked) => {
    expect(mask(text).replace('</td>\n<td>', '</td><td>')).toBe(masked);
  });
});

describe('a card number beside what begins as a bank account', () => {
  /** Of 97 of them, one has the check digits of an IBAN together with the card. */
  const hundreds = Array.from({ length: 300 }, (_, i) => String(i).padStart(3, '0'));

  it.each([
    ['a UUID', (digits: string) => `0f3c9a52-7d1e-4b6a-9c2f-bd0214120${digits}`],
    [
      'a UUID that begins as in Germany',
      (digits: string) => `0f3c9a52-7d1e-4b6a-9c2f-de0214120${digits}`,
    ],
    ['a number of a file', (digits: string) => `ab12${digits}`],
    ['a word and an amount', (digits: string) => `so12 ${digits}`],
    ['a country without IBANs', (digits: string) => `US12 3${digits}`],
    ['too short an IBAN', (digits: string) => `DE12 3${digits}`],
  ])('is found behind %s', (_, before) => {
    for (const shown of ['4111 1111 1111 1111', card]) {
      const texts = hundreds.map((digits) => `${before(digits)} ${shown} please call me`);
      expect(texts.filter((text) => !mask(text).includes(' [C] '))).toEqual([]);
    }
  });

  it('is none within an IBAN, in one or in groups of four', () => {
    // Check digits so that the whole is right, with a number of a card as the account.
    for (const iban of ['FR20 4111 1111 1111 1111 1111 111', 'DE95 4111 1111 1111 1111 00'])
      for (const shown of [iban, iban.replaceAll(' ', ''), iban.toLowerCase()])
        expect(mask(`pay to ${shown} today`)).toBe(`pay to ${shown} today`);
  });
});

describe('no card number is', () => {
  it.each([
    ['a WhatsApp id of Germany', '4915112345678'],
    [
      'every WhatsApp id of Germany',
      Array.from({ length: 300 }, (_, i) => `49151${12345600 + i}`).join(', '),
    ],
    ['an IMEI', 'IMEI 490154203237518'],
    ['an order number', 'order 1548138160707'],
    ['a case number', 'case 1747-9192-2056-7223'],
    ['a number that is called otherwise', 'Bestellnummer: 4539578763621486'],
    ['a number that is called otherwise in French', 'numéro de commande 4539578763621486'],
    ['a number of a parcel', 'tracking number 4539578763621486'],
    ['a parcel of USPS', '9405 5036 9930 0123 4567 84'],
    ['a time in milliseconds', '1732823256000'],
    ['a UUID of digits', '41111111-1111-4111-8111-111111111111'],
    ['a hash', `${card.slice(0, 13)}a3f5c7d9b1e2f40517293a4b`],
    ['an account', 'DE89 3704 0044 0532 0130 00'],
    ['an account, written as one', 'CH4194304531677841979'],
    ['a phone number', '+4111111111111'],
    ['a phone number of a link', 'tel:411111111111111'],
    ['a fraction', '13.4111111111111111, 52.4111111111111111'],
    ['numbers of two lines', '0151 4111111\n0171 111111111'],
    ['a list of codes, one a line', '1234\n4111\n1111\n1111\n1111\n9876'],
    ['values of two attributes', '<a n="41111111" m="11111111">'],
  ])('%s', (_name, text) => {
    expect(mask(text)).toBe(text);
  });

  it("the person's own number, however it is written", () => {
    const own = ownNumbers({
      contactIds: ['bdf82cee-e6f7-48b2-ac38-302160455453'],
      phones: ['+4915112345678', '+49301234'],
      handles: [{ type: 'facebook', value: card }],
    });
    expect(own).toEqual(new Set(['4915112345678', card]));
    expect(findCards(`card ${card} and 4111 1111 1111 1111`, { own })).toEqual([]);
    expect(isCardValue(Number(card), { own })).toBe(false);
    expect(findCards('5555555555554444', { own })).toHaveLength(1);
  });
});

describe('a number of JSON', () => {
  it.each([
    [4111111111111111, '', true],
    [378282246310005, '', true],
    [4111111111111112, '', false],
    [4222222222222, '', false],
    [4222222222222, 'cardNumber', true],
    [4539578763621486, 'orderNumber', false],
    [1732823256000, 'card', false],
    [4111111111111111.5, '', false],
    [-4111111111111111, '', false],
    // Beyond 2^53 the last digits are lost, and with them the check digit.
    [Number('6205500000000000004'), '', true],
    [Number('9792000000000001001'), '', false],
    [Number('1732823256000000000'), '', false],
    [Number('6205500000000000004'), 'orderNumber', false],
    [52.520006599999, 'latitude', false],
    [Number.NaN, '', false],
    [Infinity, '', false],
  ])('%d in the field "%s" is a card: %s', (value, field, expected) => {
    expect(isCardValue(value, { field })).toBe(expected);
  });
});

describe('a document', () => {
  it('is searched in numbers, in names of fields, and under names that look like those of ids', () => {
    expect(document({ cardId: card, n: Number(card), [`a ${card}`]: 1, [`b ${card}`]: 2 })).toEqual(
      {
        cardId: '[card number removed]',
        n: '[card number removed]',
        'a [card number removed]': 1,
        'b [card number removed]': 2,
      },
    );
    expect(document({ [card]: 1, '4111 1111 1111 1111': 2 })).toEqual({
      '[card number removed]': 1,
      '[card number removed] 2': 2,
    });
  });

  it('is not searched where it addresses people and things', () => {
    const value = {
      sessions: [{ messageType: 'whatsapp', addressFrom: card, remote: card, ani: `tel:${card}` }],
      conversationId: card,
      contentUri: `https://files.example/${card}`,
      workPhone: { display: '+49 151 4111 1111', e164: card },
      recordingIds: [card],
      userId: 'u',
    };
    expect(document(value)).toEqual(value);
  });

  it('is searched in the maps of the company, whatever their fields are called', () => {
    const attributes = { id: card, address: card, participantId: Number(card) };
    const removed = '[card number removed]';
    expect(document({ attributes })).toEqual({
      attributes: { id: removed, address: removed, participantId: removed },
    });
  });

  it('is searched in an address field that holds a text', () => {
    expect(document({ remote: `card ${card}` })).toEqual({ remote: 'card [card number removed]' });
  });
});

describe('a long text', () => {
  const filler = 'lorem ipsum dolor sit amet ';
  const long = filler.repeat(20_000);

  it('has its card found wherever work on it pauses', () => {
    const pause = 1 << 16;
    for (let at = pause - 22; at <= pause + 2; at += 1) {
      const text = `${long.slice(0, at)}4111 1111 1111 1111 ${filler}`;
      expect(mask(text)).toBe(`${long.slice(0, at)}[C] ${filler}`);
    }
  });

  it('has its card found wherever work on its markup pauses', () => {
    const pause = 1 << 15;
    for (let at = pause - 60; at <= pause + 2; at += 1) {
      const text = `<p>${long.slice(0, at)} 4111<b title="&amp;">&nbsp;1111</b> 1111&#160;1111 ${filler}`;
      expect(mask(text)).toBe(`<p>${long.slice(0, at)} [C]<b title="&amp;"></b> ${filler}`);
    }
  });

  it('has its card found wherever a list of numbers is cut', () => {
    for (let groups = 4085; groups <= 4097; groups += 1) {
      const list = '9 '.repeat(groups);
      expect(mask(`${list}4111 1111 1111 1111 ${list}`)).toBe(`${list}[C] ${list}`);
      expect(mask(`${list}${[...card].join(' ')} ${list}`)).toBe(`${list}[C] ${list}`);
    }
  });

  it.each([
    ['words', long],
    ['digits', '4 1 7 3 9 2 5 6 '.repeat(20_000)],
    ['markup', '<p>a <b>b</b> &nbsp;</p>'.repeat(20_000)],
    ['addresses', '?a=%20b'.repeat(50_000)],
  ])('of %s is searched in steps that are short', (_name, text) => {
    const work = searchCards(text);
    let steps = 0;
    while (!work.next().done) steps += 1;
    expect(steps).toBeGreaterThanOrEqual(Math.floor(text.length / (1 << 16)));
  });
});

describe('a text file', () => {
  const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
  const maskBytes = (bytes: Uint8Array, json: JsonMarks | null = null): Uint8Array => {
    const work = new Sanitiser(defaultPolicy, (id) => id).bytesInSteps(bytes, json);
    for (;;) {
      const step = work.next();
      if (step.done) return step.value;
    }
  };

  it.each([
    ['note.txt', '', 'text'],
    ['rows.CSV', '', 'text'],
    ['x', 'text/html; charset=utf-8', 'text'],
    ['x', 'application/json', 'text'],
    ['x', 'application/ld+json', 'text'],
    ['photo.jpg', 'image/jpeg', 'opaque'],
    ['mail.eml', 'message/rfc822', 'mail'],
    ['mail.eml', '', 'mail'],
    ['MAIL.EML', 'application/octet-stream', 'mail'],
    ['forwarded', 'message/rfc822', 'mail'],
    ['drawing.svg', 'image/svg+xml', 'text'],
    ['x.rtf', '', 'text'],
    ['run.ps1', '', 'text'],
    ['x.pdf', 'application/pdf', 'opaque'],
    ['x.bin', 'application/jsonlike', 'opaque'],
  ])('is %s of type "%s": %s', (name, type, expected) => {
    expect(kindOfFile(name, type)).toBe(expected);
  });

  it('keeps every byte that is not masked, in UTF-8, UTF-16 and other charsets', () => {
    const latin = Uint8Array.from([0xe4, 0x20, ...bytesOf(card), 0x20, 0xff, 0x80]);
    expect(maskBytes(latin)).toEqual(
      Uint8Array.from([0xe4, 0x20, ...bytesOf('[card number removed]'), 0x20, 0xff, 0x80]),
    );
    const utf8 = Uint8Array.from([0xef, 0xbb, 0xbf, ...bytesOf(`ä ${card} 😀`)]);
    expect(maskBytes(utf8)).toEqual(
      Uint8Array.from([0xef, 0xbb, 0xbf, ...bytesOf('ä [card number removed] 😀')]),
    );
    for (const order of ['utf-16le', 'utf-16be'] as const) {
      const text = `\ufeffä ${card} 😀`;
      const bytes = new Uint8Array(Buffer.from(text, 'utf16le'));
      const swapped = order === 'utf-16le' ? bytes : new Uint8Array(Buffer.from(bytes).swap16());
      const decoder = new TextDecoder(order, { ignoreBOM: true });
      expect(decoder.decode(maskBytes(swapped))).toBe('\ufeffä [card number removed] 😀');
    }
  });

  it('stays the same bytes where nothing is masked', () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x00, 0x41, 0x0a]);
    expect(maskBytes(bytes)).toBe(bytes);
    expect(decodeText(bytes).encode(decodeText(bytes).text)).toEqual(bytes);
  });

  it('of JSON stays JSON', () => {
    const json = `{"a":${card},"b":"x ${card}","c":[${card}, 1],"d":"${card}"}`;
    const removed = '[card number removed]';
    expect(JSON.parse(Buffer.from(maskBytes(bytesOf(json), new JsonMarks())).toString())).toEqual({
      a: removed,
      b: `x ${removed}`,
      c: [removed, 1],
      d: removed,
    });
  });

  it('of JSON stays JSON where a text looks like a number, and where a piece ends in a string', () => {
    const removed = '[card number removed]';
    const written = `{"a":"cards: ${card}, \\"${card}, x","b":-${card},"c":[${card}.5,"\\\\",${card}]}`;
    const cut = written.indexOf('rds');
    const json = new JsonMarks();
    const pieces = [written.slice(0, cut), written.slice(cut)];
    const masked = pieces.map((piece) => Buffer.from(maskBytes(bytesOf(piece), json)).toString());
    expect(JSON.parse(masked.join(''))).toEqual({
      a: `cards: ${removed}, "${removed}, x`,
      b: removed,
      c: [removed, '\\', removed],
    });
  });

  it('is cut between letters only', () => {
    expect(lastCut(bytesOf('ab 12'))).toBe(1);
    expect(lastCut(bytesOf('1 a 2 é'))).toBe(0);
    expect(lastCut(bytesOf('Zz'))).toBe(1);
    expect(lastCut(bytesOf(''))).toBe(0);
  });
});
