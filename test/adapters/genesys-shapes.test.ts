import { SourceError } from '../../src/core/errors';
import type { Source } from '../../src/ports';
import {
  answer,
  GenesysServer,
  loginAnswer,
  loginPath,
  outcomeOf,
} from '../helpers/genesys-server';

const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const window = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
const reference = { id, contactListId: id };
const contact = {
  id,
  firstName: 'Ada',
  lastName: 'Lovelace',
  cellPhone: { e164: '+4915112345678', acceptsSMS: true },
  workPhone: { e164: '+493012345678' },
  personalEmail: 'ada@example.org',
  twitterId: { id: '@ada' },
  lineId: { ids: [{ userId: 'U1' }] },
  whatsAppId: { phoneNumber: { e164: '+4915112345678' } },
  facebookId: { ids: [{ scopedId: 'F1' }] },
  instagramId: { ids: [{ scopedId: 'I1' }] },
  appleOpaqueIds: [{ value: 'A1' }],
  identifiers: [
    { type: 'Email', value: 'countess@example.org' },
    { type: 'Phone', value: '+4915112345679' },
  ],
  canonicalContact: { id },
  mergeSet: [{ id }],
  createDate: '2020-01-01T00:00:00.000Z',
};
const session = { mediaType: 'voice', callbackNumbers: ['+4930'], segments: [{ queueId: id }] };
const conversation = {
  conversationId: id,
  conversationStart: '2026-01-01T00:00:00.000Z',
  participants: [{ purpose: 'customer', attributes: { a: 'b' }, sessions: [session] }],
  surveys: [{ surveyId: id, surveyStatus: 'Finished' }],
  evaluations: [{ evaluationId: id }],
};
const recording = (format: 'mp3' | 'wav', media: 'audio' | 'messaging') => (source: Source) =>
  source.requestRecording(id, { recordingId: id, media }, format, 'apart');

/** Every call of the source with an answer that it takes. */
const calls: [name: string, body: unknown, call: (source: Source) => Promise<unknown>][] = [
  ['lookUpContact', contact, (s) => s.lookUpContact({ type: 'email', value: 'ada@example.org' })],
  ['mergedContact', contact, (s) => s.mergedContact(id)],
  ['contactRecord', contact, (s) => s.contactRecord(id)],
  ['mergedContactRecord', contact, (s) => s.mergedContactRecord(id)],
  [
    'searchContacts',
    { entities: [contact], pageCount: 1, total: 1, partialResults: false },
    (s) => s.searchContacts('Ada'),
  ],
  [
    'notes',
    { entities: [{ id, noteText: 'x' }], total: 1, pageCount: 1, partialResults: false },
    (s) => s.notes(id),
  ],
  ['journeySessions', { entities: [{ id }] }, (s) => s.journeySessions(id)],
  [
    'campaignContacts',
    { entities: [{ dialerContactId: reference }] },
    (s) => s.campaignContacts({ type: 'email', value: 'ada@example.org' }),
  ],
  [
    'dataSubjects',
    { entities: [{ phoneNumbers: ['+4915112345678'] }] },
    (s) => s.dataSubjects({ type: 'phone', value: '+4915112345678' }),
  ],
  ['campaignContact', { id, data: {} }, (s) => s.campaignContact(reference)],
  ['submitSearch', { jobId: id }, (s) => s.submitSearch(window, { type: 'or', predicates: [] })],
  ['searchState', { state: 'FULFILLED' }, (s) => s.searchState(id)],
  ['searchResults', { conversations: [conversation] }, (s) => s.searchResults(id, null)],
  ['indexedUntil', { dataAvailabilityDate: window.to }, (s) => s.indexedUntil()],
  ['retention', { retentionDays: 1825 }, (s) => s.retention()],
  [
    'conversation',
    {
      id,
      participants: [
        { purpose: 'agent', wrapup: { code: id }, messages: [{ messages: [{ messageId: id }] }] },
      ],
    },
    (s) => s.conversation(id),
  ],
  ['listEmails', { entities: [{ id }] }, (s) => s.listEmails(id)],
  [
    'email',
    {
      id,
      from: { email: 'a@b.cd' },
      to: [{ email: 'a@b.cd' }],
      cc: [],
      bcc: [],
      attachments: [{ name: 'x' }],
    },
    (s) => s.email(id, id),
  ],
  [
    'messages',
    { entities: [{ id, normalizedMessage: { content: [{ attachment: { id, url: 'x' } }] } }] },
    (s) => s.messages(id, [id]),
  ],
  ['surveys', [{ id }], (s) => s.surveys(id)],
  ['evaluations', { entities: [{ id }] }, (s) => s.evaluations(id)],
  ['secureAttributes', { attributes: { a: 'b' }, version: 1 }, (s) => s.secureAttributes(id)],
  ['sentiment', { sentimentScore: 1 }, (s) => s.sentiment(id)],
  ['summary', { summary: { text: 'x' } }, (s) => s.summary(id)],
  [
    'listRecordings',
    [{ id, media: 'audio', fileState: 'AVAILABLE', startTime: null, endTime: 'x' }],
    (s) => s.listRecordings(id),
  ],
  [
    'requestRecording of audio',
    { id, fileState: 'AVAILABLE', mediaUris: { 0: { mediaUri: 'x' }, 1: { mediaUri: 'y' } } },
    recording('mp3', 'audio'),
  ],
  [
    'recordingTimes',
    { fileState: 'AVAILABLE', startTime: '2026-01-01T00:00:00.000Z', endTime: null },
    (s) => s.recordingTimes(id, id, 'wav', 'merged'),
  ],
  [
    'requestRecording of messages',
    { id, messagingTranscript: [{ messageMediaAttachments: [{ id, url: 'x' }] }] },
    recording('wav', 'messaging'),
  ],
  ['heldConversations', [{ id }], (s) => s.heldConversations([id])],
  ['setDeletionHold', { failedUpdates: [] }, (s) => s.setDeletionHold([id])],
  ['requestBatch', { id }, (s) => s.requestBatch([{ conversationId: id, recordingId: id }])],
  [
    'batchResults',
    {
      status: 'Completed',
      results: [{ recordingId: id, resultUrl: 'x', contentType: 'audio/wav' }],
    },
    (s) => s.batchResults(id),
  ],
  ['organizationId', { id }, (s) => s.organizationId()],
  ['startBulkExport', { id }, (s) => s.startBulkExport(window, [id])],
  ['bulkExportState', { state: 'READY' }, (s) => s.bulkExportState(id)],
  [
    'bulkExportFailures',
    { entities: [{ recording: { id } }], pageCount: 1 },
    (s) => s.bulkExportFailures(id),
  ],
  ['transcriptUrls', { urls: [{ recording: { id }, url: 'x' }] }, (s) => s.transcriptUrls(id, id)],
  [
    'submitAuditQuery',
    { id },
    (s) => s.submitAuditQuery({ window, entityType: 'Contact', entityId: id }),
  ],
  ['auditQueryState', { state: 'Succeeded' }, (s) => s.auditQueryState(id)],
  ['auditQueryResults', { entities: [{ id }] }, (s) => s.auditQueryResults(id)],
];

