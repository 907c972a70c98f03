import { newItem, exported, type Item } from '../../src/core/package/items';
import { missingGroups } from '../../src/core/package/missing-groups';
import {
  indexFile,
  listsFile,
  viewerScripts,
  type ViewerIndex,
  type ViewerLists,
} from '../../src/core/package/viewer-index';
import { viewerPerson, withProfile } from '../../src/core/package/viewer-person';
import {
  countPeriods,
  monthOf,
  newestFirst,
  rowItems,
  viewerChannel,
  weekOf,
  type ViewerRow,
} from '../../src/core/package/viewer-rows';
import { viewerValue } from '../../src/core/package/viewer-script';
import type { Contact } from '../../src/core/subject/contact';
import { noSources } from '../helpers/viewer-sources';
import type { ConversationRow } from '../../src/core/package/conversation-row';

const rowOf = (change: Partial<ConversationRow>): ConversationRow => ({
  ...{ number: 1, conversationId: 'c', date: '2026-11-14', time: '', end: '', startLocal: '' },
  ...{ start: '2026-11-14T04:37:00.000Z', timeZone: 'Europe/Berlin', durationSeconds: 46 },
  ...{ channel: 'voice', direction: 'inbound', queue: 'Orders', agent: 'agent-00c0ffee' },
  ...{ wrapUp: '', audioFiles: 0, transcriptFiles: 0, emails: 0, messages: 0 },
  attributesWithheld: 0,
  ...change,
});

/** The scripts of some sources, read back. */
function read(sources: Partial<typeof noSources>) {
  const scripts = new Map(
    [...viewerScripts({ ...noSources, ...sources })].map(({ name, content }) => [name, content]),
  );
  const valueOf = (name: string, key = name) => viewerValue(key, scripts.get(name) ?? '');
  return {
    index: valueOf(indexFile, 'index') as ViewerIndex,
    lists: valueOf(listsFile) as ViewerLists,
    rows: (file: string) => valueOf(file) as ViewerRow[],
  };
}

