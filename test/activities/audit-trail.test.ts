import { createExportPerson } from '../../src/activities/export-person';
import type { AuditQuery } from '../../src/core/genesys/audits';
import { daysOf } from '../../src/core/genesys/search-windows';
import { personBlob } from '../../src/core/package/blob-names';
import { msPerDay } from '../../src/core/time/time';
import type { SearchState, Source } from '../../src/ports';
import { fakeSource, requestEnvironment } from '../helpers/exports';

const now = new Date('2026-11-25T12:00:00.000Z');
const daysAgo = (days: number): string => new Date(now.getTime() - days * msPerDay).toISOString();

interface Audits {
  refuses?: (query: AuditQuery) => boolean;
  /** @param attempt how often this query was submitted, from 1 */
  stateOf?: (query: AuditQuery, attempt: number) => SearchState;
  answers?: Partial<Source>;
}

/** Exports the records of a person whose contact is `contact-1`, with an audit for each query. */
async function trailOf({ refuses, stateOf, answers = {} }: Audits) {
  const queries: { query: AuditQuery; attempt: number }[] = [];
  const submitted: AuditQuery[] = [];
  const same = (one: AuditQuery, other: AuditQuery): boolean =>
    one.entityId === other.entityId &&
    one.window.from === other.window.from &&
    one.window.to === other.window.to;
  const { source } = fakeSource({
    contactRecord: () => Promise.resolve({ id: 'contact-1', createDate: daysAgo(2000) }),
    notes: () => Promise.resolve({ notes: [], total: 0, isWhole: true }),
    journeySessions: () => Promise.resolve([]),
    campaignContacts: () => Promise.resolve([]),
    retention: () => Promise.resolve({ days: 1825, now }),
    submitAuditQuery: (query) => {
      submitted.push(query);
      if (refuses?.(query)) return Promise.resolve(null);
      const attempt = 1 + queries.filter((one) => same(one.query, query)).length;
      queries.push({ query, attempt });
      return Promise.resolve(String(queries.length - 1));
    },
    auditQueryState: (id) => {
      const one = queries[Number(id)];
      if (!one) return Promise.resolve('gone');
      return Promise.resolve(stateOf?.(one.query, one.attempt) ?? 'fulfilled');
    },
    auditQueryResults: (id) => {
      const window = queries[Number(id)]?.query.window;
      return Promise.resolve([{ id: `audit-${id}`, eventDate: window?.from }]);
    },
    ...answers,
  });
  const { env, itemsOf } = requestEnvironment(source);
  for (let calls = 0; ; calls += 1) {
    if (calls > 200) throw new Error('The queries do not end.');
    const result = await createExportPerson(env)({ requestId: 'request' });
    if (result.kind !== 'done') throw new Error(JSON.stringify(result));
    if (result.value.waiting === 0) break;
  }
  const person = await env.scratch.read('request', personBlob, Buffer.alloc(32));
  const items = itemsOf(0).filter(({ kind }) => kind === 'auditQuery');
  return {
    submitted,
    done: (entityId: string) =>
      (person?.audits ?? []).filter((one) => one.entityId === entityId && one.state === 'done'),
    failed: items.filter(({ status }) => status === 'failed'),
    known: await env.windowLengths.get('main', 'audit'),
  };
}

type Trail = Awaited<ReturnType<typeof trailOf>>;

/** Whether the queries of the contact that were answered are the year, without gap or overlap. */
function expectWholeYear(trail: Trail): void {
  const windows = trail.done('contact-1').map(({ window }) => window);
  expect(windows[0]?.from).toBe(daysAgo(365));
  expect(windows.at(-1)?.to).toBe(now.toISOString());
  windows.slice(1).forEach((window, i) => expect(window.from).toBe(windows[i]?.to));
}

describe('the audit trail of a contact', () => {
  it('is one query where the source takes a year', async () => {
    const trail = await trailOf({});
    expect(trail.submitted).toHaveLength(1);
    expectWholeYear(trail);
    expect(trail.known).toBeNull();
  });

  it('is cut where that is refused, and the length that was taken is kept', async () => {
    const trail = await trailOf({ refuses: ({ window }) => daysOf(window) > 30 });
    expect(trail.submitted).toHaveLength(14);
    expectWholeYear(trail);
    expect(trail.known).toEqual({ days: 30, refusedAt: now.toISOString() });
  });

  it('begins where the contact does', async () => {
    const contactRecord = () => Promise.resolve({ id: 'contact-1', createDate: daysAgo(10) });
    const trail = await trailOf({ answers: { contactRecord } });
    expect(trail.submitted.map(({ window }) => window.from)).toEqual([daysAgo(11)]);
  });

  it('is the whole year where the contact is not there, and does not say when it began', async () => {
    const trail = await trailOf({ answers: { contactRecord: () => Promise.resolve(null) } });
    expectWholeYear(trail);
  });

  it('is asked for again when a query fails, and cut when it fails again', async () => {
    const trail = await trailOf({
      stateOf: ({ window }) => (daysOf(window) > 100 ? 'failed' : 'fulfilled'),
    });
    expectWholeYear(trail);
    expect(trail.failed).toEqual([]);
    expect(trail.known).toBeNull();
  });

  it.each<SearchState>(['failed', 'gone'])(
    'has failed items for what stays %s, and no more queries than intervals known to work',
    async (state) => {
      const trail = await trailOf({ stateOf: () => state });
      expect(trail.failed.length).toBeGreaterThan(0);
      expect(trail.failed.every(({ reason }) => reason === 'queryRefused')).toBe(true);
      expect(trail.submitted.every(({ window }) => daysOf(window) >= 15)).toBe(true);
    },
  );

  it('has a failed item for what is refused at every length, and learns nothing of it', async () => {
    const trail = await trailOf({ refuses: () => true });
    expect(trail.failed.length).toBeGreaterThan(0);
    expect(trail.known).toBeNull();
  });
});

describe('the audit trail of notes', () => {
  const notes = [
    { id: 'old', createDate: daysAgo(500), modifyDate: daysAgo(400) },
    { id: 'changed', createDate: daysAgo(500), modifyDate: daysAgo(100) },
    { id: 'fresh', createDate: daysAgo(3), modifyDate: daysAgo(3) },
  ];
  const withNotes = (actions: string[] | null): Partial<Source> => ({
    notes: () => Promise.resolve({ notes, total: 3, isWhole: true }),
    auditedActions: () => Promise.resolve(actions),
  });
  const windowsOf = ({ submitted }: Trail, id: string) =>
    submitted
      .filter(({ entityId }) => entityId === id)
      .map(({ window }) => [window.from, window.to]);

  it('ends a day after the last change where changes are all that is audited', async () => {
    const trail = await trailOf({ answers: withNotes(['Create', 'Update', 'Delete']) });
    expect(windowsOf(trail, 'old')).toEqual([]);
    expect(windowsOf(trail, 'changed')).toEqual([[daysAgo(365), daysAgo(99)]]);
    expect(windowsOf(trail, 'fresh')).toEqual([[daysAgo(4), daysAgo(2)]]);
    expectWholeYear(trail);
  });

  it.each([[['Create', 'Update', 'View']], [null]])(
    'ends now where %j are audited',
    async (actions) => {
      const trail = await trailOf({ answers: withNotes(actions) });
      for (const id of ['old', 'changed'])
        expect(windowsOf(trail, id)).toEqual([[daysAgo(365), now.toISOString()]]);
      expect(windowsOf(trail, 'fresh')).toEqual([[daysAgo(4), now.toISOString()]]);
    },
  );
});
