import { emlComposer } from '../../src/adapters/eml/email-composer';
import { UnreadableError } from '../../src/core/errors';
import { newItem, type Item } from '../../src/core/package/items';
import { policySchema, type Policy } from '../../src/core/redaction/policy';
import { exportEmails } from '../../src/export/emails';
import { exportRecordedTexts } from '../../src/export/recorded-texts';
import { sanitiserFor } from '../../src/export/sanitiser';
import { exportMessages } from '../../src/export/texts';
import type { EmailComposer, RecordedTexts } from '../../src/ports';
import {
  conversationIn,
  exportEnvironment,
  fakeSource,
  MemoryWriter,
  textSource,
} from '../helpers/exports';

const card = '4111 1111 1111 1111';
const removed = '[card number removed]';
const folder = 'data/conversations/0001';
const withhold = policySchema.parse({ version: 1, attachments: 'withhold' });

interface SentFile {
  filename: string;
  mime?: string;
  content: string | Buffer;
}

const mail = (...lines: string[]): string =>
  ['From: zoe@home.example', 'To: Bob Other <bob@other.example>', ...lines].join('\r\n');

const outline = ({ kind, status, reason }: Item): string =>
  [kind, status, ...(reason === null ? [] : [reason])].join(' ');

/** Exports a message with these files. */
async function exportFiles(
  files: SentFile[],
  { policy, composer = {} }: { policy?: Policy; composer?: Partial<EmailComposer> } = {},
) {
  const content = files.map(({ content: _content, ...file }, i) => ({
    attachment: { id: `a${i}`, url: `https://files.example/${i}`, ...file },
  }));
  const fetched: string[] = [];
  const { source } = fakeSource({
    messages: () => Promise.resolve([{ id: 'm1', normalizedMessage: { content } }]),
    async *download(url: string) {
      fetched.push(url);
      yield await Promise.resolve(Buffer.from(files[Number(url.split('/').at(-1))]?.content ?? ''));
    },
  });
  const details = { participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] };
  const writer = new MemoryWriter();
  const settings = policy === undefined ? {} : { policy };
  const services = exportEnvironment(source, settings);
  const from = textSource(source, writer, {
    ...settings,
    services: { ...services, emailComposer: { ...emlComposer, ...composer } },
    details,
    subject: { emails: ['zoe@home.example'] },
  });
  const { items } = await exportMessages(from);
  const attachments = items.filter(({ kind }) => kind === 'attachment').map(outline);
  return { writer, fetched, attachments, redactions: from.sanitiser.redactions, from };
}

describe('a mail that is attached to a message', () => {
  it.each([
    ['forwarded.eml', undefined, 'attachment-1.eml'],
    ['forwarded', 'message/rfc822', 'attachment-1.bin'],
  ])('is masked as a mail: %s of type %s', async (filename, mime, file) => {
    const content = mail('Subject: Hi', '', `Ask Bob Other, card ${card}.`);
    const sent = { filename, content, ...(mime === undefined ? {} : { mime }) };
    const { writer, attachments, redactions } = await exportFiles([sent]);
    const written = writer.text(`${folder}/${file}`);
    expect(attachments).toEqual(['attachment exported']);
    expect(written).toContain('From: zoe@home.example');
    expect(written).toContain(removed);
    expect(written).not.toMatch(/bob@other|Bob Other/);
    expect(redactions).toMatchObject({
      cardNumber: { [`${folder}/${file}#body`]: 1 },
      otherPerson: {
        'data/conversations/*/attachment-*#to': 1,
      },
    });
  });

  it('that cannot be processed is a failed item, and nothing of it is in package or log', async () => {
    const sent = [{ filename: 'a.eml', content: mail('', card) }];
    const { writer, attachments, redactions, from } = await exportFiles(sent, {
      composer: { mask: () => Promise.reject(new UnreadableError('tooDeep')) },
    });
    expect(attachments).toEqual(['attachment failed tooDeep']);
    expect(writer.entries.size).toBe(0);
    expect(redactions).toEqual({});
    expect(JSON.stringify(from.documents)).toContain('a.eml');
  });
});

