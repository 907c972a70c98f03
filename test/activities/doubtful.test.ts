import { createBeginExportAttempt } from '../../src/activities/begin-export-attempt';
import { createFindDoubtful } from '../../src/activities/find-doubtful';
import { createExportPage } from '../../src/activities/export-page';
import { createPlanPages, plannedItem } from '../../src/activities/plan-pages';
import {
  allScratch,
  doubtfulIndexBlob,
  pageBlob,
  partManifestBlob,
  partName,
  searchBlob,
} from '../../src/core/package/blob-names';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { exported, withheld, type Item } from '../../src/core/package/items';
import { withAnswers, type DecisionChange } from '../../src/core/subject/decision';
import type { DecisionPolicy } from '../../src/core/subject/unanswered';
import { identifierKey } from '../../src/core/subject/spellings';
import { DoubtfulConversations, type DoubtfulSlice } from '../../src/services/doubtful';
import { conversationIn, fakeSource, requestEnvironment } from '../helpers/exports';

const requestId = 'request';
const key = Buffer.alloc(32);
const owner = { record: { requestId }, keys: { dataKey: key } };
const number = '+4915112345678';
const shared = 'team@mail.example';
const keyOf = {
  phone: identifierKey({ type: 'phone', value: number }),
  email: identifierKey({ type: 'email', value: shared }),
};

/** A conversation on a day of January 2026, by an address and with a contact, or without. */
const conversation = (
  day: number,
  address: string,
  contactId: string | null = null,
  year = 2026,
): SourceConversation => ({
  conversationId: `${year}-${String(day).padStart(4, '0')}`,
  conversationStart: new Date(Date.UTC(year, 0, day)).toISOString(),
  originatingDirection: 'inbound',
  participants: [
    {
      purpose: 'customer',
      ...(contactId === null ? {} : { externalContactId: contactId }),
      sessions: [{ mediaType: 'voice', ani: address.includes('@') ? address : `tel:${address}` }],
    },
  ],
});
const [own, ofOther, ofOthers, before, byShared] = [
  conversation(1, number),
  conversation(2, number, 'other'),
  conversation(3, number, 'another'),
  conversation(4, number, null, 2019),
  conversation(5, shared),
];

/** A request whose searches have found these conversations; a blob for each list. */
async function foundRequest(...parts: SourceConversation[][]) {
  const request = requestEnvironment(fakeSource({}).source);
  const { env, record } = request;
  const details = await env.ledger.details(record as never);
  Object.assign(details.contact ?? {}, {
    phones: [{ number, receivesSms: true }],
    createdAt: '2020-01-01T00:00:00.000Z',
    undecided: [{ type: 'email', value: shared }],
  });
  Object.assign(record, {
    receivedAt: '2026-11-20T12:00:00.000Z',
    verificationRequestedAt: null,
    verifiedAt: null,
    extendedAt: null,
  });
  for (const [i, found] of parts.entries())
    await env.scratch.write(requestId, searchBlob('0000', i + 1), key, found);
  const window = { from: '2019-01-01', to: '2026-02-01' };
  await env.searches.put(requestId, [
    {
      ...{ key: '0000', filter: 0, window, state: 'done', jobId: null, attempts: 1 },
      ...{ found: parts.flat().length, parts: parts.length },
    },
  ]);
  const policyOf = env.settings as { decisions: DecisionPolicy };
  return {
    ...request,
    details,
    /** Decides as the API does. */
    decide: (change: DecisionChange, of: 'subject' | 'conversations' = 'conversations'): void => {
      const version = Number(record['decisionVersion']) + 1;
      details.decision = withAnswers(details.decision, change, version, '2026-11-25T12:00:00Z');
      Object.assign(record, {
        decisionVersion: version,
        ...(of === 'subject' ? { subjectVersion: version } : {}),
      });
    },
    follow: (policy: Partial<DecisionPolicy>): void => {
      policyOf.decisions = { ...policyOf.decisions, ...policy };
    },
    find: () => createFindDoubtful(env)({ requestId }),
    plan: () => createPlanPages(env)({ requestId }),
    begin: (call: string) => createBeginExportAttempt(env)({ requestId, call }),
    doubtful: () => DoubtfulConversations.of(env, owner),
  };
}

const all = () => foundRequest([own, ofOther, ofOthers], [before, byShared, own]);
const outline = ({ kind, status, reason }: Item): string => `${kind} ${reason ?? status}`;
const exportsOf = (request: Awaited<ReturnType<typeof all>>): string[] =>
  request.itemsOf(1).map(outline);