describe('the rows of the viewer', () => {
  it.each([
    ['voice', 'call'],
    ['callback', 'call'],
    ['email', 'email'],
    ['message', 'message'],
    ['chat', 'chat'],
    ['cobrowse', 'other'],
    ['', 'other'],
  ])('call the channel %j a %s', (medium, channel) => {
    expect(viewerChannel(medium)).toBe(channel);
  });

  it('leave out what is empty, and name files by the folder of their conversation', () => {
    const audio: Item = exported(newItem(1, 'audio', 1, 'r1'), {
      ...{ name: 'data/conversations/0001/audio-1.mp3', size: 9, sha256: '' },
    });
    const document: Item = exported(newItem(1, 'conversation', 1, null), {
      ...{ name: 'data/conversations/0001/conversation.json', size: 9, sha256: '' },
    });
    const gone: Item = {
      ...newItem(1, 'transcript', 1, 'r1'),
      status: 'absent',
      reason: 'noTranscript',
    };
    const glance = { subject: '', words: 'A late order.', isSummary: true, surveys: [] };
    const { rows, index } = read({
      rows: [rowOf({})],
      pages: new Map([[1, ['viewer/pages/p.js']]]),
      glances: new Map([[1, glance]]),
      exported: [audio, document],
      missing: [gone, gone],
    });
    expect(rows(index.pages[0]?.file ?? '')).toEqual([
      {
        ...{ id: '1', kind: 'call', at: '2026-11-14T04:37:00.000Z', direction: 'inbound' },
        ...{ queue: 'Orders', agent: 'agent-00c0ffee', seconds: 46 },
        ...{ words: 'A late order.', isSummary: true, pages: ['viewer/pages/p.js'] },
        files: [{ kind: 'audio', file: 'audio-1.mp3', size: 9, source: 'r1' }],
        gaps: ['transcript:noTranscript'],
      },
    ]);
  });

  it('are in pages of a thousand, the newest first, with the notes and visits among them', () => {
    const rows = Array.from({ length: 2001 }, (_, i) =>
      rowOf({ number: i + 1, start: new Date(Date.UTC(2020, 0, 1 + i)).toISOString() }),
    );
    const person = viewerPerson({
      ...{ contacts: [], campaigns: [], audits: [] },
      notes: [{ createDate: '2020-01-01T12:00:00.000Z', noteText: 'Called back.' }],
      visits: [{ createdDate: '2030-01-01T00:00:00.000Z', lastPage: { url: 'https://a.example' } }],
    });
    const found = read({ rows, person });
    expect(found.index.pages).toEqual([
      {
        file: 'viewer/rows/0001.js',
        rows: 1000,
        first: 1003,
        last: 2001,
        from: '2022-09-29',
        to: '2030-01-01',
      },
      {
        file: 'viewer/rows/0002.js',
        rows: 1000,
        first: 3,
        last: 1002,
        from: '2020-01-03',
        to: '2022-09-28',
      },
      {
        file: 'viewer/rows/0003.js',
        rows: 3,
        first: 1,
        last: 2,
        from: '2020-01-01',
        to: '2020-01-02',
      },
    ]);
    const ids = found.index.pages.flatMap(({ file }) => found.rows(file).map(({ id }) => id));
    expect([ids[0], ids[1], ids.at(-2), ids.at(-1), ids.length]).toEqual([
      ...['visit-1', '2001', 'note-1', '1', 2003],
    ]);
  });

  it('are one at a time in memory, however many there are', () => {
    const scripts = viewerScripts({ ...noSources, rows: [rowOf({})] });
    expect(scripts.next().value?.name).toBe('viewer/rows/0001.js');
    expect(scripts.next().value?.name).toBe(listsFile);
    expect(scripts.next().value?.name).toBe(indexFile);
    expect(scripts.next().done).toBe(true);
  });

  it('of one time are in the order of their numbers, and those without a time come last', () => {
    const at = '2026-11-14T04:37:00.000Z';
    const placed = [
      { id: '1', at },
      { id: 'note-1', at: '' },
      { id: '2', at },
      { id: '3', at: '2026-11-14T04:37:01Z' },
    ];
    expect(newestFirst(placed).map(({ id }) => id)).toEqual(['3', '2', '1', 'note-1']);
  });

  it('name the gaps of a conversation once each, and none of the person', () => {
    const gap = (conversation: number): Item => ({
      ...newItem(conversation, 'audio', 1, null),
      ...{ status: 'failed', reason: 'notListed' },
    });
    const { gaps } = rowItems([], [gap(1), gap(1), gap(0)]);
    expect([gaps.get(1), gaps.get(0)]).toEqual([['audio:notListed'], []]);
  });
});

describe('the counts of the viewer', () => {
  it.each([
    ['2026-11-16', '2026-11-01', '2026-11-16'],
    ['2026-11-22', '2026-11-01', '2026-11-16'],
    ['2027-01-01', '2027-01-01', '2026-12-28'],
    ['', '', ''],
  ])('put %j in the month of %j and the week of %j', (day, month, week) => {
    expect([monthOf(day), weekOf(day)]).toEqual([month, week]);
  });

  it('are by the months of the time zone, and by weeks where the package is short', () => {
    // In Berlin it is December already.
    const rows = [rowOf({ number: 2, start: '2026-11-30T23:30:00.000Z' }), rowOf({})];
    const { index } = read({ rows });
    expect(index.months).toEqual([
      { start: '2026-12-01', counts: { call: 1 } },
      { start: '2026-11-01', counts: { call: 1 } },
    ]);
    expect(index.weeks).toEqual([
      { start: '2026-11-30', counts: { call: 1 } },
      { start: '2026-11-09', counts: { call: 1 } },
    ]);
    const long = [...rows, rowOf({ number: 3, start: '2025-01-01T12:00:00.000Z' })];
    expect(read({ rows: long }).index.weeks).toEqual([]);
  });

  it('count each kind by itself', () => {
    const placed = [
      { kind: 'call' as const, day: '2026-11-14' },
      { kind: 'call' as const, day: '2026-11-15' },
      { kind: 'note' as const, day: '2026-11-15' },
    ];
    expect(countPeriods(placed, monthOf)).toEqual([
      { start: '2026-11-01', counts: { call: 2, note: 1 } },
    ]);
  });
});

