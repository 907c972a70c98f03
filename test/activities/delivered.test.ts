import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import { createExportPage } from '../../src/activities/export-page';
import { createExportPerson, writePerson } from '../../src/activities/export-person';
import { FileRefusedError } from '../../src/core/errors';
import {
  pageBlob,
  partManifestBlob,
  partName,
  personPart,
} from '../../src/core/package/blob-names';
import { failed, newItem, type Item } from '../../src/core/package/items';
import type { ExportSettings, Source } from '../../src/ports';
import { sanitiserFor } from '../../src/export/sanitiser';
import {
  conversationIn,
  exportEnvironment,
  fakeSource,
  MemoryWriter,
  requestEnvironment,
} from '../helpers/exports';

const outline = ({ kind, status, reason }: Item): string =>
  [kind, status, reason].filter(Boolean).join(' ');
const url = 'https://files.example/1';
const spoken = { transcripts: [{ phrases: [{ text: 'Hello' }] }] };

type Conversation = ReturnType<typeof conversationIn>['conversation'];

/** A page of one conversation, over a source that has nothing but what a test says. */
async function pageOf(
  channel: string,
  answers: Partial<Source>,
  change: Partial<Conversation> = {},
  settings: Partial<ExportSettings> = {},
) {
  const calls: string[] = [];
  const none: Partial<Source> = {
    conversation: () => Promise.resolve(null),
    listRecordings: () => Promise.resolve([]),
    transcriptUrls: () => Promise.resolve([]),
    listEmails: () => Promise.resolve([]),
    summary: () => Promise.resolve(null),
    sentiment: () => Promise.resolve(null),
    ...answers,
  };
  const { source } = fakeSource(none);
  const counted = new Proxy(source, {
    get(target, name: string): unknown {
      calls.push(name);
      return Reflect.get(target, name);
    },
  });
  const { env, record, itemsOf } = requestEnvironment(counted, { summaries: false, ...settings });
  const page = [conversationIn(channel, change)];
  await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), page);
  await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
  const input = { requestId: 'request', page: 1, isLast: false };
  return {
    env,
    record,
    calls,
    run: (attempt = 1, pass = 1) => createExportPage(env)({ ...input, attempt, pass }),
    items: () => itemsOf(1).map(outline),
    all: () => itemsOf(1),
  };
}

/** Items of a conversation besides itself, after its first pass. */
async function itemsOf(...given: Parameters<typeof pageOf>): Promise<string[]> {
  const page = await pageOf(...given);
  expect(await page.run()).toMatchObject({ kind: 'done' });
  const [conversation, ...others] = page
    .items()
    .sort((a, b) => Number(b.startsWith('conversation')) - Number(a.startsWith('conversation')));
  expect(conversation).toBe('conversation exported');
  return others;
}

const flagged = (...channels: string[]): Partial<Conversation> => ({
  participants: [
    {
      purpose: 'customer',
      sessions: channels.map((mediaType) => ({ sessionId: 's1', mediaType, recording: true })),
    },
  ],
});

describe('a conversation that is flagged as recorded', () => {
  it.each([
    ['voice', ['audio failed notListed']],
    ['callback', ['audio failed notListed']],
    ['message', ['message absent noLongerHeld']],
    ['email', ['email absent noLongerHeld']],
    ['chat', ['chat absent noLongerHeld']],
    ['internalmessage', []],
  ])('and has no audio expects some in a channel in which people speak: %s', async (...given) => {
    const [channel, items] = given;
    expect(await itemsOf(channel, {}, flagged(channel))).toEqual(items);
  });

  it('expects audio when one of its channels is spoken', async () => {
    expect(await itemsOf('chat', {}, flagged('chat', 'voice'))).toContain('audio failed notListed');
  });
});