describe('a file that holds no text', () => {
  const sent = [
    { filename: 'photo.jpg', content: 'pixels' },
    { filename: 'rows.csv', content: `a;${card}` },
    { filename: 'setup.exe', content: 'MZ' },
  ];

  it('is kept and counted as not examined; its ending is neutral, and the data has its name', async () => {
    const { writer, attachments, redactions, from } = await exportFiles(sent);
    expect(attachments).toEqual(Array(3).fill('attachment exported'));
    expect([...writer.entries.keys()]).toEqual(
      ['attachment-1.jpg', 'attachment-2.csv', 'attachment-3.bin'].map(
        (file) => `${folder}/${file}`,
      ),
    );
    expect(redactions).toEqual({
      cardNumber: { [`${folder}/attachment-2.csv#`]: 1 },
      'notExamined:attachment': {
        [`${folder}/attachment-1.jpg#`]: 1,
        [`${folder}/attachment-3.bin#`]: 1,
      },
    });
    expect(from.documents.messages).toMatchObject([
      {
        normalizedMessage: {
          content: [{}, {}, { attachment: { filename: 'setup.exe', file: 'attachment-3.bin' } }],
        },
      },
    ]);
  });

  it('is not fetched where policy withholds it, and an item says so; a text is', async () => {
    const { writer, attachments, redactions, fetched, from } = await exportFiles(sent, {
      policy: withhold,
    });
    expect(fetched).toEqual(['https://files.example/1']);
    expect(attachments).toEqual([
      'attachment withheld attachmentWithheld',
      'attachment exported',
      'attachment withheld attachmentWithheld',
    ]);
    expect([...writer.entries.keys()]).toEqual([`${folder}/attachment-2.csv`]);
    expect(redactions).toEqual({ cardNumber: { [`${folder}/attachment-2.csv#`]: 1 } });
    expect(JSON.stringify(from.documents)).toContain('photo.jpg');
  });

  it.each([
    ['keep', policySchema.parse({ version: 1 }), true],
    ['withhold', withhold, false],
  ] as const)('within an email is as policy says: %s', async (_name, policy, isKept) => {
    const email = {
      id: 'e1',
      textBody: 'Hello',
      attachments: [
        {
          attachmentId: 'a1',
          name: 'a.pdf',
          contentType: 'application/pdf',
          contentUri: 'https://x/1',
        },
      ],
    };
    const { source } = fakeSource({
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(email),
      async *download() {
        yield await Promise.resolve(Buffer.from('pages of the document'));
      },
    });
    const writer = new MemoryWriter();
    const from = textSource(source, writer, { entry: conversationIn('email'), policy });
    await exportEmails(from);
    const name = `${folder}/email-1.eml`;
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    expect(writer.text(name).includes(base64('pages of the document'))).toBe(isKept);
    expect(writer.text(name).includes(base64('[This file was left out').slice(0, -4))).toBe(
      !isKept,
    );
    expect(from.sanitiser.redactions).toEqual(
      isKept
        ? { 'notExamined:attachment': { [`${name}#`]: 1 } }
        : { attachmentWithheld: { [`${name}#body`]: 1 } },
    );
  });

  it.each([
    ['keep', policySchema.parse({ version: 1 }), ['exported', 'exported']],
    ['withhold', withhold, ['withheld', 'exported']],
  ] as const)('of a recorded thread is as policy says: %s', async (_name, policy, statuses) => {
    const { source } = fakeSource({
      async *download(url: string) {
        yield await Promise.resolve(Buffer.from(url.endsWith('2') ? mail('', card) : 'MZ'));
      },
    });
    const services = exportEnvironment(source, { policy });
    const writer = new MemoryWriter();
    const document: RecordedTexts = {
      messagingTranscript: [
        {
          messageMediaAttachments: [
            { id: 'a1', name: 'run.scr', url: 'https://x/1' },
            { id: 'a2', name: 'old.eml', url: 'https://x/2' },
          ],
        },
      ],
    };
    const result = await exportRecordedTexts(source, writer, {
      services,
      subject: { emails: ['zoe@home.example'] },
      sanitiser: sanitiserFor(services, 'request', { file: 'thread' }),
      item: newItem(1, 'messageRecording', 1, 'r1'),
      name: `${folder}/recorded-messages-1.json`,
      document,
      siblings: [],
    });
    expect(result.kind === 'exported' && result.attachments.map(({ status }) => status)).toEqual(
      statuses,
    );
    expect(writer.text(`${folder}/recorded-attachment-2.eml`)).toContain(removed);
    expect(writer.entries.has(`${folder}/recorded-attachment-1.bin`)).toBe(
      statuses[0] === 'exported',
    );
  });

  it('of a recorded thread fail alone where the source says no address of theirs', async () => {
    const { source, fetched } = fakeSource({});
    const services = exportEnvironment(source, {});
    const writer = new MemoryWriter();
    const item = newItem(1, 'messageRecording', 1, 'r1');
    const earlier = newItem(1, 'recordedAttachment', 1, 'a0');
    const result = await exportRecordedTexts(source, writer, {
      services,
      subject: { emails: [] },
      sanitiser: sanitiserFor(services, 'request', { file: 'thread' }),
      item,
      name: `${folder}/recorded-messages-1.json`,
      document: {
        messagingTranscript: [
          {
            messageMediaAttachments: [
              { id: 'a1', name: 'one.png' },
              { id: 'a2', name: 'two.png', url: 'no address' },
              { id: 'a3', name: 'three.png', url: 'https://x/3' },
            ],
          },
        ],
      },
      siblings: [item, { ...earlier, status: 'exported' }],
    });
    if (result.kind !== 'exported') throw new Error(`It is ${result.kind}.`);
    expect(
      result.attachments.map((one) => `${one.ordinal} ${one.sourceId} ${outline(one)}`),
    ).toStrictEqual([
      '2 a1 recordedAttachment failed notDelivered',
      '3 a2 recordedAttachment failed notDelivered',
      '4 a3 recordedAttachment exported',
    ]);
    expect(fetched).toStrictEqual(['https://x/3']);
    expect([...writer.entries.keys()]).toStrictEqual([
      `${folder}/recorded-attachment-4.png`,
      `${folder}/recorded-messages-1.json`,
    ]);
    expect(JSON.parse(writer.text(`${folder}/recorded-messages-1.json`))).toStrictEqual({
      messagingTranscript: [
        {
          messageMediaAttachments: [
            { id: 'a1', name: 'one.png' },
            { id: 'a2', name: 'two.png' },
            { id: 'a3', name: 'three.png', file: 'recorded-attachment-4.png' },
          ],
        },
      ],
    });
  });
});
