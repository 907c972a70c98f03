import fc from 'fast-check';
import {
  areOnlyChanges,
  planAuditQueries,
  type AuditedEntity,
} from '../../src/core/genesys/audits';
import { batchesOf, mostPredicates } from '../../src/core/genesys/filter-batches';
import { daysToTry, shorterDays } from '../../src/core/genesys/window-length';
import { bucketPrefixes, recordingOfKey } from '../../src/core/genesys/bulk-export';
import { groupCount, inGroup, partKey, searchKey } from '../../src/core/genesys/search-groups';
import { cutWindow, daysOf, halveWindow, planWindows } from '../../src/core/genesys/search-windows';
import { subjectFilter } from '../../src/core/genesys/subject-filter';
import { subjectIdentifiersOf } from '../../src/core/subject/contact';
import { msPerDay } from '../../src/core/time/time';
import { contactWithAllIdentifiers } from '../helpers/contacts';
import { expectWhole } from '../helpers/windows';

describe('search windows', () => {
  const time = fc.date({
    min: new Date('2020-01-01'),
    max: new Date('2035-01-01'),
    noInvalidDate: true,
  });

  it('cover the years without gap or overlap, with boundaries at midnight', () => {
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 366 }),
        (now, years, days) => {
          const windows = planWindows(now, years, days);
          const first = new Date(now);
          first.setUTCFullYear(now.getUTCFullYear() - years);
          first.setUTCHours(0, 0, 0, 0);
          expectWhole(windows, first.toISOString(), now.toISOString());
          expect(windows.filter(({ from }) => !from.endsWith('T00:00:00.000Z'))).toEqual([]);
          expect(windows.filter((one) => daysOf(one) > days || daysOf(one) <= 0)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    [7, 366],
    [83, 31],
  ])('are %d for seven years in windows of %d days', (count, days) => {
    expect(planWindows(new Date('2026-11-23T12:00:00Z'), 7, days)).toHaveLength(count);
  });

  it('are cut into the fewest that are short enough, and these are the whole', () => {
    fc.assert(
      fc.property(
        time,
        fc.integer({ min: 1, max: 400 * msPerDay }),
        fc.integer({ min: 1, max: 366 }),
        (from, length, days) => {
          const to = new Date(from.getTime() + length);
          const window = { from: from.toISOString(), to: to.toISOString() };
          const parts = cutWindow(window, days);
          expectWhole(parts, window.from, window.to);
          expect(parts.every((part) => daysOf(part) <= days)).toBe(true);
          expect(parts).toHaveLength(Math.ceil(length / (days * msPerDay)));
        },
      ),
    );
  });

  it('are halved at a midnight down to one day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
        const window = {
          from: '2020-02-01T00:00:00.000Z',
          to: new Date(Date.UTC(2020, 1, 1) + days * msPerDay).toISOString(),
        };
        const halves = halveWindow(window);
        if (days === 1) expect(halves).toBeNull();
        else {
          expect([halves?.[0].from, halves?.[1].to]).toEqual([window.from, window.to]);
          expect(halves?.[0].to).toBe(halves?.[1].from);
          expect(halves?.[0].to).toMatch(/T00:00:00.000Z$/);
        }
      }),
    );
  });
});

describe('search groups', () => {
  it('hold every search once, with the parts of a window in the group of the whole', () => {
    const searches = Array.from({ length: 85 }, (_, i) => ({ key: searchKey(i) }));
    searches.push({ key: partKey(searchKey(30), 0) }, { key: partKey(searchKey(30), 1) });
    const groups = Array.from({ length: groupCount(85) }, (_, i) => inGroup(searches, i + 1));
    expect(groups.flat()).toHaveLength(searches.length);
    expect(groups[2]?.map(({ key }) => key)).toContain('0030.01');
  });
});

describe('keys of searches', () => {
  it('sort in the order of time, however often a window was cut', () => {
    const keys = [0, 9, 10, 52].flatMap((index) => {
      const part = partKey(searchKey(3), index);
      return [part, ...[0, 10].map((inner) => partKey(part, inner))];
    });
    const all = [searchKey(2), searchKey(3), ...keys, searchKey(4), searchKey(10)];
    expect([...all].sort()).toEqual(all);
  });
});

describe('the bucket of the bulk export', () => {
  it('is listed by the hour in which a conversation began, with padded and unpadded numbers', () => {
    expect(bucketPrefixes('org', 'c1', '2024-03-07T09:05:00.000Z')).toEqual([
      'org/year=2024/month=03/day=07/hour=09/conversation_id=c1/',
      'org/year=2024/month=3/day=7/hour=9/conversation_id=c1/',
    ]);
    expect(bucketPrefixes('org', 'c1', '2024-12-17T19:05:00.000Z')).toHaveLength(1);
  });

  it.each([
    ['a/r1.opus', { recordingId: 'r1', ending: 'opus' }],
    ['a/r1.wav', { recordingId: 'r1', ending: 'wav' }],
    ['a/r1_metadata.json', null],
    ['a/r1.opus_metadata.json', null],
    ['a/r1.opus_call_metadata.json', null],
    ['a/r1.transcript.json', null],
    ['a/', null],
  ])('tells recordings from metadata and transcripts: %s', (key, expected) => {
    expect(recordingOfKey(key)).toEqual(expected);
  });
});