describe('an empty answer', () => {
  const audio = { recordingId: 'r1', media: 'audio', file: 'available' } as const;
  const transcribed = (content: object): Partial<Source> => ({
    listRecordings: () => Promise.resolve([audio]),
    requestRecording: () => Promise.resolve({ kind: 'preparing' }),
    transcriptUrls: () => Promise.resolve([{ recordingId: 'r1', url }]),
    async *download() {
      yield await Promise.resolve(Buffer.from(JSON.stringify(content)));
    },
  });

  it.each([{ transcripts: [] }, { transcripts: [{ phrases: [] }] }, { transcripts: [{}] }])(
    'is no transcript: %j',
    async (content) => {
      const items = await itemsOf('voice', transcribed(content));
      expect(items).toContain('transcript absent noTranscript');
    },
  );

  it.each([
    {},
    { conversation: { id: 'c1' } },
    { summary: {}, sessionSummaries: [] },
    { summary: { status: 'Pending', id: 'x' }, sessionSummaries: [{ status: 'Error', text: ' ' }] },
  ])('is no summary: %j', async (summary) => {
    const answers = { summary: () => Promise.resolve(summary) };
    expect(await itemsOf('screenshare', answers, {}, { summaries: true })).toEqual([
      'summary absent noSummary',
    ]);
  });

  it('is none where one of the sessions has a summary', async () => {
    const answers = { summary: () => Promise.resolve({ sessionSummaries: [{ text: 'Asked.' }] }) };
    expect(await itemsOf('screenshare', answers, {}, { summaries: true })).toEqual([
      'summary exported',
    ]);
  });

  it.each([
    [{}, 'absent noSentiment'],
    [{ conversation: { id: 'c1' }, sentimentTrendClass: 'NotCalculated' }, 'absent noSentiment'],
    [{ sentimentScore: 0 }, 'exported'],
  ])('is no sentiment: %j', async (sentiment, outcome) => {
    const answers = { ...transcribed(spoken), sentiment: () => Promise.resolve(sentiment) };
    expect(await itemsOf('voice', answers)).toContain(`sentiment ${outcome}`);
  });

  it.each([{ id: 'e1' }, { id: 'e1', textBody: '', to: [], attachments: [] }])(
    'is no email: %j',
    async (email) => {
      const answers = {
        listEmails: () => Promise.resolve(['e1']),
        email: () => Promise.resolve(email),
      };
      expect(await itemsOf('email', answers)).toEqual(['email failed notDelivered']);
    },
  );

  it('is no message', async () => {
    const answers: Partial<Source> = {
      conversation: () =>
        Promise.resolve({ participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] }),
      messages: () => Promise.resolve([{ id: 'm1', normalizedMessage: { text: '', content: [] } }]),
    };
    expect(await itemsOf('message', answers)).toEqual(['message failed notDelivered']);
  });

  it('is no record of the person', async () => {
    const { source } = fakeSource({
      contactRecord: () => Promise.resolve({}),
      notes: () => Promise.resolve({ notes: [{ id: 'n1' }], total: 1, isWhole: true }),
      journeySessions: () => Promise.resolve([{ id: 'v1' }]),
      campaignContacts: () => Promise.resolve([{ id: 'd1', contactListId: 'l1' }]),
      campaignContact: () => Promise.resolve({ id: 'd1', contactListId: 'l1', data: {} }),
      retention: () => Promise.resolve({ days: 1, now: new Date('2026-11-25T12:00:00.000Z') }),
      submitAuditQuery: () => Promise.resolve(null),
    });
    const { env, itemsOf: itemsOfPage } = requestEnvironment(source);
    const run = createExportPerson(env);
    for (let waiting = 1; waiting > 0;) {
      const result = await run({ requestId: 'request' });
      waiting = result.kind === 'done' ? result.value.waiting : 0;
    }
    const items = itemsOfPage(0).map(outline);
    expect(items.filter((item) => !item.startsWith('auditQuery'))).toEqual([
      'contact failed notDelivered',
      'note failed notDelivered',
      'journeySession failed notDelivered',
      'campaignContact failed notDelivered',
    ]);
  });
});

describe('a recording that is listed', () => {
  it.each([
    ['deleted', 'audio expired deletedInSource'],
    ['broken', 'audio failed brokenInSource'],
    ['archived', 'audio archived archivedInSource'],
  ] as const)('and %s in the source is named so', async (file, item) => {
    const listRecordings = () =>
      Promise.resolve([{ recordingId: 'r1', media: 'audio' as const, file }]);
    const settings = { restoreArchived: false };
    const items = await itemsOf('voice', { listRecordings }, {}, settings);
    expect(items).toContain(item);
  });
});

