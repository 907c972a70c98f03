import { wholePlan } from '../../src/core/redaction/spoken';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import {
  exportEnvironment,
  conversationIn,
  fakeSource,
  itemsAfter,
  maskEverything,
  MemoryWriter,
  textSource,
} from '../helpers/exports';
import { generateOrganisation } from '../../local/genesys/generate';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { exportEmails } from '../../src/export/emails';
import { exportMessages, urlAgain } from '../../src/export/texts';
import { exportRecording } from '../../src/export/recordings';
import { sanitiserFor } from '../../src/export/sanitiser';
import { newItem, type Item } from '../../src/core/package/items';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { countRedactions } from '../../src/core/redaction/redactions';
import type { RequestedRecording, Source, SourceEmail, SourceMessage } from '../../src/ports';
import { simulatorSource } from '../helpers/simulator-source';

const cardNumbers = ['4111111111111111', '4111 1111 1111 1111', '5500-0000-0000-0004'];
const policies: [name: string, policy: Policy][] = [
  ['the default policy', defaultPolicy],
  ['a policy that masks everything', maskEverything],
];

/** Ids and addresses as a source gives them: with digits that look like a card's, or anything else. */
const id = fc.oneof(
  fc.uuid(),
  fc.constantFrom(...cardNumbers, 'bdf82cee-e6f7-48b2-ac38-302160455453'),
  fc.string({ minLength: 1 }),
);
const address = fc
  .tuple(fc.webUrl({ withQueryParameters: true }), id)
  .map(
    ([base, last]) => `${base.split('?')[0]}/${encodeURIComponent(last)}?Expires=4111111111111111`,
  );
const attachments = fc.uniqueArray(fc.record({ id, url: address }), {
  selector: (one) => one.id,
  maxLength: 4,
});

/** What an item says besides the bytes that were written, which the policy changes. */
const outline = ({ kind, ordinal, status, reason, sourceId }: Item) => ({
  kind,
  ordinal,
  status,
  reason,
  sourceId,
});