describe('the index of the viewer', () => {
  it('is small, however many conversations there are', () => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      rowOf({
        number: i + 1,
        start: new Date(Date.UTC(2016, 0, 1) + i * 15_000_000).toISOString(),
      }),
    );
    const scripts = [...viewerScripts({ ...noSources, rows })];
    expect(scripts.at(-1)?.content.length).toBeLessThan(20_000);
  });

  it('names the staff of the package in the order in which they appear', () => {
    const rows = [
      rowOf({ agent: 'agent-0000000b; agent-0000000a' }),
      rowOf({ agent: 'agent-0000000b' }),
    ];
    const person = viewerPerson({
      ...{ contacts: [], visits: [], campaigns: [] },
      notes: [{ noteText: 'by agent-0000000c', createdBy: { name: 'agent-0000000a' } }],
      audits: [{ user: { id: 'agent-0000000d', name: 'agent-0000000d' } }],
    });
    expect(read({ rows, person }).index.staff).toEqual([
      ...['agent-0000000b', 'agent-0000000a', 'agent-0000000c', 'agent-0000000d'],
    ]);
  });

  it('says how long each list is, and lists surveys with their conversations', () => {
    const surveys = [{ name: 'After the call', at: 't', score: '8' }];
    const glances = new Map([[1, { subject: '', words: '', isSummary: false, surveys }]]);
    const { index, lists } = read({ rows: [rowOf({})], glances });
    expect(index.lists).toEqual({
      ...{ details: 0, notes: 0, visits: 0, campaigns: 0, changes: 0, surveys: 1 },
    });
    expect(lists.surveys).toEqual([{ ...surveys[0], conversation: 1 }]);
  });
});

describe('what is missing', () => {
  const gap = (conversation: number, reason: string | null = 'noTranscript') => ({
    ...{ conversation, kind: 'transcript' as const, reason },
  });
  const rows = [
    { number: 1, queue: 'Returns', date: '2026-11-14' },
    { number: 2, queue: 'Orders', date: '2026-01-02' },
    { number: 3, queue: 'Returns', date: '' },
  ];

  it('is grouped by kind and reason, with the queues and the days of its conversations', () => {
    expect(missingGroups([gap(2), gap(1), gap(3), gap(0, 'other')], rows)).toEqual([
      {
        ...{ kind: 'transcript', reason: 'noTranscript', count: 3 },
        queues: [
          { queue: 'Returns', count: 2 },
          { queue: 'Orders', count: 1 },
        ],
        ...{ from: '2026-01-02', to: '2026-11-14' },
      },
      { kind: 'transcript', reason: 'other', count: 1, queues: [], from: null, to: null },
    ]);
  });

  it('names no queue where all of it is of one, and no more than three', () => {
    expect(missingGroups([gap(1), gap(3)], rows)[0]?.queues).toEqual([]);
    const many = [1, 2, 3, 4, 5].map((number) => ({ number, queue: `Q${number}`, date: '' }));
    const group = missingGroups(
      many.map(({ number }) => gap(number)),
      many,
    )[0];
    expect(group?.queues.map(({ queue }) => queue)).toEqual(['Q1', 'Q2', 'Q3']);
  });

  it('has a reason that nobody knows as that', () => {
    expect(missingGroups([gap(0, null)], [])[0]?.reason).toBe('unknown');
  });
});

