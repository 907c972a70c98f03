import { wholePlan } from '../../src/core/redaction/spoken';
import fc from 'fast-check';
import {
  conversationIn,
  deepJson,
  exportEnvironment,
  fakeSource,
  itemsAfter,
  MemoryWriter,
  nestedMail,
  requestEnvironment,
  textSource,
} from '../helpers/exports';
import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import { exportDocuments } from '../../src/export/conversation';
import { createExportPage } from '../../src/activities/export-page';
import { createExportPerson } from '../../src/activities/export-person';
import { exportRecording } from '../../src/export/recordings';
import { exportEmails } from '../../src/export/emails';
import {
  exportMessages,
  exportSentiment,
  exportSummary,
  exportSurveys,
  exportTranscripts,
} from '../../src/export/texts';
import { createPlanPages } from '../../src/activities/plan-pages';
import { sanitiserFor } from '../../src/export/sanitiser';
import { createAdvanceSearches } from '../../src/activities/advance-searches';
import { newItem, type Item } from '../../src/core/package/items';
import type { RecordingListing, RequestedRecording, Source, SourceEmail } from '../../src/ports';

const words = 'Rosalinde Quittengelee';
const deep = JSON.parse(deepJson(words)) as never;
const outline = ({ kind, status, reason }: Item): string =>
  [kind, status, reason].filter(Boolean).join(' ');
const audio: RecordingListing = { recordingId: 'r1', media: 'audio', file: 'available' };
const email = (id: string, change: object = {}): SourceEmail => ({
  id,
  textBody: 'Hello',
  ...change,
});

async function* streamOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/** A source that has a transcript of one call. */
const transcribed = (bytes: Buffer): Source =>
  fakeSource({
    transcriptUrls: () => Promise.resolve([{ recordingId: 'r1', url: 'https://files.example/1' }]),
    download: () => streamOf(bytes),
  }).source;

describe('a transcript', () => {
  it.each<[string, string | Buffer, string]>([
    ['that is no JSON', `${words} has called`, 'notReadable'],
    ['that is empty', '', 'notReadable'],
    [
      'that is no UTF-8',
      Buffer.concat([Buffer.from(`"${words}`), Buffer.from('ff22', 'hex')]),
      'notReadable',
    ],
    ['of another form', JSON.stringify({ error: words }), 'notReadable'],
    [
      'whose words are no texts',
      JSON.stringify({ transcripts: [{ phrases: [{ text: [words] }] }] }),
      'notReadable',
    ],
    ['of too many levels', `{"transcripts":[{"phrases":[],"more":${deepJson(words)}}]}`, 'tooDeep'],
  ])('%s is a failed item, and nothing of it is written', async (_name, content, reason) => {
    const writer = new MemoryWriter();
    const from = textSource(transcribed(Buffer.from(content)), writer, {
      entry: conversationIn('voice'),
      recordings: [audio],
    });
    const items = await exportTranscripts(from);
    expect(items.map(outline)).toEqual([`transcript failed ${reason}`]);
    expect(items[0]?.sourceId).toBe('r1');
    expect(writer.entries.size).toBe(0);
    expect(from.documents).toEqual({});
    expect(from.sanitiser.redactions).toEqual({});
  });

  it('of any JSON is an item of some kind, and breaks nothing', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const content = Buffer.from(JSON.stringify({ transcripts: [{ phrases: value }] }));
        const entry = conversationIn('voice');
        const from = textSource(transcribed(content), new MemoryWriter(), {
          entry,
          recordings: [audio],
        });
        expect(await exportTranscripts(from)).toHaveLength(1);
      }),
    ));
});

