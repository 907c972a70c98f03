import { simpleParser } from 'mailparser';
import { composeEml } from '../../src/adapters/eml/compose-eml';
import { maskEml } from '../../src/adapters/eml/mask-eml';
import { UnreadableError } from '../../src/core/errors';
import { nestedMail } from '../helpers/exports';

const card = '4111 1111 1111 1111';
const mask = (text: string): string => text.replaceAll(card, '[card number removed]');

const mail = (body: string, note: string): Buffer =>
  Buffer.from(
    [
      'From: "Ä. Person" <person@mail.example>',
      'To: Shop <service@shop.example>',
      'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
      'Date: Mon, 23 Nov 2026 10:00:00 +0100',
      'Message-ID: <one@mail.example>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(body).toString('base64'),
      '--b',
      'Content-Type: text/plain; name="note.txt"',
      'Content-Disposition: attachment; filename="note.txt"',
      '',
      note,
      '--b',
      'Content-Type: application/octet-stream; name="a.bin"',
      'Content-Disposition: attachment; filename="a.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from([0, 255, 1, 254]).toString('base64'),
      '--b--',
      '',
    ].join('\r\n'),
  );

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof UnreadableError ? [error.reason, error.cause] : error),
  );

describe('a mail that cannot be read', () => {
  it('is told as that, without anything of it: too many parts', async () => {
    const nested = nestedMail(1000, 'Rosalinde');
    expect(await reasonOf(maskEml(nested, mask))).toEqual(['tooDeep', undefined]);
    const beside = `Content-Type: multipart/mixed; boundary="b"\r\n${'\r\n--b\r\n\r\nRosalinde'.repeat(2000)}`;
    expect(await reasonOf(maskEml(Buffer.from(beside), mask))).toEqual(['tooDeep', undefined]);
  });

  it('is told as that, without anything of it: an email of the source in another form', async () => {
    for (const email of [{}, { id: 7 }, { id: 'e1', to: { email: 'Rosalinde' } }])
      expect(await reasonOf(composeEml(email as never, []))).toEqual(['notReadable', undefined]);
  });
});

describe('a recorded mail', () => {
  it('stays as it is, to the byte, when nothing has to be masked', async () => {
    const raw = mail('Hello.', 'Nothing.');
    expect((await maskEml(raw, mask)).equals(raw)).toBe(true);
  });

  it('is masked in encoded bodies and in attachments that are text, and unchanged elsewhere', async () => {
    const raw = mail(`My card: ${card}`, `again ${card}`);
    expect(raw.toString()).not.toContain(`My card: ${card}`);
    const masked = await maskEml(raw, mask);
    const read = await simpleParser(masked);
    expect(read.text).toContain('My card: [card number removed]');
    expect(read.subject).toBe('Grüße');
    expect(read.from?.value).toEqual([{ name: 'Ä. Person', address: 'person@mail.example' }]);
    expect(read.messageId).toBe('<one@mail.example>');
    expect(read.date?.toISOString()).toBe('2026-11-23T09:00:00.000Z');
    const [note, binary] = read.attachments;
    expect(note?.content.toString()).toContain('again [card number removed]');
    expect([...(binary?.content ?? [])]).toEqual([0, 255, 1, 254]);
    expect((await maskEml(raw, mask)).equals(masked)).toBe(true);
  });

  it('is returned unchanged when it is no email at all', async () => {
    const raw = Buffer.from([0, 1, 2, 3]);
    expect((await maskEml(raw, mask)).equals(raw)).toBe(true);
  });
});