/** What may stand where something else is expected. */
const others: unknown[] = [null, true, 7, 'text', [], {}, [null], [7], { id: 7 }, [[]]];

/** The value itself, and every value inside it, replaced by others one at a time. */
function* mutations(value: unknown): Generator<unknown> {
  yield* others;
  if (Array.isArray(value))
    for (const [i, item] of value.entries())
      for (const changed of mutations(item)) yield value.with(i, changed);
  else if (typeof value === 'object' && value !== null)
    for (const [field, inner] of Object.entries(value)) {
      const { [field]: _left, ...rest } = value as Record<string, unknown>;
      yield rest;
      for (const changed of mutations(inner)) yield { ...value, [field]: changed };
    }
}

describe('an answer of another shape', () => {
  let server: GenesysServer;
  let body: unknown;
  beforeEach(async () => {
    server = await GenesysServer.start((response, { path }) => {
      answer(response, path === loginPath ? loginAnswer : body);
    });
  });
  afterEach(() => server.stop());

  it.each(calls)(
    'is a SourceError of %s, or is taken; nothing else is thrown',
    async (name, whole, call) => {
      let refused = 0;
      for (body of mutations(whole)) {
        // What is no object is a broken transfer, and asked for again: another test.
        if (typeof body !== 'object' || body === null) continue;
        try {
          await call(server.source);
        } catch (error) {
          if (!(error instanceof SourceError))
            throw new Error(`${name} threw at ${JSON.stringify(body)}`, { cause: error });
          expect(error.outcome).toEqual({ kind: 'failed', code: 'sourceAnswerUnexpected' });
          refused += 1;
        }
      }
      expect(refused).toBeGreaterThan(0);
      body = whole;
      await call(server.source);
    },
  );

  it('is no address of a next page', async () => {
    body = { entities: [], nextUri: 'https://[' };
    expect(await outcomeOf(server.source.journeySessions(id))).toEqual({
      kind: 'failed',
      code: 'sourceAnswerUnexpected',
    });
  });
});
