import { TableServiceClient } from '@azure/data-tables';
import type * as CleanUp from '../../src/activities/clean-up';
import type { AppContext } from '../../src/composition/app-context';
import type { MonthCounters } from '../../src/core/statistics/counters';
import type * as IndexRepair from '../../src/services/index-repair';
import type * as Retention from '../../src/services/retention';
import type * as Statistics from '../../src/services/statistics';
import { deleteRows } from '../helpers/fulfilled';
import { HttpApp, read } from '../helpers/http-app';
import { TestRequest } from '../helpers/http-requests';
import { outside } from '../helpers/outside-jest';

const { createCleanUp } = outside.app<typeof CleanUp>('activities/clean-up');
const { repairIndex } = outside.app<typeof IndexRepair>('services/index-repair');
const { statisticsOf } = outside.app<typeof Statistics>('services/statistics');
const { applyRetention } = outside.app<typeof Retention>('services/retention');

let app: HttpApp;
let startedAt: number;
beforeAll(async () => {
  app = await HttpApp.start();
  startedAt = app.clock.now().getTime();
}, 60_000);
afterEach(async () => {
  jest.restoreAllMocks();
  app.clock.advance(startedAt - app.clock.now().getTime());
  await deleteAllRows(app.storage.connectionString);
});
afterAll(() => app.stop());

/** Each test begins with no request, whatever says that there was one. */
async function deleteAllRows(connectionString: string): Promise<void> {
  const options = { allowInsecureConnection: true };
  const tables = TableServiceClient.fromConnectionString(connectionString, options).listTables();
  for await (const { name = '' } of tables) await deleteRows(connectionString, name);
}

type Body = { months: ({ month: string } & MonthCounters)[] };
/** The counters of the only month in which requests of these tests are received. */
async function counters(): Promise<MonthCounters> {
  const headers = await app.bearer('Requests.Read');
  const { status, body } = await read<Body>(await app.fetch('/api/statistics', { headers }));
  expect(status).toBe(200);
  expect(body.months.map(({ month }) => month)).toEqual(['2026-11']);
  const [{ month: _, ...all } = { month: '' }] = body.months;
  return all as MonthCounters;
}
const cleanUp = async (request: TestRequest, change: Partial<AppContext> = {}): Promise<void> => {
  const result = await createCleanUp({ ...app.parts, ...change })({ requestId: request.id });
  expect(result).toEqual({ kind: 'done', value: null });
};
const limits = { failedDays: 30, annotationRetentionDays: 30, proofRetentionYears: 3 };
/** What the jobs of a night do, in their order. */
const night = async (): Promise<void> => {
  expect(await repairIndex(app.parts)).toMatchObject({ failed: [], stop: null });
  expect(await applyRetention(app.parts, limits)).toEqual({ failed: [], stop: null });
};
const day = 86_400_000;
const refusedOnce = {
  ...{ received: 1, answeredInTime: 1, answeredLate: 0, withoutOfficer: 1, opened: 0 },
  ...{ byOutcome: { refused: 1 }, daysToAnswer: { 0: 1 } },
};