describe.each(policies)('under %s', (_name, policy) => {
  it('attachments of messages are fetched from where the source says, and no message is missed', () =>
    fc.assert(
      fc.asyncProperty(
        attachments,
        fc.uniqueArray(id, { minLength: 1, maxLength: 4 }),
        async (given, ids) => {
          const messages: SourceMessage[] = ids.map((messageId, i) => ({
            id: messageId,
            normalizedMessage: {
              text: 'Hello',
              content:
                i > 0
                  ? []
                  : given.map((one) => ({
                      contentType: 'Attachment',
                      attachment: { ...one, filename: 'a.png' },
                    })),
            },
          }));
          const { source, fetched } = fakeSource({ messages: () => Promise.resolve(messages) });
          const details = {
            participants: [{ messages: [{ messages: ids.map((messageId) => ({ messageId })) }] }],
          };
          const writer = new MemoryWriter();
          const { items } = await exportMessages(textSource(source, writer, { details, policy }));
          expect(fetched).toEqual(given.map(({ url }) => url));
          expect(items.map(outline)).toEqual([
            outline({ ...newItem(1, 'message', 1, null), status: 'exported' }),
            ...given.map((one, i) =>
              outline({ ...newItem(1, 'attachment', i + 1, one.id), status: 'exported' }),
            ),
          ]);
        },
      ),
    ));

  it('attachments of emails are fetched from where the source says', () =>
    fc.assert(
      fc.asyncProperty(attachments, id, async (given, emailId) => {
        const email: SourceEmail = {
          id: emailId,
          textBody: 'Hello',
          attachments: given.map((one) => ({
            attachmentId: one.id,
            name: 'a.pdf',
            contentUri: one.url,
          })),
        };
        const { source, fetched } = fakeSource({
          listEmails: () => Promise.resolve([emailId]),
          email: (_conversation, asked) => Promise.resolve(asked === emailId ? email : null),
        });
        const from = textSource(source, new MemoryWriter(), {
          entry: conversationIn('email'),
          policy,
        });
        const items = await exportEmails(from);
        expect(fetched).toEqual(given.map(({ url }) => url));
        expect(items.map(outline)).toEqual([
          outline({ ...newItem(1, 'email', 1, emailId), status: 'exported' }),
        ]);
      }),
      { numRuns: 40 },
    ));

  it('attachments of recorded threads are fetched from where the source says, but for those that are there', () =>
    fc.assert(
      fc.asyncProperty(attachments, async (given) => {
        const [there, ...others] = given;
        const answer: RequestedRecording = {
          kind: 'document',
          document: {
            messagingTranscript: [
              { messageMediaAttachments: given.map((one) => ({ ...one, name: 'a.png' })) },
            ],
          },
        };
        const { source, fetched } = fakeSource({ requestRecording: () => Promise.resolve(answer) });
        const env = exportEnvironment(source, { policy });
        const item = newItem(1, 'messageRecording', 1, 'r1');
        const known: Item[] = there
          ? [
              {
                ...newItem(1, 'attachment', 1, there.id),
                status: 'exported',
                entry: 'data/conversations/0001/attachment-1.png',
              },
            ]
          : [];
        const sanitiser = sanitiserFor(env, 'request');
        const siblings = [item, ...known];
        const subject = { emails: [] };
        const asked = {
          item,
          conversationId: 'c1',
          sound: wholePlan,
          siblings,
          sanitiser,
          subject,
        };
        const items = itemsAfter(item, await exportRecording(env, new MemoryWriter(), asked));
        expect(fetched).toEqual(others.map(({ url }) => url));
        expect(items.map(outline)).toEqual([
          outline({ ...item, status: 'exported' }),
          ...others.map((one, i) =>
            outline({ ...newItem(1, 'recordedAttachment', i + 1, one.id), status: 'exported' }),
          ),
        ]);
      }),
    ));

  it('a recorded mail is fetched from where the source says', () =>
    fc.assert(
      fc.asyncProperty(address, async (url) => {
        const { source, fetched } = fakeSource({
          requestRecording: () => Promise.resolve({ kind: 'file', url }),
        });
        const env = exportEnvironment(source, { policy });
        const item = newItem(1, 'emailRecording', 1, 'r1');
        const asked = {
          item,
          conversationId: 'c1',
          sound: wholePlan,
          siblings: [item],
          sanitiser: sanitiserFor(env, 'request'),
          subject: { emails: [] },
        };
        const result = await exportRecording(env, new MemoryWriter(), asked);
        const [written] = itemsAfter(item, result);
        expect(fetched).toEqual([url]);
        expect(written?.status).toBe('exported');
      }),
      { numRuns: 20 },
    ));
});

describe('what is written of emails', () => {
  it('has the attachments masked that are text, and the log says in which mail', async () => {
    const email: SourceEmail = {
      id: 'e1',
      textBody: 'Hello',
      attachments: [
        {
          attachmentId: 'a1',
          name: 'rows.csv',
          contentType: 'text/csv',
          contentUri: 'https://x/1',
        },
        {
          attachmentId: 'a2',
          name: 'a.pdf',
          contentType: 'application/pdf',
          contentUri: 'https://x/2',
        },
      ],
    };
    const { source } = fakeSource({
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(email),
      async *download() {
        yield await Promise.resolve(Buffer.from(`card;${cardNumbers[1]}`));
      },
    });
    const writer = new MemoryWriter();
    const from = textSource(source, writer, { entry: conversationIn('email') });
    await exportEmails(from);
    const name = 'data/conversations/0001/email-1.eml';
    const base64 = (text: string): string => Buffer.from(text).toString('base64').slice(0, -4);
    expect(writer.text(name)).toContain(base64('card;[card number removed]'));
    expect(writer.text(name)).toContain(base64(`card;${cardNumbers[1]}`));
    expect(from.sanitiser.redactions).toEqual({
      cardNumber: { [`${name}#body`]: 1 },
      'notExamined:attachment': { [`${name}#`]: 1 },
    });
  });
});