describe('the doubtful conversations of a request', () => {
  it('are listed in the order of time, each once, with what an officer needs', async () => {
    const request = await all();
    expect(await request.find()).toEqual({
      kind: 'done',
      value: {
        undecided: 4,
        isCurrent: true,
        decisionVersion: 0,
        remindAt: '2026-12-15T00:00:00.000Z',
        releaseAt: null,
      },
    });
    const doubtful = await request.doubtful();
    const slice = await doubtful?.slice(null, {}, { cursor: null, limit: 50 });
    expect(slice).toMatchObject({ total: 4, next: null });
    const told = slice?.conversations.map((one) => [one.conversationId, one.doubt]);
    expect(told).toEqual([
      ['2019-0004', 'beforeContact'],
      ['2026-0002', 'otherContact'],
      ['2026-0003', 'otherContact'],
      ['2026-0005', 'sharedIdentifier'],
    ]);
    expect(slice?.conversations[1]).toEqual({
      conversationId: '2026-0002',
      startedAt: '2026-01-02T00:00:00.000Z',
      channels: ['voice'],
      direction: 'inbound',
      queues: [],
      doubt: 'otherContact',
      tiedBy: [keyOf.phone],
      otherContacts: ['other'],
      verdict: null,
    });
    expect(doubtful?.summary(null)).toMatchObject({ total: 4, undecided: 4 });
  });

  it('are known by their ids and by the contacts that they carry', async () => {
    const request = await all();
    expect(await request.doubtful()).toBeNull();
    await request.find();
    const doubtful = await request.doubtful();
    expect(doubtful?.hasConversation('2026-0002')).toBe(true);
    expect(doubtful?.hasConversation('2026-0001')).toBe(false);
    expect(doubtful?.hasContact('other')).toBe(true);
    expect(doubtful?.hasContact('contact-1')).toBe(false);
  });

  it('are read in slices over the pages of the store, by what is decided', async () => {
    const many = Array.from({ length: 450 }, (_, i) => conversation(i + 1, number, 'other'));
    const request = await foundRequest(many.slice(300), many.slice(0, 300));
    await request.find();
    request.decide({ conversations: [{ conversationId: '2026-0199', verdict: 'include' }] });
    const { decision } = request.details;
    const doubtful = await request.doubtful();
    const ids: string[] = [];
    for (let cursor: string | null | undefined = null; cursor !== undefined;) {
      const slice: DoubtfulSlice | undefined = await doubtful?.slice(
        decision,
        { verdict: 'undecided' },
        { cursor, limit: 200 },
      );
      expect(slice?.total).toBe(449);
      ids.push(...(slice?.conversations ?? []).map(({ conversationId }) => conversationId));
      cursor = slice?.next ?? undefined;
    }
    const expected = many.map(({ conversationId }) => conversationId);
    expect(ids).toEqual(expected.filter((id) => id !== '2026-0199'));
    await expect(doubtful?.slice(decision, {}, { cursor: 'x', limit: 1 })).rejects.toThrow(
      RangeError,
    );
    expect(await doubtful?.slice(decision, {}, { cursor: '9999', limit: 1 })).toMatchObject({
      conversations: [],
      next: null,
    });
  });

  it('are judged once: what is decided later is counted without another look at them', async () => {
    const request = await all();
    await request.find();
    await request.env.scratch.deleteAll(requestId, { prefix: 'search-' });
    request.decide({ contacts: [{ contactId: 'other', verdict: 'withhold' }] });
    expect(await request.find()).toMatchObject({ value: { undecided: 3, decisionVersion: 1 } });
    expect(request.record).toMatchObject({ resolvedDecisionVersion: 1, unanswered: null });
  });

  it('are none where none is', async () => {
    const request = await foundRequest([own]);
    expect(await request.find()).toMatchObject({ value: { undecided: 0 } });
    expect((await request.doubtful())?.summary(null).total).toBe(0);
  });

  it('are not looked at once another person is meant', async () => {
    const request = await all();
    request.decide({ contactIds: ['other'] }, 'subject');
    expect(await request.find()).toMatchObject({ value: { undecided: 0, isCurrent: false } });
    expect(await request.doubtful()).toBeNull();
  });

  it.each<[string, Partial<DecisionPolicy>, DecisionChange, number, string | null, string | null]>([
    ['while they are waited for', {}, {}, 4, null, null],
    ['by policy', { doubtful: 'withhold' }, {}, 0, 'byPolicy', null],
    ['by an officer', {}, { undecided: 'withhold' }, 0, 'notDecided', null],
    ['before the deadline', { atDeadline: 'release' }, {}, 4, null, '2026-12-15T00:00:00.000Z'],
    [
      'because of the deadline',
      { atDeadline: 'release', warningDays: 30 },
      {},
      0,
      'notDecidedInTime',
      '2026-11-22T00:00:00.000Z',
    ],
  ])(
    'are asked about or gone on without, %s',
    async (_name, policy, change, undecided, unanswered, releaseAt) => {
      const request = await all();
      request.follow(policy);
      request.decide(change);
      expect(await request.find()).toMatchObject({ value: { undecided, releaseAt } });
      expect(request.record).toMatchObject({ unanswered });
    },
  );

  it('remind of the deadline once', async () => {
    const request = await all();
    request.follow({ warningDays: 30 });
    expect(await request.find()).toMatchObject({ value: { remindAt: null, undecided: 4 } });
  });
});