describe('emails', () => {
  const exportOf = async (emails: unknown[]) => {
    const { source } = fakeSource({
      listEmails: () => Promise.resolve(emails.map((_, i) => String(i))),
      email: (_conversation, id) => Promise.resolve(emails[Number(id)] as SourceEmail),
    });
    const writer = new MemoryWriter();
    const from = textSource(source, writer, { entry: conversationIn('email') });
    const items = await exportEmails(from);
    return { writer, from, items: items.map(outline) };
  };

  it.each<[string, unknown, string]>([
    ['of too many levels', email('e2', { more: deep }), 'tooDeep'],
    ['that is no email', words, 'notReadable'],
    ['whose attachments are none', email('e2', { attachments: { name: words } }), 'notReadable'],
    ['whose attachment is none', email('e2', { attachments: [null] }), 'notReadable'],
    ['whose addressees are none', email('e2', { to: { email: words } }), 'notReadable'],
  ])('one %s is a failed item; the others are exported', async (_name, odd, reason) => {
    const { writer, from, items } = await exportOf([email('e1'), odd, email('e3')]);
    expect(items).toEqual(['email exported', `email failed ${reason}`, 'email exported']);
    expect([...writer.entries.keys()]).toEqual([
      'data/conversations/0001/email-1.eml',
      'data/conversations/0001/email-3.eml',
    ]);
    expect(JSON.stringify(from.documents) + writer.all).not.toMatch(/Rosalinde|Quittengelee/);
  });

  it.each([{ contentUri: 'no address' }, { contentUri: undefined }, { name: 'lost.pdf' }])(
    'with an attachment that has no address are exported, and the attachment is a failed item: %j',
    async (attachment) => {
      const lost = email('e1', { attachments: [attachment] });
      const { items } = await exportOf([lost, lost]);
      const each = ['email exported', 'attachment failed notDelivered'];
      expect(items).toEqual([...each, ...each]);
    },
  );

  it('of any JSON are items of some kind, and break nothing', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom(
            'id',
            'from',
            'to',
            'time',
            'attachments',
            'textBody',
            'htmlBody',
            'subject',
          ),
          fc.jsonValue(),
        ),
        async (value) => {
          const { items } = await exportOf([value]);
          expect(items.filter((item) => item.startsWith('email '))).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    ));
});

describe('messages', () => {
  const exportOf = async (messages: unknown[]) => {
    const ids = messages.map((_, i) => ({ messageId: `m${i + 1}` }));
    const { source, fetched } = fakeSource({ messages: () => Promise.resolve(messages as never) });
    const writer = new MemoryWriter();
    const details = { participants: [{ messages: [{ messages: ids }] }] };
    const from = textSource(source, writer, { details });
    const { items } = await exportMessages(from);
    return { writer, from, fetched, items: items.map(outline) };
  };
  const message = (id: string, content: unknown = []) => ({
    id,
    normalizedMessage: { text: 'Hello', content },
  });
  const file = [{ attachment: { id: 'a1', url: 'https://files.example/1' } }];

  it.each<[string, unknown, string]>([
    ['of too many levels', { ...message('m2'), more: deep }, 'tooDeep'],
    ['that is none', null, 'notReadable'],
    ['whose content is none', message('m2', { words }), 'notReadable'],
    ['with content that is none', message('m2', [null]), 'notReadable'],
  ])(
    'one %s makes the thread a failed item; the others are exported',
    async (_name, odd, reason) => {
      const { writer, from, fetched, items } = await exportOf([
        message('m1', file),
        odd,
        message('m3'),
      ]);
      expect(items).toEqual([`message failed ${reason}`, 'attachment exported']);
      expect(fetched).toEqual(['https://files.example/1']);
      expect(from.documents.messages).toHaveLength(2);
      expect(JSON.stringify(from.documents) + writer.all).not.toMatch(/Rosalinde|Quittengelee/);
    },
  );

  it.each([7, 'no address', { of: 'nothing' }])(
    'an attachment at %j is a failed item',
    async (url) => {
      const { items, fetched } = await exportOf([message('m1', [{ attachment: { id: 7, url } }])]);
      expect(items).toEqual(['message exported', 'attachment failed notDelivered']);
      expect(fetched).toEqual([]);
    },
  );

  it('of any JSON are items of some kind, and break nothing', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (odd, content) => {
        expect((await exportOf([odd, message('m2', content)])).items.length).toBeGreaterThan(0);
      }),
    ));
});

describe('a fault of the app while a document is masked', () => {
  it.each([
    ['a message', exportMessages],
    ['a survey', exportSurveys],
  ] as const)('is never taken for one of the document: %s', async (_name, exportIts) => {
    const { source } = fakeSource({
      messages: () => Promise.resolve([{ id: 'm1', normalizedMessage: { text: words } }]),
      surveys: () => Promise.resolve([{ id: 's1', answers: { freeText: words } }]),
    });
    const entry = conversationIn('message', {
      surveys: [{ surveyId: 's1', surveyStatus: 'Finished' }],
    });
    const from = textSource(source, new MemoryWriter(), {
      entry,
      details: { participants: [{ messages: [{ messages: [{ messageId: 'm1' }] }] }] },
    });
    const fault = new Error('A fault of the app.');
    jest.spyOn(from.sanitiser, 'documentInSteps').mockImplementation(() => {
      throw fault;
    });
    await expect(exportIts(from)).rejects.toBe(fault);
  });
});