describe('what is written of messages', () => {
  it('is masked, names the files in place of their addresses, and keeps links to pages', async () => {
    const messages = [
      {
        id: 'm1',
        textBody: `my card is ${cardNumbers[1]}`,
        normalizedMessage: {
          text: `my card is ${cardNumbers[1]}`,
          content: [
            {
              attachment: {
                id: 'a1',
                url: 'https://files.example/1?Signature=x',
                filename: `${cardNumbers[0]}.pdf`,
              },
            },
            {
              attachment: {
                id: 'a2',
                mediaType: 'Link',
                url: `https://shop.example/${cardNumbers[0]}`,
              },
            },
            { attachment: { id: 'a3', filename: 'gone.pdf' } },
          ],
        },
      },
    ] satisfies SourceMessage[];
    const { source } = fakeSource({ messages: () => Promise.resolve(messages) });
    const details = { participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] };
    const writer = new MemoryWriter();
    const from = textSource(source, writer, { details });
    const { items, count } = await exportMessages(from);
    expect(count).toBe(1);
    expect([...writer.entries.keys()]).toEqual(['data/conversations/0001/attachment-1.pdf']);
    expect(items.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'message exported',
      'attachment exported',
      'attachment failed',
    ]);
    expect(from.documents.messages).toEqual([
      {
        id: 'm1',
        textBody: 'my card is [card number removed]',
        normalizedMessage: {
          text: 'my card is [card number removed]',
          content: [
            {
              attachment: {
                id: 'a1',
                filename: '[card number removed].pdf',
                file: 'attachment-1.pdf',
              },
            },
            {
              attachment: {
                id: 'a2',
                mediaType: 'Link',
                url: 'https://shop.example/[card number removed]',
              },
            },
            { attachment: { id: 'a3', filename: 'gone.pdf' } },
          ],
        },
      },
    ]);
    expect(countRedactions(from.sanitiser.redactions)).toEqual({
      cardNumber: 4,
      'notExamined:attachment': 1,
    });
  });

  it('has text files masked, and other files as they come', async () => {
    const content = `name;card\nMaria;${cardNumbers[1]}\n`;
    const attachment = (id: string, filename: string, mime?: string) => ({
      attachment: { id, url: `https://files.example/${id}`, filename, ...(mime ? { mime } : {}) },
    });
    const { source } = fakeSource({
      messages: () =>
        Promise.resolve([
          {
            id: 'm1',
            normalizedMessage: {
              content: [
                attachment('a1', 'rows.csv'),
                attachment('a2', 'photo.jpg'),
                attachment('a3', 'log', 'text/plain'),
              ],
            },
          },
        ]),
      async *download() {
        yield await Promise.resolve(Buffer.from(content.slice(0, 20)));
        yield Buffer.from(content.slice(20));
      },
    });
    const details = { participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] };
    const writer = new MemoryWriter();
    const from = textSource(source, writer, { details });
    await exportMessages(from);
    const masked = 'name;card\nMaria;[card number removed]\n';
    const folder = 'data/conversations/0001';
    expect(writer.text(`${folder}/attachment-1.csv`)).toBe(masked);
    expect(writer.text(`${folder}/attachment-2.jpg`)).toBe(content);
    expect(writer.text(`${folder}/attachment-3.bin`)).toBe(masked);
    expect(from.sanitiser.redactions).toEqual({
      cardNumber: { [`${folder}/attachment-1.csv#`]: 1, [`${folder}/attachment-3.bin#`]: 1 },
      'notExamined:attachment': { [`${folder}/attachment-2.jpg#`]: 1 },
    });
  });
});

describe('an id with digits that pass the check of a card number', () => {
  // The organisation of the demo with 2,000 conversations has such a one.
  const { organisation } = generateOrganisation({
    seed: 1,
    conversations: 2000,
    now: new Date('2026-11-25T12:00:00.000Z'),
  });
  const conversation = organisation.conversations.find(
    (one) => one.id === 'bdf82cee-e6f7-48b2-ac38-302160455453',
  );
  let simulator: GenesysSimulator;
  beforeAll(async () => {
    if (!conversation) throw new Error('The organisation is another one.');
    simulator = await GenesysSimulator.start({
      organisation: { ...organisation, conversations: [conversation] },
      settings: { callsPerMinute: 10_000 },
    });
  });
  afterAll(() => simulator.stop());

  it('stands in an address from which an attachment is fetched all the same', async () => {
    const source = simulatorSource(simulator);
    const id = conversation?.id ?? '';
    const writer = new MemoryWriter();
    const entry = conversationIn('message', { conversationId: id });
    const details = await source.conversation(id);
    const { items } = await exportMessages(textSource(source, writer, { entry, details }));
    expect(items.map(({ status }) => status)).toEqual(items.map(() => 'exported'));
    expect(writer.all).toContain(`owner ${conversation?.ownerId}`);
  });
});

