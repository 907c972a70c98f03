import fc from 'fast-check';
import { planAuditQueries } from '../../src/core/genesys/audits';
import { bucketPrefixes, recordingOfKey } from '../../src/core/genesys/bulk-export';
import { groupCount, inGroup, searchKey } from '../../src/core/genesys/search-groups';
import { halveWindow, planWindows } from '../../src/core/genesys/search-windows';
import { subjectFilter } from '../../src/core/genesys/subject-filter';
import { subjectIdentifiersOf } from '../../src/core/subject/contact';
import { msPerDay } from '../../src/core/time/time';
import { contactWithAllIdentifiers } from '../helpers/contacts';

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
        fc.integer({ min: 1, max: 31 }),
        (now, years, days) => {
          const windows = planWindows(now, years, days);
          expect(windows.at(-1)?.to).toBe(now.toISOString());
          windows.forEach(({ from, to }, i) => {
            expect(from).toMatch(/T00:00:00.000Z$/);
            expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(days * msPerDay);
            expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
            if (i > 0) expect(from).toBe(windows[i - 1]?.to);
          });
          const first = new Date(windows[0]?.from ?? '');
          expect(first.getUTCFullYear()).toBeLessThanOrEqual(now.getUTCFullYear() - years + 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are 83 for seven years in windows of 31 days', () => {
    expect(planWindows(new Date('2026-11-23T12:00:00Z'), 7, 31)).toHaveLength(83);
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
  it('hold every search once, with the halves of a window in the group of the whole', () => {
    const searches = Array.from({ length: 85 }, (_, i) => ({ key: searchKey(i) }));
    searches.push({ key: `${searchKey(30)}a` }, { key: `${searchKey(30)}b` });
    const groups = Array.from({ length: groupCount(85) }, (_, i) => inGroup(searches, i + 1));
    expect(groups.flat()).toHaveLength(searches.length);
    expect(groups[2]?.map(({ key }) => key)).toContain('0030b');
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
  it('cover the retention period without gap or overlap, for each contact and note', () => {
    const queries = planAuditQueries(now, ['c1', 'c2'], ['n1']);
    for (const entityId of ['c1', 'c2', 'n1']) {
      const windows = queries.filter((query) => query.entityId === entityId);
      expect(windows[0]?.window.from).toBe('2025-11-23T12:00:00.000Z');
      expect(windows.at(-1)?.window.to).toBe(now.toISOString());
      windows.slice(1).forEach(({ window }, i) => {
        expect(window.from).toBe(windows[i]?.window.to);
      });
      for (const { window } of windows) {
        const days = (Date.parse(window.to) - Date.parse(window.from)) / msPerDay;
        expect(days).toBeLessThanOrEqual(30);
      }
    }
    expect(queries.filter(({ entityType }) => entityType === 'Note')).toHaveLength(13);
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
