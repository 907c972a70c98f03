import { createExportPage } from '../../src/activities/export-page';
import { pageBlob } from '../../src/core/package/blob-names';
import { newItem, type Item } from '../../src/core/package/items';
import type { PageConversation } from '../../src/core/package/page';
import type { ExportSettings, Source } from '../../src/ports';
import { conversationIn, fakeSource, MemoryWriter, requestEnvironment } from '../helpers/exports';

/** Data that a company exports where it has chosen to: secure attributes, and evaluations of agents. */

const agent = { id: '11111111-2222-4333-8444-555555555555', name: 'Ada Brandt' };
const evaluation = {
  id: 'e1',
  agent,
  answers: { comments: 'Ada Brandt was patient with the customer.', totalScore: 90 },
};
const outline = ({ kind, status, reason }: Item): string =>
  [kind, status, reason].filter(Boolean).join(' ');

async function run(
  settings: Partial<ExportSettings>,
  answers: Partial<Source> = {},
  evaluations: PageConversation['conversation']['evaluations'] = [
    { evaluationId: 'e1' },
    { evaluationId: 'e0', deleted: true },
  ],
) {
  const asked: string[] = [];
  const { source } = fakeSource({
    conversation: () => Promise.resolve(null),
    listRecordings: () => Promise.resolve([]),
    secureAttributes: (id) => {
      asked.push(`secureAttributes ${id}`);
      return Promise.resolve({ card: '4111 1111 1111 1111', customerNumber: 'K-4711' });
    },
    evaluations: (id) => {
      asked.push(`evaluations ${id}`);
      return Promise.resolve([evaluation]);
    },
    ...answers,
  });
  const chosen = { summaries: false, sentiment: false, ...settings };
  const { env: all, itemsOf } = requestEnvironment(source, chosen);
  const writer = new MemoryWriter();
  const finish = () => Promise.resolve({ entries: [], blocks: [], size: writer.entries.size });
  const packageWriter = { startPart: () => Object.assign(writer, { finish }) };
  const env = { ...all, packageWriter } as unknown as typeof all;
  const entry: PageConversation = conversationIn('callback', { evaluations });
  await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), [entry]);
  await env.items.put('request', 1, [newItem(1, 'conversation', 1, null)]);
  const input = { requestId: 'request', page: 1, attempt: 1, pass: 1, isLast: false };
  expect(await createExportPage(env)(input)).toMatchObject({ kind: 'done' });
  const document = JSON.parse(writer.text('data/conversations/0001/conversation.json')) as Record<
    string,
    unknown
  >;
  return { items: itemsOf(1).map(outline), document, written: writer.all, asked };
}

describe('secure attributes and evaluations', () => {
  it('are neither asked for nor written unless the company has chosen so', async () => {
    const { items, document, asked } = await run({});
    expect(items).toEqual(['conversation exported']);
    expect(asked).toEqual([]);
    expect(document).not.toHaveProperty('secureAttributes');
    expect(document).not.toHaveProperty('evaluations');
  });

  it('are written masked where it has', async () => {
    const { items, document, written } = await run({ secureAttributes: true, evaluations: true });
    expect(items).toEqual([
      'conversation exported',
      'secureAttributes exported',
      'evaluation exported',
    ]);
    expect(document['secureAttributes']).toEqual({
      card: expect.not.stringContaining('4111') as string,
      customerNumber: 'K-4711',
    });
    expect(document['evaluations']).toMatchObject([{ answers: { totalScore: 90 } }]);
    // Staff is masked in what is said of it, too.
    expect(written).not.toMatch(/Ada|Brandt/);
    expect(written).toContain('was patient with the customer.');
  });

  it.each([[null], [{}]])(
    'are absent where the source has no secure attributes: %j',
    async (none) => {
      const { items } = await run(
        { secureAttributes: true },
        { secureAttributes: () => Promise.resolve(none) },
      );
      expect(items).toEqual([
        'conversation exported',
        'secureAttributes absent noSecureAttributes',
      ]);
    },
  );

  it('have failed where analytics names an evaluation that is not delivered', async () => {
    const { items, document } = await run(
      { evaluations: true },
      { evaluations: () => Promise.resolve([]) },
    );
    expect(items).toEqual(['conversation exported', 'evaluation failed notDelivered']);
    expect(document).not.toHaveProperty('evaluations');
  });

  it('are not asked for where analytics names no evaluation', async () => {
    const { items, asked } = await run({ evaluations: true }, {}, []);
    expect([items, asked]).toEqual([['conversation exported'], []]);
  });
});

describe('sentiment', () => {
  const phrase = { participantPurpose: 'external', text: 'Where is my order?' };
  const topics = [{ name: 'Order' }];
  const transcript = {
    transcripts: [{ phrases: [phrase], analytics: { sentiment: [{ sentiment: 0.1234 }], topics } }],
  };
  const measured: Partial<Source> = {
    listRecordings: () =>
      Promise.resolve([{ recordingId: 'r1', media: 'audio', file: 'available' }]),
    requestRecording: () => Promise.resolve({ kind: 'preparing' }),
    transcriptUrls: () => Promise.resolve([{ recordingId: 'r1', url: 'https://files.example/1' }]),
    async *download() {
      yield await Promise.resolve(Buffer.from(JSON.stringify(transcript)));
    },
    sentiment: () => Promise.resolve({ sentimentScore: 0.4321 }),
  };

  it('is not written, nor left in a transcript, unless the company has chosen so', async () => {
    const { items, document, written } = await run({ sentiment: false }, measured);
    expect(items).toContain('transcript exported');
    expect(items.join()).not.toContain('sentiment');
    expect(document['transcripts']).toStrictEqual([
      {
        recordingId: 'r1',
        transcript: { transcripts: [{ phrases: [phrase], analytics: { topics } }] },
      },
    ]);
    expect(written).not.toMatch(/sentiment|0\.\d{4}/i);
  });

  it('is written where it has, with the transcript as it was measured', async () => {
    const { items, document } = await run({ sentiment: true }, measured);
    expect(items).toContain('sentiment exported');
    expect(document['sentiment']).toStrictEqual({ sentimentScore: 0.4321 });
    expect(document['transcripts']).toStrictEqual([{ recordingId: 'r1', transcript }]);
  });
});