describe('the statistics', () => {
  it('count open requests as they stand, and the same when they have ended', async () => {
    await TestRequest.in(app, 'exporting');
    const given = await TestRequest.in(app, 'packaging');
    await given.move('available');
    await given.move('delivered');
    await app.parts.ledger.note(given.id, { event: 'downloadReported', detail: { bytes: 1 } });
    const expected = {
      ...{ received: 2, answeredInTime: 1, answeredLate: 0, withoutOfficer: 1, opened: 1 },
      ...{ byOutcome: { dataGiven: 1 }, daysToAnswer: { 0: 1 } },
    };
    expect(await counters()).toEqual(expected);
    await cleanUp(given);
    expect(await counters()).toEqual(expected);
    await given.move('expired');
    expect(await counters()).toEqual(expected);
  });

  it('count a request once, however often it is cleaned up and the night passes', async () => {
    const request = await TestRequest.in(app, 'refused');
    expect((await counters()).received).toBe(1);
    for (let i = 0; i < 3; i += 1) {
      await cleanUp(request);
      expect(await counters()).toEqual(refusedOnce);
    }
    for (let i = 0; i < 3; i += 1) {
      app.clock.advance(day);
      await night();
      await cleanUp(request);
      expect(await counters()).toEqual(refusedOnce);
    }
    expect((await app.parts.statistics.read()).counted.size).toBe(0);
  });

  it('count it once although the process ends between the counters and the request', async () => {
    const request = await TestRequest.in(app, 'refused');
    const { ledger } = app.parts;
    const note = ledger.note.bind(ledger);
    const dying = jest.spyOn(ledger, 'note').mockImplementation((id, fact, ...more) => {
      if (fact.event === 'deleted') return Promise.reject(new Error('killed'));
      return note(id, fact, ...more);
    });
    const activity = createCleanUp(app.parts);
    for (let i = 0; i < 3; i += 1)
      await expect(activity({ requestId: request.id })).rejects.toThrow('killed');
    expect(await counters()).toEqual(refusedOnce);
    // Nor does a night forget what was counted of a request that does not say so yet.
    app.clock.advance(2 * day);
    await night();
    dying.mockRestore();
    await cleanUp(request);
    expect(await counters()).toEqual(refusedOnce);
  });

  it('count it once although clean-ups and requests run side by side', async () => {
    const requests = await Promise.all(
      Array.from({ length: 6 }, () => TestRequest.in(app, 'refused')),
    );
    await Promise.all(
      [...requests, ...requests].map((request) =>
        createCleanUp(app.parts)({ requestId: request.id }).catch(() => undefined),
      ),
    );
    for (const request of requests) await cleanUp(request);
    expect((await counters()).byOutcome).toEqual({ refused: 6 });
  });

  it('outlive the request, and keep nothing that names it', async () => {
    const request = await TestRequest.in(app, 'refused');
    await cleanUp(request);
    for (const years of [1, 4]) {
      app.clock.advance(years * 366 * day);
      await night();
    }
    expect(await app.parts.ledger.get(request.id)).toBeNull();
    expect(await counters()).toEqual(refusedOnce);
    expect(JSON.stringify([...(await app.parts.statistics.read()).months])).not.toContain(
      request.id,
    );
    expect((await app.parts.statistics.read()).counted.size).toBe(0);
  });

  it('count a request whose end nobody was told of once its state says how it ended', async () => {
    const request = await TestRequest.in(app, 'awaitingVerification');
    await cleanUp(request);
    await night();
    await request.move('unverified');
    app.clock.advance(day);
    await night();
    expect(await counters()).toMatchObject({ received: 1, byOutcome: { unverified: 1 } });
    app.clock.advance(day);
    await night();
    expect((await counters()).received).toBe(1);
  });

  it('count a request that is gone before it is read, as one without an answer', async () => {
    const request = await TestRequest.in(app, 'refused');
    await TestRequest.in(app, 'refused');
    const { ledger } = app.parts;
    const get = ledger.get.bind(ledger);
    jest
      .spyOn(ledger, 'get')
      .mockImplementation((id) => (id === request.id ? Promise.resolve(null) : get(id)));
    expect(await statisticsOf(app.parts)).toMatchObject([
      { month: '2026-11', received: 2, answeredInTime: 1, answeredLate: 0 },
    ]);
    jest.restoreAllMocks();
    expect(await counters()).toMatchObject({ received: 2, answeredInTime: 2 });
  });

  it('forget which requests were counted in turns, however short they are', async () => {
    for (let i = 0; i < 3; i += 1) await cleanUp(await TestRequest.in(app, 'refused'));
    app.clock.advance(day);
    const left: number[] = [];
    for (let after: string | null = null; ;) {
      const { failed, stop } = await applyRetention(app.parts, limits, {
        after,
        isOver: () => true,
      });
      expect(failed).toEqual([]);
      left.push((await app.parts.statistics.read()).counted.size);
      if (stop === null) break;
      after = stop;
    }
    // What is due of requests comes first; each turn gets on by one of them, or forgets that one was counted.
    expect(left).toEqual([3, 3, 2, 1, 0]);
  });

  it.each([
    ['a short time', { cleanedAt: '2026-11-20T12:00:00.000Z' }],
    ['a month', { cleanedAt: '2026-10-20T12:00:00.000Z' }],
    [
      'a year',
      {
        cleanedAt: '2025-11-20T12:00:00.000Z',
        annotationsDeletedAt: '2025-12-20T12:00:00.000Z',
      },
    ],
  ])(
    'catch up requests that were cleaned up %s before there were statistics',
    async (_, record) => {
      await TestRequest.in(app, 'refused', { record });
      await night();
      expect((await counters()).byOutcome).toEqual({ refused: 1 });
      app.clock.advance(day);
      await night();
      expect((await counters()).byOutcome).toEqual({ refused: 1 });
    },
  );
});
