import { analyticsView } from '../../local/genesys/analytics-view';
import { CallTally } from '../../local/genesys/call-tally';
import { generateOrganisation } from '../../local/genesys/generate';
import { leastCalls } from '../../local/genesys/least-calls';
import { GenesysSimulator } from '../../local/genesys/simulator';
import { createExportPage } from '../../src/activities/export-page';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { pageBlob } from '../../src/core/package/blob-names';
import { newItem } from '../../src/core/package/items';
import type { ExportSettings } from '../../src/ports';
import { requestEnvironment } from '../helpers/exports';
import { simulatorSource } from '../helpers/simulator-source';

/** Longer than any test: a recording that is not ready. */
const never = 1e12;
const count = 14;

const { organisation, subject } = generateOrganisation({
  // Its few conversations have something of every kind.
  seed: 2,
  conversations: count,
  conversationsOfOthers: 0,
  meanSeconds: 2,
  years: 1,
  now: new Date(),
});
/** As many as a page holds; the oldest cannot be found. */
const conversations = organisation.conversations
  .filter(({ ownerId }) => ownerId === subject.id)
  .slice(-count);

/** The person, as the source has them on file. */
const details = {
  contact: {
    id: subject.id,
    firstName: subject.firstName,
    lastName: subject.lastName,
    mergeSet: [subject.id],
    phones: subject.phones.map(({ e164 }) => ({ number: e164, receivesSms: true })),
    emails: subject.emails.map(({ address }) => address),
    handles: [],
    former: [],
    createdAt: null,
  },
  decision: null,
  timeZone: 'UTC',
  locale: 'en',
};

describe('the calls of single conversations', () => {
  let simulator: GenesysSimulator;
  let tally: CallTally;
  beforeEach(async () => {
    tally = new CallTally();
    simulator = await GenesysSimulator.start({
      organisation,
      settings: { callsPerMinute: 100_000 },
      onExchange: (exchange) => tally.note(exchange),
    });
  });
  afterEach(() => simulator.stop());

  /** A page of all conversations, and a pass over it in which the source takes so long to prepare. */
  async function page(settings: Partial<ExportSettings>) {
    const { env, itemsOf } = requestEnvironment(simulatorSource(simulator), settings);
    Object.assign(env, { ledger: { ...env.ledger, details: () => Promise.resolve(details) } });
    const entries = conversations.map((conversation, i) => ({
      number: i + 1,
      judgement: 'subject' as const,
      withheldAs: null,
      conversation: analyticsView(conversation, organisation) as unknown as SourceConversation,
    }));
    await env.scratch.write('request', pageBlob(1), Buffer.alloc(32), entries);
    const items = entries.map(({ number }) => newItem(number, 'conversation', 1, null));
    await env.items.put('request', 1, items);
    let pass = 0;
    const run = async (transcodeDuration: number): Promise<number> => {
      simulator.settings.transcodeDuration = transcodeDuration;
      pass += 1;
      const input = { requestId: 'request', page: 1, attempt: 1, pass, isLast: false };
      const result = await createExportPage(env)(input);
      return result.kind === 'done' ? result.value.waiting : NaN;
    };
    return { run, statuses: () => new Set(itemsOf(1).map(({ status }) => status)) };
  }

  it('are of all twelve kinds here', () => {
    expect(Object.keys(leastCalls(conversations, 'batch'))).toHaveLength(12);
  });

  it.each(['formatted', 'batch'] as const)(
    'are the least that the API allows: %s',
    async (recordingExporter) => {
      const { run, statuses } = await page({ recordingExporter });
      expect(await run(never)).toBeGreaterThan(0);
      expect(await run(0)).toBe(0);
      expect(statuses()).toEqual(new Set(['exported', 'absent']));
      expect(tally.ofConversations).toEqual(leastCalls(conversations, recordingExporter));
    },
  );
});
