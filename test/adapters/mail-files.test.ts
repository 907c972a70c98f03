import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { mailFiles } from '../../src/core/viewer/mail-files';

/** Mails as a library of others composes them, which no unit test loads. */
const composed = (attachments: { filename: string; content: Buffer }[]): Promise<Buffer> =>
  new MailComposer({ text: 'Words', html: '<p>Words</p>', subject: 'Subject', attachments })
    .compile()
    .build();

describe('the files in a mail that was composed', () => {
  it('are those that were put into it, whatever their bytes and names are', async () => {
    const names = ['photo.png', 'Rechnung Müller.pdf', 'a "quoted" name.txt', '請求書.pdf'];
    const contents = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 0, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(contents, async (given) => {
        const attachments = given.map((bytes, i) => ({
          filename: names[i] ?? '',
          content: Buffer.from(bytes),
        }));
        const found = mailFiles(await composed(attachments));
        expect(found.map(({ name }) => name)).toEqual(attachments.map(({ filename }) => filename));
        expect(found.map(({ bytes }) => [...bytes()])).toEqual(given.map((bytes) => [...bytes]));
      }),
      { numRuns: 40 },
    );
  });
});
