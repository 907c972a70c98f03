import { FileRefusedError } from '../../src/core/errors';
import type { Source } from '../../src/ports';
import { pageOf, itemsOf } from '../helpers/one-page';

const url = 'https://files.example/1';

describe('a file at a host that may not be called', () => {
  const elsewhere: Partial<Source> = {
    async *download(address) {
      const host = new URL(address).hostname;
      yield await Promise.reject<Buffer>(new FileRefusedError('hostNotAllowed', host));
    },
  };
  const at = (host: string) => `https://${host}/1`;

  it.each<[string, Partial<Source>, string]>([
    [
      'voice',
      {
        listRecordings: () =>
          Promise.resolve([{ recordingId: 'r1', media: 'audio', file: 'available' }]),
        requestRecording: () => Promise.resolve({ kind: 'file', url: at('inside.example') }),
      },
      'audio failed hostNotAllowed',
    ],
    [
      'voice',
      {
        listRecordings: () =>
          Promise.resolve([{ recordingId: 'r1', media: 'audio', file: 'available' }]),
        requestRecording: () => Promise.resolve({ kind: 'missing' }),
        transcriptUrls: () => Promise.resolve([{ recordingId: 'r1', url: at('inside.example') }]),
      },
      'transcript failed hostNotAllowed',
    ],
    [
      'email',
      {
        listEmails: () => Promise.resolve(['e1']),
        email: () =>
          Promise.resolve({
            id: 'e1',
            textBody: 'Hello',
            attachments: [{ contentUri: at('inside.example') }],
          }),
      },
      'attachment failed hostNotAllowed',
    ],
  ])('is a failed item of a %s, and the status names the host', async (channel, answers, item) => {
    const page = await pageOf(channel, { ...elsewhere, ...answers });
    expect(await page.run()).toMatchObject({ kind: 'done' });
    expect(page.items()).toContain(item);
    expect(page.record.refusedHosts).toEqual(['inside.example']);
  });

  it('is named once, and no more than twenty are', async () => {
    const names = [...Array.from({ length: 30 }, (_, i) => `h${i + 10}.example`), 'h10.example'];
    const page = await pageOf('voice', {
      ...elsewhere,
      listRecordings: () =>
        Promise.resolve(
          names.map((_, i) => ({ recordingId: `r${i}`, media: 'audio', file: 'available' })),
        ),
      requestRecording: (_conversation, { recordingId }) =>
        Promise.resolve({ kind: 'file', url: at(names[Number(recordingId.slice(1))] ?? '') }),
    });
    await page.run();
    expect(page.record.refusedHosts).toEqual(names.slice(0, 20));
  });
});

describe('a file that the source refuses for good', () => {
  const refused: Partial<Source> = {
    async *download() {
      yield await Promise.reject<Buffer>(new FileRefusedError());
    },
  };

  it('is a failed attachment of an email, and the email is exported', async () => {
    const items = await itemsOf('email', {
      ...refused,
      listEmails: () => Promise.resolve(['e1']),
      email: () =>
        Promise.resolve({ id: 'e1', textBody: 'Hello', attachments: [{ contentUri: url }] }),
    });
    expect(items).toEqual(['email exported', 'attachment failed notDelivered']);
  });

  it('is a failed attachment of a message, and the thread is exported', async () => {
    const items = await itemsOf('message', {
      ...refused,
      conversation: () =>
        Promise.resolve({ participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] }),
      messages: () =>
        Promise.resolve([
          { id: 'm1', normalizedMessage: { content: [{ attachment: { id: 'a', url } }] } },
        ]),
    });
    expect(items).toEqual(['message exported', 'attachment failed notDelivered']);
  });

  it.each([
    ['transcript', 'transcript failed notDelivered'],
    ['recording', 'audio failed notDelivered'],
  ])('is a failed item: %s', async (_name, item) => {
    const items = await itemsOf('voice', {
      ...refused,
      listRecordings: () =>
        Promise.resolve([{ recordingId: 'r1', media: 'audio', file: 'available' }]),
      requestRecording: () => Promise.resolve({ kind: 'file', url }),
      transcriptUrls: () => Promise.resolve([{ recordingId: 'r1', url }]),
    });
    expect(items).toContain(item);
  });

  it('is a failed attachment of a recorded thread, which is exported', async () => {
    const items = await itemsOf('chat', {
      ...refused,
      listRecordings: () =>
        Promise.resolve([
          { recordingId: 'r1', media: 'chat', file: 'available' },
          { recordingId: 'r2', media: 'messaging', file: 'available' },
        ]),
      requestRecording: (_conversation, { media }) =>
        Promise.resolve({
          kind: 'document',
          document:
            media === 'chat'
              ? { transcript: [{ body: 'Hello' }] }
              : { messagingTranscript: [{ messageMediaAttachments: [{ id: 'a', url }] }] },
        }),
    });
    expect(items).toEqual([
      'chat exported',
      'messageRecording exported',
      'recordedAttachment failed notDelivered',
    ]);
  });
});

describe('a file without a byte', () => {
  const empty: Partial<Source> = {
    async *download() {
      yield await Promise.resolve(Buffer.alloc(0));
    },
  };

  it('is no recording', async () => {
    const page = await pageOf('voice', {
      ...empty,
      listRecordings: () =>
        Promise.resolve([{ recordingId: 'r1', media: 'audio', file: 'available' }]),
      requestRecording: () => Promise.resolve({ kind: 'file', url }),
    });
    await page.run();
    expect(page.items()).toContain('audio pending');
  });

  it.each([
    [undefined, 'attachment failed notDelivered'],
    [7, 'attachment failed notDelivered'],
    [0, 'attachment exported'],
  ])('is no attachment, unless the source says that it has %p bytes', async (size, item) => {
    const attachment = { id: 'a', url, contentSizeBytes: size };
    const items = await itemsOf('message', {
      ...empty,
      conversation: () =>
        Promise.resolve({ participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] }),
      messages: () =>
        Promise.resolve([
          { id: 'm1', normalizedMessage: { text: 'Hello', content: [{ attachment }] } },
        ]),
    });
    expect(items).toContain(item);
  });
});