describe('an attachment whose address is no longer good', () => {
  interface Given {
    id?: string;
    url: string;
  }
  const old = (id: string): Given => ({ id, url: `https://files.example/old/${id}` });
  const later = (id: string): Given => ({ id, url: `https://files.example/new/${id}` });
  const withoutId = ({ url }: Given): Given => ({ url });

  /** What is written of each attachment: the address that the source gives when it is asked once more. */
  const files: Partial<Source> = {
    async *download(_address, _expected, renew) {
      yield Buffer.from(String(await renew?.()));
    },
  };
  const inEmail = async (given: Given[], again: Given[] | null): Promise<string[]> => {
    const emailOf = (attachments: Given[]): SourceEmail => ({
      ...{ id: 'e1', textBody: 'Hello' },
      attachments: attachments.map(({ id: ofOne, url }) => ({
        ...(ofOne === undefined ? {} : { attachmentId: ofOne }),
        ...{ name: 'a.pdf', contentUri: url },
      })),
    });
    const answers = [emailOf(given)];
    const { source } = fakeSource({
      ...files,
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(answers.shift() ?? (again && emailOf(again))),
    });
    const writer = new MemoryWriter();
    await exportEmails(textSource(source, writer, { entry: conversationIn('email') }));
    const { attachments: written } = await simpleParser(
      writer.text('data/conversations/0001/email-1.eml'),
    );
    return written.map(({ content }) => content.toString());
  };
  const inMessage = async (given: Given[], again: Given[] | null): Promise<string[]> => {
    const messageOf = (ofMessage: string, attachments: Given[]): SourceMessage => ({
      id: ofMessage,
      normalizedMessage: {
        text: 'Hello',
        content: attachments.map((one) => ({ attachment: { ...one, filename: 'a.pdf' } })),
      },
    });
    const answers = [[messageOf('m1', given)]];
    const other = messageOf('m2', given);
    const { source } = fakeSource({
      ...files,
      messages: () =>
        Promise.resolve(answers.shift() ?? [other, ...(again ? [messageOf('m1', again)] : [])]),
    });
    const details = { participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] };
    const writer = new MemoryWriter();
    await exportMessages(textSource(source, writer, { details }));
    return [...writer.entries]
      .filter(([name]) => name.includes('attachment-'))
      .map(([, content]) => content.toString());
  };
  const channels = [
    ['an email', inEmail],
    ['a message', inMessage],
  ] as const;
  const addresses = (given: Given[]): string[] => given.map(({ url }) => url);

  it.each(channels)(
    'of %s is fetched from the one that it has then, by its id',
    async (_of, exported) => {
      expect(await exported(['a', 'b', 'c'].map(old), ['c', 'x', 'b', 'a'].map(later))).toEqual(
        addresses(['a', 'b', 'c'].map(later)),
      );
    },
  );

  it.each(channels)('of %s is fetched by its place, where it has no id', async (_of, exported) => {
    const given = ['a', 'b'].map(old).map(withoutId);
    const again = ['a', 'b'].map(later).map(withoutId);
    expect(await exported(given, again)).toEqual(addresses(again));
  });

  it.each(channels)(
    'of %s is fetched from nowhere else, where it is gone',
    async (_of, exported) => {
      expect(await exported(['a', 'b'].map(old), [later('b')])).toEqual(['null', later('b').url]);
      expect(await exported([old('a')], null)).toEqual(['null']);
    },
  );
});

describe('a transcript whose address is no longer good', () => {
  const entry = conversationIn('voice', {
    participants: [
      {
        purpose: 'customer',
        sessions: ['s1', 's2'].map((sessionId) => ({ sessionId, mediaType: 'voice' })),
      },
    ],
  });
  const { source } = fakeSource({
    transcriptUrls: (_conversation, communication) =>
      Promise.resolve(
        communication === 's1'
          ? [{ recordingId: 'r1', url: 'of r1' }]
          : [{ recordingId: 'r2', url: 'of r2' }],
      ),
  });

  it.each([
    ['r1', 'of r1'],
    ['r2', 'of r2'],
    ['r3', null],
  ])('of recording %s is fetched from the one that it has then: %s', async (recording, address) => {
    expect(await urlAgain({ services: exportEnvironment(source), entry }, recording)).toBe(address);
  });
});