describe('the contact record', () => {
  const nothing = { found: [], problems: [], expected: 0, isWhole: true };
  const itemsWith = async (ids: string[], merged: number | null): Promise<string[]> => {
    const env = exportEnvironment(fakeSource({}).source);
    const masks = { records: sanitiserFor(env, 'request'), audits: sanitiserFor(env, 'request') };
    const contacts = { ...nothing, found: ids.map((id) => ({ id })), expected: ids.length, merged };
    const others = { notes: nothing, journeySessions: nothing, campaignContacts: nothing };
    const collected = { contacts, ...others, audits: [] };
    const { items } = await writePerson(new MemoryWriter(), collected, masks, []);
    return items.map((item) => `${outline(item)} ${item.ordinal}`);
  };

  it('of a contact that others were merged into names those of which there is none by itself', async () => {
    expect(await itemsWith(['c1'], 0)).toEqual(['contact exported 1']);
    expect(await itemsWith(['c1', 'm1'], 1)).toEqual(['contact exported 1', 'contact exported 2']);
    expect(await itemsWith(['c1', 'm1'], 3)).toEqual([
      ...['contact exported 1', 'contact exported 2'],
      ...['contact absent mergedAway 3', 'contact absent mergedAway 4'],
    ]);
  });

  it('that there is not is named', async () => {
    expect(await itemsWith([], null)).toEqual(['contact absent noContactRecord 1']);
  });
});

describe('surveys', () => {
  const surveysOf = (surveys: object[], answered: object[]) =>
    itemsOf('screenshare', { surveys: () => Promise.resolve(answered as never) }, { surveys });
  const answers = { totalScore: 3 };

  it.each<[string, object, object[], string[]]>([
    ['answered', { surveyStatus: 'Finished' }, [{ id: 's1', answers }], ['survey exported']],
    [
      'of a status of another spelling',
      { surveyStatus: 'FINISHED' },
      [],
      ['survey failed notDelivered'],
    ],
    [
      'completed by its date',
      { surveyCompletedDate: '2026-01-01' },
      [],
      ['survey failed notDelivered'],
    ],
    [
      'finished, without answers',
      { surveyStatus: 'Finished' },
      [{ id: 's1', status: 'Finished' }],
      ['survey failed notDelivered'],
    ],
    [
      'answered in part',
      { surveyStatus: 'InProgress' },
      [{ id: 's1', answers }],
      ['survey exported'],
    ],
    ['of no status that analytics tells', {}, [{ id: 's1', answers }], ['survey exported']],
    [
      'that nobody has answered',
      { surveyStatus: 'Sent' },
      [{ id: 's1', status: 'Sent' }],
      ['survey absent notAnswered'],
    ],
    [
      'beside one that analytics does not name',
      { surveyStatus: 'Finished' },
      [
        { id: 's1', answers },
        { id: 's2', answers },
      ],
      ['survey exported', 'survey exported'],
    ],
  ])('%s', async (_name, survey, found, items) => {
    expect(await surveysOf([{ surveyId: 's1', ...survey }], found)).toEqual(items);
  });

  it('are not asked for where analytics names none', async () => {
    const page = await pageOf('screenshare', {});
    await page.run();
    expect(page.calls).not.toContain('surveys');
  });
});

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

