import fc from 'fast-check';
import { composeEml } from '../../src/adapters/eml/compose-eml';
import { inBits } from '../../src/adapters/eml/in-bits';
import { maskEml } from '../../src/adapters/eml/mask-eml';
import { UnreadableError } from '../../src/core/errors';
import { maskMail } from '../../src/core/redaction/mail/mask-mail';
import { readStructure } from '../../src/core/redaction/mail/structure';
import type { EmailAttachment, SourceEmail } from '../../src/ports';
import { nestedMail } from '../helpers/exports';
import { mailMasking } from '../helpers/mail-masking';

const card = '4111 1111 1111 1111';
const mark = '[card number removed]';

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof UnreadableError ? [error.reason, error.cause] : error),
  );

describe('a mail that cannot be read', () => {
  it('is told as that, without anything of it: an email of the source in another form', async () => {
    for (const email of [{}, { id: 7 }, { id: 'e1', to: { email: 'Rosalinde' } }])
      expect(await reasonOf(composeEml(email as never, []))).toEqual(['notReadable', undefined]);
  });
});

describe('a recorded mail', () => {
  it('with 1,000 parts in one another, or beside one another, is masked', async () => {
    const nested = await maskEml(nestedMail(1_000, card), mailMasking());
    expect(nested.content.toString()).toContain(mark);
    const parts = `\r\n--b\r\n\r\n${card}`.repeat(2_000);
    const beside = `Content-Type: multipart/mixed; boundary="b"\r\n${parts}`;
    const { content, redactions } = await maskEml(Buffer.from(beside), mailMasking());
    expect(content.toString()).not.toContain(card);
    expect(redactions).toEqual({ cardNumber: 2_000 });
  });
});

describe('a mail of 1 MB', () => {
  const size = 1_000_000;
  const filled = (line: string): string => line.repeat(Math.ceil(size / line.length));
  const words = 'Some words of a letter, no. 4711, and more of them for Joe in a line.\r\n';
  const lined = (text: string): string =>
    Buffer.from(text).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const base64 = lined(words.repeat(1_000));

  it.each<[name: string, header: string, body: () => string, least: number]>([
    ['of text', 'Content-Type: text/plain', () => filled(words), 60],
    ['of one line', 'Content-Type: text/plain', () => filled('word '), 50],
    ['of one word', 'Content-Type: text/plain', () => filled('x'), 50],
    ['of HTML', 'Content-Type: text/html', () => filled(`<p class="x">${words}&nbsp;</p>`), 60],
    ['of base64', 'Content-Transfer-Encoding: base64', () => filled(base64), 60],
    ['of one tag', 'Content-Type: text/html', () => `<p title="${filled('x')}">`, 20],
    [
      'of quoted-printable',
      'Content-Transfer-Encoding: quoted-printable',
      () => filled(`=C3=BC ${words}`),
      60,
    ],
    [
      'of a file',
      'Content-Type: image/png\r\nContent-Transfer-Encoding: base64',
      () => filled(base64),
      14,
    ],
    ['of cards', 'Content-Type: text/plain', () => filled(`${card}, ${words}`), 60],
    [
      'of cards in base64',
      'Content-Transfer-Encoding: base64',
      () => lined(filled(`${card}, ${words}`)),
      60,
    ],
  ])(
    '%s is masked in many small steps, so that others can work between',
    (_, header, body, least) => {
      const work = maskMail(Buffer.from(`${header}\r\n\r\n${body()}\r\n`), mailMasking());
      let steps = 0;
      while (work.next().done !== true) steps += 1;
      expect(steps).toBeGreaterThan(least);
    },
  );
});

describe('an email that is composed', () => {
  const compose = (change: Partial<SourceEmail>, attachments: EmailAttachment[] = []) =>
    composeEml({ id: 'e1', textBody: 'Hello', ...change }, attachments);
  const fieldsOf = async (raw: Buffer): Promise<string[][]> => {
    const { parts } = await inBits(readStructure(raw));
    return parts.map(({ fields }) => fields.map(({ name }) => name));
  };

  it.each([undefined, 'never', ''])('has no date when the time is %p', async (time) => {
    const message = await compose(time === undefined ? {} : { time });
    expect((await fieldsOf(message))[0]).not.toContain('date');
    expect(message.toString()).toContain('\r\n\r\nHello');
  });

  it('has the date of its time, and the same bytes each time', async () => {
    const email = { time: '2026-11-23T09:00:00Z', htmlBody: '<p>Hello</p>' };
    const message = await compose(email);
    expect(message.toString()).toContain('\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n');
    expect((await compose(email)).equals(message)).toBe(true);
  });

  it('has the fields and parts that it should have, whatever stands in the email', () => {
    const hostile = fc
      .array(
        fc.constantFrom(
          ...[
            '\r\nBcc: x@y.example',
            '\n\n',
            '\r\n\r\n--b\r\n',
            '\u2028',
            '\0',
            '"',
            '<',
            '>',
            ',',
          ],
          ...['a', ' ', ';', 'name="x"', 'x@y.example', '=?utf-8?Q?=0D=0AX:_y?=', 'ü', '\r', '\t'],
        ),
        { maxLength: 6 },
      )
      .map((pieces) => pieces.join(''));
    const email = fc.record({
      subject: hostile,
      from: fc.record({ name: hostile, email: hostile.map((one) => `a${one}@b.example`) }),
      to: fc.array(fc.record({ name: hostile, email: hostile }), { maxLength: 2 }),
      textBody: hostile.map((one) => `x${one}`),
      time: hostile,
    });
    const attachment = fc.record({
      name: hostile,
      contentType: fc.oneof(
        hostile,
        hostile.map((one) => `text/plain; name=x${one}`),
      ),
      content: hostile.map((one) => Buffer.from(`x${one}`)),
    });
    const allowed = new Set([
      ...['from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'content-type'],
      ...['content-transfer-encoding', 'content-disposition'],
    ]);
    return fc.assert(
      fc.asyncProperty(email, attachment, async (given, file) => {
        const message = await compose(given, [file]);
        const fields = await fieldsOf(message);
        // The mail itself, its text and its attachment.
        expect(fields).toHaveLength(3);
        expect(fields.flat().filter((name) => !allowed.has(name))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
