import { groupCount, inGroup, searchKey } from '../../src/core/genesys/search-groups';
import { halveWindow, planWindows } from '../../src/core/genesys/search-windows';
import { subjectFilter } from '../../src/core/genesys/subject-filter';

describe('the windows of a search', () => {
  const at = (iso: string) => new Date(iso);
  const window = (from: string, to: string) => ({
    from: `${from}T00:00:00.000Z`,
    to: to.includes('T') ? to : `${to}T00:00:00.000Z`,
  });

  it('begin at the midnight of the same date, and the last one ends now', () => {
    expect(planWindows(at('2026-03-10T12:30:15.250Z'), 1, 150)).toEqual([
      window('2025-03-10', '2025-08-07'),
      window('2025-08-07', '2026-01-04'),
      window('2026-01-04', '2026-03-10T12:30:15.250Z'),
    ]);
  });

  it('are no more than the days need when now is a midnight', () => {
    expect(planWindows(at('2026-03-10T00:00:00Z'), 1, 365)).toEqual([
      window('2025-03-10', '2026-03-10'),
    ]);
    expect(planWindows(at('2026-03-10T00:00:00.001Z'), 1, 365)).toEqual([
      window('2025-03-10', '2026-03-10'),
      window('2026-03-10', '2026-03-10T00:00:00.001Z'),
    ]);
  });

  it.each([
    ['a day', window('2026-03-01', '2026-03-02'), null],
    ['less than a day', window('2026-03-01', '2026-03-01T07:00:00.000Z'), null],
    [
      'a day and a moment',
      window('2026-03-01', '2026-03-02T00:00:00.001Z'),
      [window('2026-03-01', '2026-03-02'), window('2026-03-02', '2026-03-02T00:00:00.001Z')],
    ],
    [
      'two days',
      window('2026-03-01', '2026-03-03'),
      [window('2026-03-01', '2026-03-02'), window('2026-03-02', '2026-03-03')],
    ],
    [
      'five days, the longer half first',
      window('2026-02-27', '2026-03-04'),
      [window('2026-02-27', '2026-03-02'), window('2026-03-02', '2026-03-04')],
    ],
    [
      'three days and a half',
      window('2026-03-01', '2026-03-04T12:00:00.000Z'),
      [window('2026-03-01', '2026-03-03'), window('2026-03-03', '2026-03-04T12:00:00.000Z')],
    ],
  ])('are halved from %s', (_name, whole, halves) => {
    expect(halveWindow(whole)).toEqual(halves);
  });
});

describe('the groups of searches', () => {
  it.each([
    [0, 0],
    [1, 1],
    [12, 1],
    [13, 2],
    [24, 2],
    [25, 3],
  ])('for %d windows are %d', (windows, groups) => {
    expect(groupCount(windows)).toBe(groups);
  });

  it('hold twelve windows each, with their halves', () => {
    expect([searchKey(0), searchKey(11), searchKey(12_345)]).toEqual(['0000', '0011', '12345']);
    const searches = ['0000', '0011', '0011a', '0012', '0012ab', '0023b', '0024'].map((key) => ({
      key,
    }));
    const keysOf = (group: number) => inGroup(searches, group).map(({ key }) => key);
    expect([1, 2, 3, 4].map(keysOf)).toEqual([
      ['0000', '0011', '0011a'],
      ['0012', '0012ab', '0023b'],
      ['0024'],
      [],
    ]);
  });
});

describe('the filter of a search', () => {
  const none = { contactIds: [], phones: [], emails: [], handles: [], since: null };
  const predicatesOf = (change: Partial<Parameters<typeof subjectFilter>[0]>): string[] =>
    subjectFilter({ ...none, ...change }).predicates.map(
      ({ type, dimension, operator, value }) => `${type} ${dimension} ${operator} ${value}`,
    );

  it('asks for contact ids as they are and after a merge', () => {
    expect(predicatesOf({ contactIds: ['c1'] })).toEqual([
      'dimension externalContactId matches c1',
      'dimension canonicalExternalContactId matches c1',
    ]);
  });

  it('asks for numbers wherever the source stores one, with and without tel:', () => {
    const dimensions = ['ani', 'dnis', 'sessionDnis', 'remote', 'addressFrom', 'addressTo'];
    expect(new Set(predicatesOf({ phones: ['+491511'] }))).toEqual(
      new Set(
        [...dimensions, 'callbackNumber'].flatMap((dimension) => [
          `dimension ${dimension} matches tel:+491511`,
          `dimension ${dimension} matches +491511`,
        ]),
      ),
    );
  });

  it('asks for addresses and ids at a network on both sides', () => {
    const asked = (...values: string[]) =>
      new Set(
        ['addressFrom', 'addressTo', 'remote'].flatMap((dimension) =>
          values.map((value) => `dimension ${dimension} matches ${value}`),
        ),
      );
    expect(new Set(predicatesOf({ emails: ['a@b.example'] }))).toEqual(asked('a@b.example'));
    const handles = [{ type: 'facebook' as const, value: '+777' }];
    expect(new Set(predicatesOf({ handles }))).toEqual(asked('+777'));
    const whatsapp = [{ type: 'whatsapp' as const, value: '+4915+11' }];
    expect(new Set(predicatesOf({ handles: whatsapp }))).toEqual(asked('+4915+11', '4915+11'));
  });

  it('is an or of nothing for a person without identifiers', () => {
    expect(subjectFilter(none)).toEqual({ type: 'or', predicates: [] });
  });
});