describe("a person's records in the viewer", () => {
  it('are what is of the person in a contact, and nothing of the record', () => {
    const contact = {
      ...{
        id: 'c1',
        type: 'Curated',
        createDate: '2018-12-17T00:00:00Z',
        version: 3,
        selfUri: '/x',
      },
      ...{ firstName: 'Maria', cellPhone: { display: '0171 5550166', e164: '+491715550166' } },
      ...{ surveyOptOut: false, address: { address1: 'Long Road 1', city: 'Berlin' } },
      twitterId: { id: '1', screenName: 'maria' },
      customFields: { loyalty: 'Gold', since: null },
      title: { deep: { deeper: ['x', 2] } },
    };
    const { details } = viewerPerson({
      ...{ contacts: [contact], notes: [], visits: [], campaigns: [], audits: [] },
    });
    const since = '2018-12-17T00:00:00Z';
    expect(details).toEqual([
      { field: 'firstName', isCustom: false, value: 'Maria', since },
      { field: 'cellPhone', isCustom: false, value: '+491715550166', since },
      { field: 'address', isCustom: false, value: 'Long Road 1, Berlin', since },
      { field: 'twitterId', isCustom: false, value: 'maria', since },
      { field: 'title', isCustom: false, value: 'x, 2', since },
      { field: 'loyalty', isCustom: true, value: 'Gold', since },
    ]);
  });

  it('say of a change what was changed, by whom, from what and to what', () => {
    const audit = {
      ...{
        eventDate: 't',
        action: 'Update',
        entityType: 'Contact',
        user: { name: 'agent-00c0ffee' },
      },
      propertyChanges: [{ property: 'address', oldValues: ['a', 'b'], newValues: ['c'] }],
    };
    const { changes } = viewerPerson({
      ...{ contacts: [], notes: [], visits: [], campaigns: [], audits: [audit] },
    });
    expect(changes).toEqual([
      {
        ...{ at: 't', action: 'Update', record: 'Contact', by: 'agent-00c0ffee' },
        fields: [{ field: 'address', before: 'a, b', after: 'c' }],
      },
    ]);
  });

  it('have the columns of a campaign that hold something', () => {
    const { campaigns } = viewerPerson({
      ...{ contacts: [], notes: [], visits: [], audits: [] },
      campaigns: [{ data: { Name: 'Schneider', Empty: '' } }],
    });
    expect(campaigns).toEqual([{ at: '', columns: [{ name: 'Name', value: 'Schneider' }] }]);
  });

  const contact = {
    ...{ id: '', firstName: 'Maria', lastName: null, mergeSet: [], former: [], createdAt: null },
    phones: [{ number: '+491715550166', receivesSms: true }],
    emails: ['maria@mail.example'],
    handles: [],
    heldSince: [{ type: 'phone', value: '+491715550166', at: '2023-05-12T00:00:00Z' }],
  } as Contact;
  const nothing = viewerPerson({ contacts: [], notes: [], visits: [], campaigns: [], audits: [] });

  it('are those of the profile where there is no contact record, each with since when', () => {
    expect(withProfile(nothing, contact).details).toEqual([
      { field: 'firstName', isCustom: false, value: 'Maria', since: '' },
      { field: 'phone', isCustom: false, value: '+491715550166', since: '2023-05-12T00:00:00Z' },
      { field: 'email', isCustom: false, value: 'maria@mail.example', since: '' },
    ]);
    expect(withProfile(nothing, null)).toBe(nothing);
  });

  it('keep the details of the contact record where there is one', () => {
    const details = [{ field: 'cellPhone', isCustom: false, value: '+49 171 5550166', since: 'x' }];
    expect(withProfile({ ...nothing, details }, contact).details).toEqual([
      { ...details[0], since: '2023-05-12T00:00:00Z' },
    ]);
  });
});
