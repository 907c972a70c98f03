import type { z } from 'zod';
import { requestsResponse, searchResponse, summaryResponse } from '../../src/core/api/responses';
import { emptyCounts } from '../../src/core/package/items';
import { endedToken, placeToken } from '../../src/core/request/request-list';
import { deleteRows } from '../helpers/fulfilled';
import { HttpApp, read, type Answer } from '../helpers/http-app';
import {
  doubtfulConversation,
  newPerson,
  TestRequest,
  ticketOf,
  type Arrangement,
} from '../helpers/http-requests';
import { justification, officerCalls } from '../helpers/officer-actions';

type List = z.output<typeof requestsResponse>;

let app: HttpApp;
beforeAll(async () => {
  app = await HttpApp.start({ HAND_OVER_BY: 'twoOfficers' });
}, 60_000);
// A list has every request that is stored.
afterEach(async () => {
  for (const table of ['requests', 'requestIndex'])
    await deleteRows(app.storage.connectionString, table);
});
afterAll(() => app.stop());
const { act, get } = officerCalls(() => app);

const listed = async (query = ''): Promise<List> => {
  const { status, body } = await get(`/api/requests${query}`);
  expect(status).toBe(200);
  return requestsResponse.parse(body);
};
const idsIn = ({ requests }: List): string[] => requests.map(({ requestId }) => requestId);
const problemOf = async (query: string): Promise<unknown[]> => {
  const { status, code, body } = await get<{ errors?: { pointer: string }[] }>(
    `/api/requests${query}`,
  );
  return [status, code, ...(body.errors ?? []).map(({ pointer }) => pointer)];
};
const received = (day: string): Arrangement => ({ record: { receivedAt: `${day}T08:00:00.000Z` } });

const nobody = '00000000-0000-4000-8000-000000000000';
const placeOfNobody = placeToken({
  ...{ isAnswered: false, dueAt: '2026-12-01T00:00:00.000Z', requestId: nobody },
});
const endedPlaceOfNobody = endedToken(`${'1'.repeat(16)}_${nobody}`);