describe('failures that an officer has accepted', () => {
  it.each([
    [1, 0, 'email failed notDelivered'],
    [0, 3, 'conversation pending'],
  ])('are not asked for again: %d accepted, at least %d calls', async (accepted, atLeast, item) => {
    const page = await pageOf('email', {
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(null),
    });
    await page.run();
    Object.assign(page.record, { pages: 1, conversations: 1, acceptedFailures: accepted });
    page.calls.length = 0;
    await createBeginExportAttempt(page.env)({ requestId: 'request' });
    expect(page.items()).toContain(item);
    await page.run(2, 1);
    const asked = page.calls.filter((name) => name !== 'then');
    expect(asked.length).toBeGreaterThanOrEqual(atLeast);
    if (accepted > 0) expect(asked).toEqual([]);
    expect(page.items()).toContain('email failed notDelivered');
  });

  it('are asked for again once there are more of them', async () => {
    const page = await pageOf('email', {});
    await page.run();
    await page.env.items.put('request', 1, [
      failed(newItem(1, 'email', 1, 'e1'), 'notDelivered'),
      failed(newItem(1, 'email', 2, 'e2'), 'notDelivered'),
    ]);
    Object.assign(page.record, { pages: 1, conversations: 1, acceptedFailures: 1 });
    await createBeginExportAttempt(page.env)({ requestId: 'request' });
    expect(page.items()).toContain('conversation pending');
  });

  it('leave the parts that are written as they are', async () => {
    const page = await pageOf('email', {
      listEmails: () => Promise.resolve(['e1']),
      email: () => Promise.resolve(null),
    });
    await page.run();
    const part = partManifestBlob(partName(1, 1, 1));
    Object.assign(page.record, { pages: 1, conversations: 1, acceptedFailures: 1 });
    await createBeginExportAttempt(page.env)({ requestId: 'request' });
    expect(await page.env.scratch.read('request', part, Buffer.alloc(32))).not.toBeNull();
  });
});

describe('records of the person', () => {
  const nameless = { id: 'contact-1' };
  const whole = { id: 'contact-1', firstName: 'Ada' };
  const note = { id: 'n1', noteText: 'Hello' };

  it.each([
    [
      'are exported again after one has failed, and nothing that has failed is left',
      nameless,
      [
        'contact failed notDelivered',
        'note exported',
        'note failed notDelivered',
        'note failed notDelivered',
      ],
      4,
    ],
    [
      'are not asked for again where none has failed',
      whole,
      ['contact exported', 'note exported'],
      0,
    ],
  ])('in another attempt %s', async (_name, first, before, calls) => {
    let contact: Record<string, unknown> = first;
    let total = before.length - 1;
    let asked = 0;
    const counted = <T>(answer: () => T) => {
      asked += 1;
      return Promise.resolve(answer());
    };
    const { source } = fakeSource({
      contactRecord: () => counted(() => contact),
      notes: () => counted(() => ({ notes: [note], total, isWhole: true })),
      journeySessions: () => counted(() => []),
      campaignContacts: () => counted(() => []),
      retention: () => Promise.resolve({ days: 1, now: new Date('2026-11-25T12:00:00.000Z') }),
      submitAuditQuery: () => Promise.resolve('query'),
      auditQueryState: () => Promise.resolve('fulfilled'),
      auditQueryResults: () => Promise.resolve([]),
    });
    const { env, record, itemsOf: itemsOfPage } = requestEnvironment(source);
    const run = async () => {
      for (let waiting = 1; waiting > 0;) {
        const result = await createExportPerson(env)({ requestId: 'request' });
        waiting = result.kind === 'done' ? result.value.waiting : 0;
      }
      const items = itemsOfPage(0).map(outline);
      return items.filter((item) => !item.startsWith('auditQuery'));
    };
    const part = async () =>
      (await env.scratch.read('request', partManifestBlob(personPart), Buffer.alloc(32)))?.entries;
    expect(await run()).toStrictEqual(before);
    const written = await part();
    await env.items.put('request', 1, [failed(newItem(1, 'audio', 1, 'r1'), 'transferFailed')]);
    Object.assign(record, { pages: 1, conversations: 1 });
    contact = whole;
    total = 1;
    asked = 0;
    await createBeginExportAttempt(env)({ requestId: 'request' });
    expect(await run()).toStrictEqual(['contact exported', 'note exported']);
    expect(asked).toBe(calls);
    const names = (await part())?.map(({ name }) => name) ?? [];
    expect(names.filter((name) => /contact|notes/.test(name))).toStrictEqual([
      'data/contact.json',
      'data/notes.json',
    ]);
    if (calls === 0) expect(await part()).toStrictEqual(written);
  });
});