describe('surveys, summaries and sentiment', () => {
  it('of too many levels, or none, are failed items', async () => {
    const { source } = fakeSource({
      surveys: () =>
        Promise.resolve([
          { id: 's1', answers: { npsScore: 9 } },
          { id: 's2', more: deep },
          null as never,
        ]),
      summary: () => Promise.resolve(deep),
      sentiment: () => Promise.resolve(deep),
    });
    const surveys = ['s1', 's2', 's3'].map((surveyId) => ({ surveyId, surveyStatus: 'Finished' }));
    const from = textSource(source, new MemoryWriter(), {
      entry: conversationIn('voice', { surveys }),
    });
    expect((await exportSurveys(from)).map(outline)).toEqual([
      'survey exported',
      'survey failed tooDeep',
      'survey failed notDelivered',
    ]);
    expect((await exportSummary(from)).map(outline)).toEqual(['summary failed tooDeep']);
    const transcripts: Item[] = [{ ...newItem(1, 'transcript', 1, 'r1'), status: 'exported' }];
    expect((await exportSentiment(from, transcripts)).map(outline)).toEqual([
      'sentiment failed tooDeep',
    ]);
    expect(from.documents).toEqual({ surveys: [{ id: 's1', answers: { npsScore: 9 } }] });
  });
});

describe('a recording', () => {
  const exportOf = async (
    kind: 'emailRecording' | 'chat' | 'messageRecording',
    answer: RequestedRecording,
    bytes: Buffer = Buffer.alloc(0),
  ) => {
    const { source } = fakeSource({
      requestRecording: () => Promise.resolve(answer),
      download: () => streamOf(bytes),
    });
    const env = exportEnvironment(source);
    const item = newItem(1, kind, 1, 'r1');
    const sanitiser = sanitiserFor(env, 'request');
    const writer = new MemoryWriter();
    const subject = { emails: [] };
    const asked = {
      item,
      conversationId: 'c1',
      sound: wholePlan,
      siblings: [item],
      sanitiser,
      subject,
    };
    const items = itemsAfter(item, await exportRecording(env, writer, asked));
    return { writer, items: items.map(outline), sanitiser };
  };
  const url = 'https://files.example/1';

  it.each([1_000, 20_000])(
    'of a mail with %d parts in one another is exported with all of them',
    async (parts) => {
      const mail = nestedMail(parts, words);
      const { writer, items } = await exportOf('emailRecording', { kind: 'file', url }, mail);
      expect(items).toEqual(['emailRecording exported']);
      const [written = ''] = [...writer.entries.values()].map(String);
      expect(written.replace('another.person@masked.invalid', 'a@b.example')).toBe(String(mail));
    },
  );

  it('of any bytes as a mail is exported or failed, and breaks nothing', () => {
    const line = fc.constantFrom(
      'From: a@b.example',
      'Subject: =?utf-8?B?////?=',
      'Content-Type: multipart/mixed; boundary="b"',
      '',
      '--b',
      '--b--',
      'Content-Type: text/plain; charset=none',
      'Content-Transfer-Encoding: base64',
      'Content-Type: message/rfc822',
      'Date: never',
      'My card: 4111 1111 1111 1111',
    );
    const mail = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes): Buffer => Buffer.from(bytes)),
      fc
        .array(line, { minLength: 2, maxLength: 30 })
        .map((lines) => Buffer.from(lines.join('\r\n'))),
    );
    return fc.assert(
      fc.asyncProperty(mail, async (bytes) => {
        const { items } = await exportOf('emailRecording', { kind: 'file', url }, bytes);
        expect(items).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, unknown, string]>([
    ['of too many levels', { messagingTranscript: [], more: deep }, 'tooDeep'],
    ['whose messages are none', { messagingTranscript: { words } }, 'notReadable'],
    ['with a message that is none', { messagingTranscript: [null] }, 'notReadable'],
    [
      'whose attachments are none',
      { messagingTranscript: [{ messageMediaAttachments: words.length }] },
      'notReadable',
    ],
  ])('of a thread %s is a failed item', async (_name, document, reason) => {
    const { writer, items } = await exportOf('messageRecording', {
      kind: 'document',
      document: document as never,
    });
    expect(items).toEqual([`messageRecording failed ${reason}`]);
    expect(writer.entries.size).toBe(0);
  });

  it('of any JSON as a thread is an item of some kind, and breaks nothing', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (messagingTranscript, more) => {
        const document = { messagingTranscript, more } as never;
        expect(
          (await exportOf('messageRecording', { kind: 'document', document })).items.length,
        ).toBeGreaterThan(0);
      }),
    ));
});