describe('the list of requests', () => {
  it('has those that have not ended by their legal deadline, and answered ones last', async () => {
    const late = await TestRequest.in(app, 'exporting', received('2026-11-20'));
    const early = await TestRequest.in(app, 'awaitingVerification', received('2026-11-02'));
    const answered = await TestRequest.in(app, 'available', received('2026-10-30'));
    const middle = await TestRequest.in(app, 'needsDecision', received('2026-11-10'));
    await TestRequest.in(app, 'cancelled', received('2026-10-30'));
    const list = await listed();
    expect(idsIn(list)).toEqual([early, middle, late, answered].map(({ id }) => id));
    expect(list.counts).toEqual({ open: 4, needsYou: 1, failed: 0, running: 3, done: 1 });
    expect((await get('/api/request-counts')).body).toEqual(list.counts);
    expect(list.nextDeadline).toEqual({
      requestId: early.id,
      ticketId: `T-${early.person.email}`,
      dueAt: '2026-12-03T00:00:00.000Z',
    });
    expect(list.asOf).toBe(app.clock.now().toISOString());
    expect(list.next).toBeNull();
  });

  it('tells of each what an officer sees at a glance, and nothing of the person', async () => {
    const request = await TestRequest.in(app, 'exporting', {
      record: {
        sourceSystem: 'Service desk',
        pages: 1,
        waiting: { reason: 'sourceUnavailable', at: '2026-11-23T11:00:00.000Z' },
      },
      details: { locale: 'fr' },
    });
    const counts = emptyCounts();
    counts.conversation = { ...counts.conversation, exported: 3, pending: 5, absent: 1 };
    counts.audio.failed = 2;
    await app.parts.items.putCounts(request.id, 1, counts);
    const list = await listed();
    const { progress, ...shown } = list.requests[0] ?? {};
    expect(shown).toEqual({
      requestId: request.id,
      ticketId: `T-${request.person.email}`,
      sourceSystem: 'Service desk',
      rights: [],
      locale: 'fr',
      law: 'gdpr',
      state: 'exporting',
      reasonCode: null,
      stateSince: app.clock.now().toISOString(),
      createdAt: app.clock.now().toISOString(),
      receivedAt: '2026-11-23T08:00:00.000Z',
      cleanedAt: null,
      needsOfficer: false,
      clock: {
        receivedAt: '2026-11-23T08:00:00.000Z',
        dueAt: '2026-12-24T00:00:00.000Z',
        pausedSince: null,
        movedFrom: null,
        extendableUntil: '2026-12-24T00:00:00.000Z',
        isExtended: false,
        answeredAt: null,
      },
      doubtful: null,
      failedItems: 2,
      availableUntil: null,
      openedAt: null,
      handOver: null,
      waiting: { reasonCode: 'sourceUnavailable', at: '2026-11-23T11:00:00.000Z' },
    });
    expect(progress).toMatchObject({
      conversations: { done: 3, total: 8 },
      byKind: { audio: { expected: 2, failed: 2 } },
    });
    const { ticketId: _, ...others } = list.requests[0] ?? {};
    expect(JSON.stringify(others)).not.toContain(request.person.email);
  });

  it('has a view of what waits for an officer, of what failed and of what runs', async () => {
    const failed = await TestRequest.in(app, 'failed', received('2026-11-01'));
    const undecided = await TestRequest.in(app, 'needsDecision', received('2026-11-02'));
    const running = await TestRequest.in(app, 'packaging', received('2026-11-03'));
    // The orchestration has not looked at the decision yet: nothing waits for an officer.
    const decided = await TestRequest.in(app, 'needsDecision', received('2026-11-04'));
    await act(decided, 'decide');
    expect(idsIn(await listed('?view=needsYou'))).toEqual([failed.id, undecided.id]);
    expect(idsIn(await listed('?view=failed'))).toEqual([failed.id]);
    expect(idsIn(await listed('?view=running'))).toEqual([running.id, decided.id]);
    const { counts, requests } = await listed('?view=open');
    expect(counts).toEqual({ open: 4, needsYou: 2, failed: 1, running: 2, done: 0 });
    expect(requests.map(({ needsOfficer }) => needsOfficer)).toEqual([true, true, false, false]);
  });

  it('counts how many conversations an officer has to decide on', async () => {
    const request = await TestRequest.in(app, 'needsDecision', {
      record: { reason: 'doubtfulConversations' },
    });
    await request.storeDoubtful([doubtfulConversation(), doubtfulConversation()]);
    expect((await listed()).requests[0]).toMatchObject({ doubtful: 2, needsOfficer: true });
  });

  it('shows a hand-over that waits for the approval of another officer, until that is given', async () => {
    const request = await TestRequest.in(app, 'available');
    expect((await listed('?view=needsYou')).requests).toEqual([]);
    await act(request, 'code');
    expect((await listed('?view=needsYou')).requests[0]).toMatchObject({
      requestId: request.id,
      needsOfficer: true,
      handOver: { startedBy: 'Ms Privacy', startedAt: app.clock.now().toISOString() },
    });
    const other = await app.directory.accessToken({
      ...{ oid: 'officer-2', name: 'Mr Second', roles: ['Requests.Deliver'] },
    });
    const approved = await app.post(
      `${request.path}/approve`,
      { justification },
      { Authorization: `Bearer ${other}` },
    );
    expect(approved.status).toBe(200);
    expect((await listed()).requests[0]).toMatchObject({ needsOfficer: false, handOver: null });
  });

  it('pages what has not ended, 25 at a time, each request once', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 27; i += 1) ids.push((await TestRequest.in(app, 'received')).id);
    const first = await listed('?view=running');
    expect(first.requests).toHaveLength(25);
    const second = await listed(`?view=running&page=${first.next ?? ''}`);
    expect(second.next).toBeNull();
    expect([...idsIn(first), ...idsIn(second)]).toEqual(ids.sort());
    expect(second.counts.open).toBe(27);
  });

  it('pages what is done, the newest end first', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 27; i += 1) {
      app.clock.advance(1000);
      const stateSince = app.clock.now().toISOString();
      ids.unshift((await TestRequest.in(app, 'refused', { record: { stateSince } })).id);
    }
    const first = await listed('?view=done');
    const second = await listed(`?view=done&page=${first.next ?? ''}`);
    expect([...idsIn(first), ...idsIn(second)]).toEqual(ids);
    expect([first.requests.length, second.next, second.counts.done]).toEqual([25, null, 27]);
  });

  it('is filtered by system, reason, language and deadline', async () => {
    const make = (record: NonNullable<Arrangement['record']>) =>
      TestRequest.in(app, 'failed', { record });
    const one = await make({ sourceSystem: 'Jira', reason: 'a', locale: 'de' });
    const other = await make({ sourceSystem: 'ServiceNow (EU)', reason: 'b', locale: 'de' });
    const soon = await make({ receivedAt: '2026-10-27T08:00:00.000Z', reason: 'c' });
    const answered = await TestRequest.in(app, 'delivered', received('2026-10-28'));
    expect(idsIn(await listed('?sourceSystem=Jira'))).toEqual([one.id]);
    expect(idsIn(await listed('?sourceSystem=ServiceNow%20(EU)'))).toEqual([other.id]);
    expect(idsIn(await listed('?reason=b'))).toEqual([other.id]);
    expect(idsIn(await listed('?view=failed&locale=de'))).toEqual([one.id, other.id].sort());
    expect(idsIn(await listed('?dueWithinDays=7'))).toEqual([soon.id]);
    expect(idsIn(await listed('?dueWithinDays=60'))).not.toContain(answered.id);
    expect((await listed('?sourceSystem=Jira')).counts.open).toBe(4);
    await TestRequest.in(app, 'cancelled', { record: { locale: 'it' } });
    const ended = await TestRequest.in(app, 'cancelled', { record: { locale: 'nl' } });
    expect(idsIn(await listed('?view=done&locale=nl'))).toEqual([ended.id]);
  });

  it.each([
    ['an unknown view', '?view=all', '/view'],
    ['an unknown filter', '?name=Zoe', ''],
    ['a number of days that is none', '?dueWithinDays=soon', '/dueWithinDays'],
    ['a deadline of what is done', '?view=done&dueWithinDays=3', '/dueWithinDays'],
    ['a page that is none', '?page=x', '/page'],
    ['a page of another list', `?view=done&page=${placeOfNobody}`, '/page'],
    ['a page of the ended ones', `?page=${endedPlaceOfNobody}`, '/page'],
  ])('refuses %s', async (_name, query, pointer) => {
    expect(await problemOf(query)).toEqual([400, 'invalidQuery', pointer]);
  });
});