describe('audit queries', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const entity = (entityId: string, change: Partial<AuditedEntity> = {}): AuditedEntity => ({
    entityType: 'Contact',
    entityId,
    createdAt: null,
    changedAt: null,
    ...change,
  });
  const windowsOf = (one: AuditedEntity, days: number) =>
    planAuditQueries(now, [one], days).map(({ window }) => window);

  it.each([30, 365])(
    'cover the retention period without gap or overlap, for each contact and note, by %d days',
    (days) => {
      const entities = [entity('c1'), entity('c2'), entity('n1', { entityType: 'Note' })];
      const queries = planAuditQueries(now, entities, days);
      for (const { entityId, entityType } of entities) {
        const own = queries.filter((query) => query.entityId === entityId);
        expect(own.every((query) => query.entityType === entityType)).toBe(true);
        const windows = own.map(({ window }) => window);
        expectWhole(windows, '2025-11-23T12:00:00.000Z', now.toISOString());
        expect(windows.filter((one) => daysOf(one) > days)).toEqual([]);
        expect(own).toHaveLength(Math.ceil(365 / days));
      }
    },
  );

  it('begin a day before the entity was created, and end a day after it was last changed', () => {
    const createdAt = '2026-10-01T00:00:00Z';
    expect(windowsOf(entity('c1', { createdAt }), 365)).toEqual([
      { from: '2026-09-30T00:00:00.000Z', to: now.toISOString() },
    ]);
    expect(windowsOf(entity('n1', { createdAt, changedAt: '2026-10-03T00:00:00Z' }), 365)).toEqual([
      { from: '2026-09-30T00:00:00.000Z', to: '2026-10-04T00:00:00.000Z' },
    ]);
  });

  it('reach as far as audits are kept where a time cannot be read', () => {
    const unknown = entity('c1', { createdAt: 'once', changedAt: 'later' });
    expect(windowsOf(unknown, 365)).toEqual(windowsOf(entity('c1'), 365));
  });

  it('are none for what was last changed before audits are kept', () => {
    const old = { createdAt: '2024-01-01T00:00:00Z', changedAt: '2025-11-01T00:00:00Z' };
    expect(windowsOf(entity('n1', old), 30)).toEqual([]);
  });

  it.each([
    [['Create', 'Update', 'Delete'], true],
    [['Create', 'Update', 'View'], false],
    [[], false],
    [null, false],
  ])('may end with the last change where actions are %j: %s', (actions, expected) => {
    expect(areOnlyChanges(actions)).toBe(expected);
  });
});

describe('the length of windows', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const refusedAt = (daysAgo: number) => new Date(now.getTime() - daysAgo * msPerDay).toISOString();

  it('is what the settings allow until one is refused', () => {
    expect(daysToTry(null, 366, now)).toBe(366);
  });

  it.each([
    ['what was taken, in the week after a refusal', 6.9, 62, 62],
    ['twice what was taken, a week later', 7, 62, 124],
    ['never more than the settings allow', 7, 300, 366],
  ])('is %s', (_name, ago, days, expected) => {
    expect(daysToTry({ days, refusedAt: refusedAt(ago) }, 366, now)).toBe(expected);
  });

  it.each([
    ['search', [183, 92, 46, 31, 16, 8, 7, null]],
    ['audit', [30, 15, 8, 7, null]],
  ] as const)(
    'of a refused %s becomes shorter, with a stop at what is known to work',
    (kind, steps) => {
      const tried: (number | null)[] = [];
      for (let days: number | null = 366; days !== null;) {
        days = shorterDays(kind, days);
        tried.push(days);
      }
      expect(tried).toEqual(steps);
    },
  );
});

describe('a filter over many identifiers', () => {
  const predicate = (value: string) =>
    ({ type: 'dimension', dimension: 'ani', operator: 'matches', value }) as const;

  it('is cut where it has more predicates than one call takes, and nothing of it is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (count) => {
        const predicates = Array.from({ length: count }, (_, i) => predicate(String(i)));
        const batches = batchesOf({ type: 'or', predicates });
        expect(batches.flatMap((one) => one.predicates)).toEqual(predicates);
        expect(batches).toHaveLength(Math.max(1, Math.ceil(count / mostPredicates)));
        expect(batches.filter(({ type }) => type !== 'or')).toEqual([]);
        expect(batches.filter((one) => one.predicates.length > mostPredicates)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the subject filter', () => {
  const identifiers = subjectIdentifiersOf(contactWithAllIdentifiers);
  it('is one or-filter of all ids, numbers in both forms and email addresses', () => {
    const { type, predicates } = subjectFilter(identifiers);
    expect(type).toBe('or');
    const values = new Set(predicates.map(({ value }) => value));
    expect(values).toEqual(
      new Set([
        ...['c1', 'c0', 'a@b.example', '777'],
        ...['tel:+491511234567', '+491511234567', '491511234567', 'tel:+4930555', '+4930555'],
      ]),
    );
    expect(predicates.every((predicate) => predicate.operator === 'matches')).toBe(true);
  });
});