describe('a conversation', () => {
  const subject = { contactIds: ['contact-1'], phones: [], emails: [], handles: [], since: null };
  const exportOf = async (details: unknown) => {
    const { source } = fakeSource({
      conversation: () => Promise.resolve(details as never),
      listRecordings: () => Promise.resolve([]),
      summary: () => Promise.resolve({ summary: { text: 'A summary.' } }),
    });
    const env = exportEnvironment(source);
    const writer = new MemoryWriter();
    const sanitiser = sanitiserFor(env, 'request');
    const context = { timeZone: 'UTC', subject, sanitiser };
    const entry = conversationIn('voice');
    const result = await exportDocuments(
      env,
      writer,
      entry,
      newItem(1, 'conversation', 1, null),
      context,
    );
    return { writer, ...result };
  };

  it.each<[string, unknown, string]>([
    ['of too many levels', { more: deep }, 'tooDeep'],
    ['whose participants are none', { participants: words }, 'notReadable'],
    ['with a participant that is none', { participants: [null] }, 'notReadable'],
    ['that are a list', [words], 'notReadable'],
  ])(
    'with details %s is a failed item; all else of it is exported',
    async (_name, details, reason) => {
      const { writer, items, row } = await exportOf(details);
      expect(items.map(outline)).toEqual([`conversation failed ${reason}`, 'summary exported']);
      const document = JSON.parse(
        writer.text('data/conversations/0001/conversation.json'),
      ) as object;
      expect(document).toMatchObject({
        details: null,
        summary: { summary: { text: 'A summary.' } },
      });
      expect(row.row.conversationId).toBe('c1');
      expect(writer.all).not.toMatch(/Rosalinde|Quittengelee/);
    },
  );

  it('with details of any JSON is an item of some kind, and breaks nothing', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (participants) => {
        expect((await exportOf({ participants })).items).toHaveLength(2);
      }),
    ));
});

describe('what a search finds', () => {
  const found = (change: object) => ({
    ...conversationIn('voice').conversation,
    participants: [{ purpose: 'customer', externalContactId: 'contact-1' }],
    ...change,
  });
  const odd = [
    found({ conversationId: 'c2', more: deep }),
    found({ conversationId: 'c3', participants: words }),
    found({ conversationId: 'c4', conversationStart: words }),
    found({
      conversationId: 'c5',
      participants: [{ purpose: 'customer', sessions: [{ ani: 7 }] }],
    }),
  ];
  const search = async (conversations: object[]) => {
    const { source } = fakeSource({
      searchState: () => Promise.resolve('fulfilled'),
      searchResults: () => Promise.resolve({ conversations: conversations as never, cursor: null }),
      conversation: () => Promise.resolve(null),
      listRecordings: () => Promise.resolve([]),
      summary: () => Promise.resolve(null),
    });
    const request = requestEnvironment(source);
    const window = { from: '2026-01-01', to: '2026-02-01' };
    await request.env.searches.put('request', [
      {
        ...{ key: '0000', filter: 0, window, state: 'running', jobId: 'j', attempts: 1 },
        ...{ found: 0, parts: 0 },
      },
    ]);
    const advanced = await createAdvanceSearches(request.env)({ requestId: 'request', group: 1 });
    return { ...request, advanced };
  };

  it('and is too deep, or of no known form, is a failed item of the page; the others are exported', async () => {
    const { env, itemsOf, advanced, record } = await search([found({}), ...odd]);
    expect(advanced).toEqual({ kind: 'done', value: { waiting: 0 } });
    const planned = await createPlanPages(env)({ requestId: 'request' });
    expect(planned).toEqual({ kind: 'done', value: { conversations: 5, pages: 1 } });
    const failed = [
      'conversation failed tooDeep',
      'conversation failed notReadable',
      'conversation failed notReadable',
      'conversation failed notReadable',
    ];
    expect(itemsOf(1).map(outline)).toEqual(['conversation pending', ...failed]);
    const input = { requestId: 'request', page: 1, attempt: 1, pass: 1, isLast: false };
    expect(await createExportPage(env)(input)).toEqual({ kind: 'done', value: { waiting: 0 } });
    const isMain = ({ kind }: Item): boolean => kind === 'conversation';
    expect(itemsOf(1).filter(isMain).map(outline)).toEqual(['conversation exported', ...failed]);
    // Tried again, they fail again.
    Object.assign(record, { state: 'failed' });
    Object.assign(record, { state: 'exporting' });
    await createBeginExportAttempt(env)({ requestId: 'request' });
    expect(itemsOf(1).filter(isMain).map(outline)).toEqual(['conversation pending', ...failed]);
  });

  it.each([[null], [words], [found({ conversationId: 7 })]])(
    'and has no id ends the request by a code: %j',
    async (row) => {
      const { advanced } = await search([row as object]);
      expect(advanced).toEqual({ kind: 'failed', code: 'sourceAnswerUnexpected' });
    },
  );
});