describe('a search by ticket', () => {
  const search = async (ticketId: string): Promise<List['requests']> => {
    const headers = await app.bearer('Requests.Read');
    const { status, body } = await read(
      await app.post('/api/requests/search', { ticketId }, headers),
    );
    expect(status).toBe(200);
    return searchResponse.parse(body).requests;
  };
  const submit = async (ticketId: string): Promise<string> => {
    const { body }: Answer = await read(await app.submit(ticketOf(newPerson(), { ticketId })));
    return String(body['requestId']);
  };

  it('finds the request of exactly that ticket', async () => {
    const requestId = await submit('REQ-1');
    await submit('REQ-11');
    expect(await search('REQ-1')).toMatchObject([{ requestId, ticketId: 'REQ-1', locale: 'en' }]);
    expect(await search('REQ')).toEqual([]);
  });

  it('finds it when it has ended and its ticket was deleted with everything else', async () => {
    const requestId = await submit('REQ-2');
    const { ledger } = app.parts;
    await ledger.move(requestId, 'cancelled', { reason: 'withdrawn' });
    await ledger.deleteDetails(requestId);
    const cleanedAt = app.clock.now().toISOString();
    await ledger.note(requestId, { event: 'deleted' }, { wrappedSecret: null, cleanedAt });
    expect(await search('REQ-2')).toMatchObject([
      { requestId, ticketId: null, state: 'cancelled', cleanedAt, progress: null },
    ]);
  });

  it('is not made by an address', async () => {
    expect(await problemOf('?ticketId=REQ-1')).toEqual([400, 'invalidQuery', '']);
  });
});

describe('the summary of a request', () => {
  it('has its steps with their times, what was searched, and its status', async () => {
    const request = await TestRequest.in(app, 'received');
    const times = [app.clock.now().toISOString()];
    app.clock.advance(60_000);
    await request.move('awaitingVerification');
    times.push(app.clock.now().toISOString());
    await app.parts.ledger.update(request.id, {
      conversations: 12,
      searched: { from: '2019-12-01T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z', windows: 8 },
    });
    const { status, body } = await get(`${request.path}/summary`);
    expect(status).toBe(200);
    expect(summaryResponse.parse(body)).toMatchObject({
      requestId: request.id,
      ticketId: `T-${request.person.email}`,
      steps: [
        { state: 'received', at: times[0], reasonCode: null },
        { state: 'awaitingVerification', at: times[1], reasonCode: null },
      ],
      foundConversations: 12,
      searchedMonths: { from: '2019-12', to: '2026-11' },
      status: { requestId: request.id, state: 'awaitingVerification' },
    });
  });
});
