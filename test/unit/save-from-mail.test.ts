import {
  reasonNotSaved,
  saveFromMail,
  type ArchiveFiles,
} from '../../src/web/viewer/save-from-mail';
import { lines, mailMasking, maskedBy } from '../helpers/mail-masking';

const raw = lines(
  ...['Content-Type: multipart/mixed; boundary=b', '', '--b'],
  ...['Content-Type: image/png; name=photo.png', 'Content-Transfer-Encoding: base64', ''],
  ...['//4AgA==', '--b', 'Content-Type: application/octet-stream; name=data.bin', '', 'bytes'],
  ...['--b', 'Content-Type: text/plain; charset=ebcdic-us; name=notes.txt', '', 'Notes', '--b--'],
  '',
);
const names = ['photo.png', 'data.bin', 'notes.txt'];

/** Saves a file of a mail. @returns what was done, in its order, and what was saved or why nothing was */
async function saved(
  content: Buffer | string,
  index: number,
  change: Partial<ArchiveFiles> = {},
): Promise<{ done: string[]; bytes?: number[]; reason?: string }> {
  const done: string[] = [];
  let bytes: number[] = [];
  const files: ArchiveFiles = {
    read: (file) => {
      done.push(`read ${file}`);
      return Promise.resolve(new Blob([new Uint8Array(Buffer.from(content))]));
    },
    saveAs: async (name, contentOf) => {
      done.push(`ask where to save ${name}`);
      const blob = await contentOf();
      done.push(`save ${blob.type}`);
      bytes = [...new Uint8Array(await blob.arrayBuffer())];
    },
    ...change,
  };
  try {
    await saveFromMail(files, { mail: 'mail.eml', names, index }, names[index] ?? '');
    return { done, bytes };
  } catch (error) {
    return { done, reason: reasonNotSaved(error) };
  }
}

describe('a file that is saved out of its mail', () => {
  it('is asked for its place first: a browser asks as long as the click is fresh', async () => {
    expect(await saved(raw, 0)).toEqual({
      bytes: [255, 254, 0, 128],
      done: [
        ...['ask where to save photo.png', 'read mail.eml'],
        // Of no type: no browser shows it as a page of this one.
        'save application/octet-stream',
      ],
    });
  });

  it.each([
    [0, 'viewer.leftOutOfMail.attachmentWithheld'],
    [1, 'viewer.leftOutOfMail.attachmentWithheld'],
    [2, 'viewer.leftOutOfMail.unreadableMailPart'],
  ])('is not a note that masking has left in place of it: %s', async (index, reason) => {
    const { content } = maskedBy(raw, mailMasking({ attachments: 'withhold' }));
    const result = await saved(content, index);
    expect([result.bytes, result.reason]).toEqual([undefined, reason]);
  });

  it.each<[string, string, Partial<ArchiveFiles>]>([
    ['it is not in the mail', 'viewer.notInMail', {}],
    [
      'the mail cannot be read',
      'viewer.unreadable',
      { read: () => Promise.reject(new TypeError('Failed to fetch')) },
    ],
    [
      'there is no room for it',
      'viewer.unreadable',
      { saveAs: () => Promise.reject(new DOMException('', 'QuotaExceededError')) },
    ],
    [
      'the dialog was closed, which needs no words',
      '',
      { saveAs: () => Promise.reject(new DOMException('', 'AbortError')) },
    ],
  ])('is not saved where %s', async (_, reason, change) => {
    expect((await saved('Subject: Nothing\r\n\r\nWords', 0, change)).reason).toBe(reason);
  });
});
