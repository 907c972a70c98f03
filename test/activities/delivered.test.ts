import { createExportPerson } from '../../src/activities/export-person';
import type { Source } from '../../src/ports';
import { fakeSource, requestEnvironment } from '../helpers/exports';
import { outline, pageOf, itemsOf, type Conversation } from '../helpers/one-page';

const url = 'https://files.example/1';
const spoken = { transcripts: [{ phrases: [{ text: 'Hello' }] }] };

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
