import type { PersonRecords } from '../../src/core/package/person-records';
import type { PageConversation } from '../../src/core/package/page';
import { createExportPage } from '../../src/activities/export-page';
import { writePerson } from '../../src/activities/export-person';
import { countRedactions } from '../../src/core/redaction/redactions';
import { sanitiserFor } from '../../src/export/sanitiser';
import { SourceError } from '../../src/core/errors';
import type { ConversationDetails } from '../../src/core/genesys/conversation';
import { newItem, type Item } from '../../src/core/package/items';
import { partManifestBlob, pageBlob, partName } from '../../src/core/package/blob-names';
import type { PartManifest } from '../../src/ports';
import {
  conversationIn,
  exportEnvironment,
  fakeSource,
  maskEverything,
  MemoryWriter,
  requestEnvironment,
} from '../helpers/exports';

const card = '4111 1111 1111 1111';

describe('what was masked', () => {
  it('is counted once, however often a recording had to be tried', async () => {
    let tries = 0;
    const { source } = fakeSource({
      conversation: () => Promise.resolve(null),
      listRecordings: () =>
        Promise.resolve([{ recordingId: 'r1', media: 'messaging', file: 'available' }]),
      summary: () => Promise.resolve(null),
      requestRecording: () =>
        Promise.resolve({
          kind: 'document',
          document: {
            messagingTranscript: [
              {
                messageText: `my card is ${card}`,
                messageMediaAttachments: [{ id: 'a1', url: 'https://files.example/1' }],
              },
            ],
          },
        }),
      async *download() {
        tries += 1;
        yield await Promise.resolve(Buffer.from('photo'));
        if (tries === 1)
          throw new SourceError({
            kind: 'retryLater',
            afterSeconds: 1,
            reason: 'sourceUnavailable',
          });
      },
    });
    const { env, blobs, itemsOf } = requestEnvironment(source);
    const page: PageConversation[] = [conversationIn('voice')];
    await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), page);
    await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
    const run = (pass: number) =>
      createExportPage(env)({ requestId: 'request', page: 1, attempt: 1, pass, isLast: false });
    expect(await run(1)).toEqual({ kind: 'done', value: { waiting: 1 } });
    expect(await run(2)).toEqual({ kind: 'done', value: { waiting: 0 } });
    const redactionsOf = (pass: number) =>
      countRedactions(
        (JSON.parse(blobs.get(partManifestBlob(partName(1, 1, pass)).name) ?? '{}') as PartManifest)
          .redactions,
      );
    expect([redactionsOf(1), redactionsOf(2)]).toEqual([
      { otherPerson: 1 },
      { cardNumber: 1, 'notExamined:attachment': 1 },
    ]);
    const recorded = itemsOf(1).filter(({ kind }) => kind.startsWith('message'));
    expect(recorded.map(({ status }) => status)).toEqual(['exported']);
  });
});

