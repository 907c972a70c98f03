import { bucketPrefixes, recordingOfKey } from '../../src/core/genesys/bulk-export';
import { planAuditQueries } from '../../src/core/genesys/audits';
import fc from 'fast-check';
import {
  addCounts,
  countItems,
  expectedOf,
  isAccountedFor,
  itemKinds,
  itemStatuses,
} from '../../src/core/package/items';
import { groupCount, inGroup, partName, searchKey } from '../../src/core/package/blob-names';
import { packageEndsAt } from '../../src/core/package/expiry';
import { InvalidBodyError, parseRequestBody } from '../../src/core/api/request-body';
import { isFinal, mayFollow, requestStates } from '../../src/core/request/states';
import { halveWindow, planWindows } from '../../src/core/genesys/search-windows';

const day = 86_400_000;

describe('states', () => {
  it('lead from every state that is not final to an end', () => {
    for (const state of requestStates) {
      const reached = new Set([state]);
      for (const from of reached)
        requestStates.filter((to) => mayFollow(from, to)).forEach((to) => reached.add(to));
      expect([...reached].some(isFinal)).toBe(true);
    }
  });

  it('never release what has not been packaged, and never go back from an end', () => {
    expect(requestStates.filter((from) => mayFollow(from, 'available'))).toEqual(['packaging']);
    for (const from of requestStates.filter(isFinal)) {
      expect(requestStates.filter((to) => mayFollow(from, to))).toEqual([]);
    }
  });

  it('export nothing before somebody has proven who they are', () => {
    const before = requestStates.filter((from) => mayFollow(from, 'exporting'));
    expect(before.sort()).toEqual(['failed', 'identifying', 'needsDecision', 'packaging']);
  });
});

describe('search windows', () => {
  const time = fc.date({
    min: new Date('2020-01-01'),
    max: new Date('2035-01-01'),
    noInvalidDate: true,
  });

  it('cover the years without gap or overlap, borders at midnight', () => {
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
            expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(days * day);
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

  it('are 83 for seven years of at most 31 days', () => {
    expect(planWindows(new Date('2026-11-23T12:00:00Z'), 7, 31)).toHaveLength(83);
  });

  it('are halved at a midnight until a day is left', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
        const window = {
          from: '2020-02-01T00:00:00.000Z',
          to: new Date(Date.UTC(2020, 1, 1) + days * day).toISOString(),
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

describe('items', () => {
  const item = fc.record({
    kind: fc.constantFrom(...itemKinds),
    status: fc.constantFrom(...itemStatuses),
  });

  it('are counted the same in one go and page by page', () => {
    fc.assert(
      fc.property(fc.array(item), fc.array(item), (a, b) => {
        expect(addCounts(countItems(a), countItems(b))).toEqual(countItems([...a, ...b]));
      }),
    );
  });

  it('are accounted for only when none is open and no more failed than allowed', () => {
    fc.assert(
      fc.property(fc.array(item), fc.nat(5), (items, allowed) => {
        const open = items.some(({ status }) => status === 'pending');
        const failed = items.filter(({ status }) => status === 'failed').length;
        expect(isAccountedFor(countItems(items), allowed)).toBe(!open && failed <= allowed);
      }),
    );
  });

  it('that the source does not have are not expected', () => {
    const counts = countItems([
      { kind: 'transcript', status: 'absent' },
      { kind: 'transcript', status: 'exported' },
    ]);
    expect(expectedOf(counts.transcript)).toBe(1);
  });
});

describe('layout', () => {
  it('puts every search, and the halves of one, into one group', () => {
    const searches = Array.from({ length: 85 }, (_, i) => ({ key: searchKey(i) }));
    searches.push({ key: `${searchKey(30)}a` }, { key: `${searchKey(30)}b` });
    const groups = Array.from({ length: groupCount(85) }, (_, i) => inGroup(searches, i + 1));
    expect(groups.flat()).toHaveLength(searches.length);
    expect(groups[2]?.map(({ key }) => key)).toContain('0030b');
  });

  it('names parts by one length, in the order of the package', () => {
    const names = [
      partName(1, 1),
      partName(1, 2),
      partName(2, 1),
      partName(2, 10_000),
      partName(999_999, 99_999),
    ];
    expect([...names].sort()).toEqual(names);
    expect(new Set(names.map((name) => name.length)).size).toBe(1);
  });
});

describe('the bucket of the bulk export', () => {
  it('is asked by the hour in which a conversation began, with numbers padded and not', () => {
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
  ])('tells recordings from what stands beside them: %s', (key, expected) => {
    expect(recordingOfKey(key)).toEqual(expected);
  });
});

describe('queries of the audit trail', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  it('cover the year that audits are kept, without gap or overlap, for each contact and note', () => {
    const queries = planAuditQueries(now, ['c1', 'c2'], ['n1']);
    for (const entityId of ['c1', 'c2', 'n1']) {
      const windows = queries.filter((query) => query.entityId === entityId);
      expect(windows[0]?.window.from).toBe('2025-11-23T12:00:00.000Z');
      expect(windows.at(-1)?.window.to).toBe(now.toISOString());
      windows.slice(1).forEach(({ window }, i) => {
        expect(window.from).toBe(windows[i]?.window.to);
      });
      for (const { window } of windows) {
        const days = (Date.parse(window.to) - Date.parse(window.from)) / 86_400_000;
        expect(days).toBeLessThanOrEqual(30);
      }
    }
    expect(queries.filter(({ entityType }) => entityType === 'Note')).toHaveLength(13);
  });
});

describe('the body of a request', () => {
  it('never repeats in its problems what was sent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (secret) => {
        const value = `${secret}-secret-value`;
        const body = {
          ticketId: 1,
          identifiers: [{ type: value, value }],
          receivedAt: value,
          [`f${1}`]: value,
        };
        try {
          parseRequestBody(body, null);
          throw new Error('accepted');
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidBodyError);
          expect(JSON.stringify((error as InvalidBodyError).problems)).not.toContain(
            'secret-value',
          );
        }
      }),
    );
  });
});

describe('the end of a package', () => {
  const availableUntil = '2026-11-24T12:00:00.000Z';
  it.each([
    ['nothing is released', null, null, null],
    ['nobody downloads', availableUntil, null, availableUntil],
    ['a download has ended before', availableUntil, '2026-11-24T11:00:00.000Z', availableUntil],
    ['a download runs', availableUntil, '2026-11-24T12:15:00.000Z', '2026-11-24T12:15:00.000Z'],
    ['one never ends', availableUntil, '2026-11-27T12:00:00.000Z', '2026-11-25T12:00:00.000Z'],
  ])('when %s', (_name, until, downloadUntil, expected) => {
    expect(packageEndsAt({ availableUntil: until, downloadUntil })).toBe(expected);
  });
});