describe('what is of the person', () => {
  const exportOf = async (answers: Partial<Source>) => {
    const { source } = fakeSource({
      contactRecord: () => Promise.resolve({ id: 'contact-1', firstName: 'Ada' }),
      notes: () => Promise.resolve({ notes: [], total: 0, isWhole: true }),
      journeySessions: () => Promise.resolve([]),
      campaignContacts: () => Promise.resolve([]),
      retention: () => Promise.resolve({ days: 1, now: new Date('2026-11-25T12:00:00.000Z') }),
      submitAuditQuery: () => Promise.resolve('q'),
      auditQueryState: () => Promise.resolve('fulfilled'),
      auditQueryResults: () => Promise.resolve([]),
      ...answers,
    });
    const { env, itemsOf } = requestEnvironment(source);
    const run = createExportPerson(env);
    for (let calls = 1; calls < 10; calls += 1) {
      const result = await run({ requestId: 'request' });
      if (result.kind === 'done' && result.value.waiting > 0) continue;
      expect(result).toEqual({ kind: 'done', value: { waiting: 0 } });
      break;
    }
    return itemsOf(0).map(outline);
  };

  it('is exported but for what is too deep, or no record, which are failed items', async () => {
    const items = await exportOf({
      notes: () =>
        Promise.resolve({
          notes: [{ id: 'n1', noteText: 'Hello' }, { id: 'n2', more: deep }, null as never],
          total: 4,
          isWhole: true,
        }),
      journeySessions: () => Promise.resolve([{ id: 'v1', more: deep } as never]),
      campaignContacts: () => Promise.resolve([{ id: 'd1', contactListId: 'l1' }]),
      campaignContact: () => Promise.resolve(words),
    });
    expect(items.filter((item) => !item.startsWith('auditQuery'))).toEqual([
      'contact exported',
      'note exported',
      'note failed tooDeep',
      'note failed notReadable',
      'note failed notDelivered',
      'journeySession failed tooDeep',
      'campaignContact failed notReadable',
    ]);
  });

  it('has its contact failed, and not missing besides, when that is too deep', async () => {
    const items = await exportOf({
      contactRecord: () => Promise.resolve({ id: 'contact-1', more: deep }),
    });
    expect(items.filter((item) => item.startsWith('contact'))).toEqual(['contact failed tooDeep']);
  });

  it('has a query of the audit trail failed of which an event is too deep', async () => {
    let asked = 0;
    const items = await exportOf({
      auditQueryResults: () => {
        asked += 1;
        return Promise.resolve(asked === 1 ? [{ id: 'e1' }, { id: 'e2', more: deep }] : []);
      },
    });
    const queries = items.filter((item) => item.startsWith('auditQuery'));
    expect(queries.filter((item) => item === 'auditQuery failed tooDeep')).toHaveLength(1);
    expect(queries.filter((item) => item === 'auditQuery exported')).toHaveLength(
      queries.length - 1,
    );
  });
});