describe('whoever is known from a conversation', () => {
  const agent = { id: 'p9', purpose: 'agent', userId: 'u9', name: 'Ann Agent' };
  /** Two conversations, of which the first has a recorded thread that names an agent whom its details tell. */
  const pageWith = async (answers: Parameters<typeof fakeSource>[0], items: Item[]) => {
    const { source } = fakeSource({
      conversation: () => Promise.resolve({ participants: [agent] } as ConversationDetails),
      listRecordings: () =>
        Promise.resolve([{ recordingId: 'r1', media: 'messaging', file: 'available' }]),
      summary: () => Promise.resolve(null),
      requestRecording: () =>
        Promise.resolve({
          kind: 'document',
          document: { messagingTranscript: [{ messageText: 'I spoke with Ann Agent' }] },
        }),
      ...answers,
    });
    const { env, itemsOf } = requestEnvironment(source);
    const writer = new MemoryWriter();
    const packageWriter = {
      startPart: () => Object.assign(writer, { finish: () => Promise.resolve({ entries: [] }) }),
    };
    const first = conversationIn('voice');
    const second = conversationIn('voice', { conversationId: 'c2' });
    const page: PageConversation[] = [first, { ...second, number: 2 }];
    await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), page);
    await env.items.put('request', 1, items);
    const exportPage = createExportPage({ ...env, packageWriter } as unknown as typeof env);
    const run = (pass: number) =>
      exportPage({ requestId: 'request', page: 1, attempt: 1, pass, isLast: false });
    return { run, writer, itemsOf };
  };
  const conversations = [1, 2].map((number) => newItem(number, 'conversation', 1, null));

  it('is masked in later passes, too, where the source broke off the first one', async () => {
    let isBroken = true;
    const broken = { kind: 'retryLater', afterSeconds: 1, reason: 'sourceUnavailable' } as const;
    const { run, writer } = await pageWith(
      {
        conversation: (id) =>
          id === 'c2' && isBroken
            ? Promise.reject(new SourceError(broken))
            : Promise.resolve({ participants: [agent] } as ConversationDetails),
      },
      conversations,
    );
    await run(1);
    expect([...writer.entries.keys()]).toContain('data/conversations/0001/conversation.json');
    isBroken = false;
    await run(2);
    const thread = writer.text('data/conversations/0001/recorded-messages-1.json');
    expect(thread).toContain('I spoke with agent-');
    expect(writer.all).not.toContain('Ann Agent');
  });

  it('is collected again on a page that an earlier version of the app has begun', async () => {
    const done = conversations.map((item) => ({ ...item, status: 'exported' as const }));
    const { run, writer } = await pageWith({}, [...done, newItem(1, 'messageRecording', 1, 'r1')]);
    await run(1);
    expect(writer.text('data/conversations/0001/recorded-messages-1.json')).toContain(
      'I spoke with agent-',
    );
  });
});

describe('what is of the person', () => {
  const listing = (found: Record<string, unknown>[]) => ({
    found,
    problems: [],
    expected: found.length,
    isWhole: true,
  });
  const event = (id: string) => ({ id, eventDate: '2026-01-01', action: `set to ${card}` });
  const audits = [
    { results: [event(card), event('4111-1111-1111-1111')] },
    { results: [event(card)] },
  ].map(({ results }) => ({
    window: { from: '2026-01-01', to: '2026-02-01' },
    entityType: 'Contact' as const,
    entityId: 'c1',
    state: 'done' as const,
    queryId: 'q',
    attempts: 1,
    problem: null,
    results,
  }));
  const collected: PersonRecords = {
    contacts: { ...listing([{ id: card }]), merged: 0 },
    notes: listing([{ id: 'n1', noteText: `card ${card}` }]),
    journeySessions: listing([
      {
        id: 'v1',
        searchTerms: [card],
        lastPage: { url: 'https://shop.example/pay?card=4111+1111+1111+1111&step=2' },
      },
    ]),
    campaignContacts: listing([{ id: 'd1', data: { note: card } }]),
    audits,
  };
  const write = async (
    policy = exportEnvironment(fakeSource({}).source).settings.export.policy,
  ) => {
    const env = exportEnvironment(fakeSource({}).source, { policy });
    const masks = { records: sanitiserFor(env, 'request'), audits: sanitiserFor(env, 'request') };
    const writer = new MemoryWriter();
    return { writer, masks, ...(await writePerson(writer, collected, masks)) };
  };

  it('keeps its ids, and every event of the audit trail once, whatever is masked', async () => {
    const { writer, items } = await write(maskEverything);
    const trail = JSON.parse(writer.text('data/audit-trail.json')) as unknown[];
    expect(trail).toHaveLength(2);
    expect(items.map(({ sourceId }) => sourceId)).toEqual([card, 'n1', 'v1', 'd1', null, null]);
  });

  it('is masked in every file, and what the viewer shows of it, too', async () => {
    const { writer, view, masks } = await write();
    expect(writer.all).not.toContain(card);
    expect(JSON.stringify(view)).not.toContain(card);
    expect(view.visits[0]?.searchTerms).toBe('[card number removed]');
    expect(view.visits[0]?.page).toBe('https://shop.example/pay?card=[card number removed]&step=2');
    expect(writer.all).not.toContain('4111+1111');
    expect(Object.keys(masks.records.redactions['cardNumber'] ?? {})).toContain(
      'data/website-visits.json#[].lastPage.url',
    );
    expect(countRedactions(masks.audits.redactions)).toEqual({ cardNumber: 3 });
  });
});