describe('the pages of a request', () => {
  const waiting = 'conversation pending';
  const answers: DecisionChange = {
    contacts: [{ contactId: 'other', verdict: 'include' }],
    identifiers: [{ key: keyOf.email, verdict: 'withhold' }],
    conversations: [
      { conversationId: '2026-0003', verdict: 'withhold' },
      { conversationId: '2019-0004', verdict: 'include' },
    ],
  };

  it.each<[string, Partial<DecisionPolicy>, DecisionChange, string[], number]>([
    [
      'by the verdict on each',
      {},
      answers,
      [waiting, 'conversation otherContact', waiting, 'conversation sharedIdentifier'],
      0,
    ],
    [
      'as policy says where nobody was asked',
      { doubtful: 'withhold' },
      { contacts: [{ contactId: 'another', verdict: 'withhold' }] },
      ['otherContact', 'otherContact', 'beforeContact', 'sharedIdentifier'].map(
        (reason) => `conversation ${reason}`,
      ),
      3,
    ],
    [
      'as not decided where an officer goes on without',
      {},
      { undecided: 'withhold', contacts: [{ contactId: 'other', verdict: 'withhold' }] },
      ['conversation otherContact', ...Array<string>(3).fill('conversation notDecided')],
      0,
    ],
    [
      'as not decided in time where the deadline is near',
      { atDeadline: 'release', warningDays: 30 },
      { contacts: [{ contactId: 'other', verdict: 'include' }] },
      [waiting, ...Array<string>(3).fill('conversation notDecidedInTime')],
      0,
    ],
  ])('hold doubtful conversations %s', async (_name, policy, change, expected, byPolicy) => {
    const request = await all();
    request.follow(policy);
    request.decide(change);
    await request.find();
    expect(await request.plan()).toEqual({
      kind: 'done',
      value: { conversations: 5, pages: 1 },
    });
    expect(exportsOf(request)).toEqual([waiting, ...expected]);
    expect(request.record).toMatchObject({ withheldByPolicy: byPolicy });
  });

  it('hold a conversation that is withheld for the rights of others, until that is taken back', async () => {
    const request = await foundRequest([own]);
    const kinds: never[] = [];
    request.decide({ rightsOfOthers: { kinds, conversations: ['2026-0001'] } });
    await request.find();
    await request.plan();
    expect(exportsOf(request)).toEqual(['conversation rightsOfOthers']);
    request.decide({ rightsOfOthers: { kinds, conversations: [] } });
    await request.begin('second');
    await request.find();
    await request.plan();
    expect(exportsOf(request)).toEqual([waiting]);
  });

  it('hold nothing doubtful that an orchestration has not asked about', async () => {
    const request = await all();
    await request.plan();
    expect(exportsOf(request).slice(1)).toEqual(Array<string>(4).fill('conversation notDecided'));
  });

  /** A request with two pages, of which everything that is exported is exported. */
  async function exportedRequest(first: DecisionChange) {
    const request = await foundRequest(
      Array.from({ length: 5 }, (_, i) => conversation(i + 10, number)),
      [ofOther, ofOthers, conversation(20, number)],
    );
    request.decide(first);
    await request.begin('1');
    await request.find();
    await request.plan();
    const { env } = request;
    for (const page of [1, 2]) {
      const done = request
        .itemsOf(page)
        .map((item) =>
          item.status === 'pending' ? exported(item, { name: 'n', size: 1, sha256: 'h' }) : item,
        );
      await env.items.put(requestId, page, done);
      const blob = partManifestBlob(partName(page, 1, 1));
      const manifest = { bytes: 1, blockIds: [], entries: [], rows: [], redactions: {} };
      await env.scratch.write(requestId, blob, key, {
        ...manifest,
        part: partName(page, 1, 1),
        items: done,
      });
    }
    return request;
  }
  const partsOf = async ({ blobs }: Awaited<ReturnType<typeof all>>): Promise<string[]> =>
    Promise.resolve([...blobs.keys()].filter((name) => name.startsWith('part-p')));
  const first: DecisionChange = {
    contacts: [
      { contactId: 'other', verdict: 'withhold' },
      { contactId: 'another', verdict: 'include' },
    ],
  };

  it('are exported again where another verdict changes something, and only there', async () => {
    const request = await exportedRequest(first);
    request.decide({ conversations: [{ conversationId: '2026-0002', verdict: 'include' }] });
    await request.begin('2');
    expect(await request.find()).toMatchObject({ value: { undecided: 0, isCurrent: true } });
    expect(await request.plan()).toMatchObject({ value: { conversations: 8, pages: 2 } });
    expect(request.itemsOf(1).map(outline)).toEqual(Array(5).fill('conversation exported'));
    expect(request.itemsOf(2).map(outline)).toEqual(Array(3).fill(waiting));
    expect(await partsOf(request)).toEqual([partManifestBlob(partName(1, 1, 1)).name]);
    expect(request.record).toMatchObject({
      planned: { attempt: 3, decisionVersion: 2, unanswered: null },
    });
    // Nothing was searched for again.
    expect(await request.env.searches.list(requestId)).toHaveLength(1);
    expect(await request.env.scratch.read(requestId, doubtfulIndexBlob, key)).not.toBeNull();
  });

  it('leave out what was included before, the other way round', async () => {
    const request = await exportedRequest(first);
    request.decide({ contacts: [{ contactId: 'another', verdict: 'withhold' }] });
    await request.begin('2');
    await request.find();
    await request.plan();
    expect(request.itemsOf(2).map(outline)).toEqual([
      'conversation otherContact',
      'conversation otherContact',
      waiting,
    ]);
  });

  it('are planned once an attempt: a run that comes late changes nothing', async () => {
    const request = await exportedRequest(first);
    request.decide({ conversations: [{ conversationId: '2026-0002', verdict: 'include' }] });
    expect(await request.plan()).toMatchObject({ value: { conversations: 8, pages: 2 } });
    expect(request.itemsOf(2).map(outline)).toContain('conversation exported');
    expect(await partsOf(request)).toHaveLength(2);
  });

  it('have no part of an attempt that another one has overtaken while it was written', async () => {
    const { source } = fakeSource({
      conversation: () => {
        Object.assign(record, { exportAttempts: 2 });
        return Promise.resolve(null);
      },
      listRecordings: () => Promise.resolve([]),
      summary: () => Promise.resolve(null),
    });
    const { env, record, blobs, itemsOf } = requestEnvironment(source);
    const entry = conversationIn('voice');
    await env.scratch.write(requestId, pageBlob(1), key, [entry]);
    await env.items.put(requestId, 1, [plannedItem(entry)]);
    const pass = { requestId, page: 1, attempt: 1, pass: 1, isLast: false };
    expect(await createExportPage(env)(pass)).toEqual({ kind: 'failed', code: 'requestClosed' });
    expect([...blobs.keys()].filter((name) => name.startsWith('part-'))).toEqual([]);
    expect(itemsOf(1).map(outline)).toEqual([waiting]);
  });

  it('keep their verdicts when what has failed is tried again, and what was accepted', async () => {
    const request = await exportedRequest(first);
    const audio = (change: Partial<Item>): Item => ({
      ...(request.itemsOf(2)[2] as Item),
      ...{ kind: 'audio', sourceId: null, entry: null, size: null, sha256: null },
      ...change,
    });
    await request.env.items.put(requestId, 2, [
      audio({ ordinal: 1, status: 'failed', reason: 'notListed' }),
      withheld(audio({ ordinal: 2 }), 'voicesInOneChannel'),
    ]);
    await request.begin('2');
    await request.find();
    await request.plan();
    expect(request.itemsOf(2).map(outline)).toEqual([
      'conversation otherContact',
      waiting,
      waiting,
    ]);
    Object.assign(request.record, { acceptedFailures: 5 });
    await request.begin('3');
    await request.find();
    await request.plan();
    expect(request.itemsOf(2).map(outline)).toContain('conversation otherContact');
  });

  it('are searched for again when another person is meant, and nothing doubtful is left', async () => {
    const request = await exportedRequest(first);
    request.decide({ identifiers: [{ key: keyOf.email, verdict: 'include' }] }, 'subject');
    Object.assign(request.details, { contactMatches: null });
    await request.begin('2');
    expect(await request.env.scratch.list(requestId, allScratch)).toEqual([]);
    expect(await request.env.searches.list(requestId)).toEqual([]);
    expect(request.record).toMatchObject({
      planned: null,
      pages: null,
      exportedDecisionVersion: 2,
    });
  });
});
