import fc from 'fast-check';
import { completed } from '../../src/core/i18n/translator';
import { inventoryOf } from '../../src/core/package/inventory';
import { countPeriods, localDay, monthOf, viewerChannel } from '../../src/core/package/viewer-rows';
import { channelTotals } from '../../src/core/viewer/periods';
import { emptyCounts, expectedOf, itemKinds, type ItemKind } from '../../src/core/package/items';
import { codeErrorOf, readCode, type EnteredCode } from '../../src/web/portal/code-entry';
import {
  entryErrors,
  identifiersOf,
  nothingEntered,
  refusedFields,
} from '../../src/web/portal/intake-entry';
import { conversationsOf, standsOf } from '../../src/web/portal/kinds';
import { Pace } from '../../src/web/portal/pace';

describe('a code as people type it', () => {
  it.each<[EnteredCode, string, ReturnType<typeof readCode>]>([
    ['sms', '48210937', '48210937'],
    ['sms', ' 4821 0937 ', '48210937'],
    ['sms', '4821-0937', '48210937'],
    ['sms', '48 21\u00a009–37', '48210937'],
    ['officer', '4821.0937', '48210937'],
    ['totp', '123 456', '123456'],
    ['totp', 'abcde-fghjk', 'abcdefghjk'],
    ['totp', 'ABCDE FGHJK', 'ABCDEFGHJK'],
    ['totp', '01234 56789', '0123456789'],
    ['sms', '', { kind: 'empty' }],
    ['sms', ' - ', { kind: 'empty' }],
    ['sms', '4821 093', { kind: 'incomplete' }],
    ['sms', '4821 09377', { kind: 'incomplete' }],
    ['sms', '4821 O937', { kind: 'incomplete' }],
    ['totp', '12345', { kind: 'incomplete' }],
    ['totp', '1234567', { kind: 'incomplete' }],
    ['newApp', '123-456', '123456'],
    ['newApp', 'abcde-fghjk', { kind: 'incomplete' }],
    ['newApp', '01234 56789', { kind: 'incomplete' }],
  ])('is read for %s: "%s"', (method, typed, expected) => {
    expect(readCode(method, typed)).toEqual(expected);
  });

  it.each([
    ['codeWrong', 4, { kind: 'wrong', triesLeft: 4 }],
    ['codeWrong', undefined, { kind: 'wrong', triesLeft: null }],
    ['codeWrong', 0, { kind: 'expired' }],
    ['codeExpired', undefined, { kind: 'expired' }],
    ['tooManyRequests', 3, null],
  ])('is refused by %s with %s tries left as the person can act on it', (code, left, expected) => {
    expect(codeErrorOf(code, left)).toEqual(expected);
  });
});

describe('progress in everyday kinds', () => {
  const progressOf = (change: Partial<Record<ItemKind, [exported: number, pending: number]>>) => {
    const counts = emptyCounts();
    return Object.fromEntries(
      itemKinds.map((kind) => {
        const [exported, pending] = change[kind] ?? [0, 0];
        const expected = expectedOf({ ...counts[kind], exported, pending });
        return [kind, { expected, exported, pending }];
      }),
    ) as Parameters<typeof standsOf>[0];
  };

  it('counts every kind once, and leaves out what there is nothing of', () => {
    const progress = progressOf({
      conversation: [148, 52],
      audio: [100, 50],
      voicemail: [1, 2],
      transcript: [61, 30],
      email: [32, 0],
      note: [3, 0],
      survey: [4, 0],
    });
    expect(standsOf(progress)).toEqual([
      { kind: 'calls', stand: { done: 101, all: 153, found: 101 } },
      { kind: 'texts', stand: { done: 61, all: 91, found: 61 } },
      { kind: 'emails', stand: { done: 32, all: 32, found: 32 } },
      { kind: 'person', stand: { done: 7, all: 7, found: 7 } },
    ]);
    expect(conversationsOf(progress)).toEqual({ done: 148, all: 200, found: 148 });
  });

  it('forgets no kind', () => {
    const one = Object.fromEntries(itemKinds.map((kind) => [kind, [1, 1] as const]));
    const stands = standsOf(progressOf(one));
    const sum = stands.reduce((total, { stand }) => total + stand.all, 0);
    expect(sum).toBe(2 * (itemKinds.length - 1));
  });
});

describe('the pace of a download', () => {
  it('is that of the last seconds, and unknown at first and after a pause', () => {
    const pace = new Pace();
    expect(pace.add(0, 0)).toBeNull();
    expect(pace.add(500, 1000)).toBeNull();
    expect(pace.add(2000, 4000)).toBe(2000);
    // What came before the last seconds counts no more.
    expect(pace.add(9000, 4000)).toBeNull();
    expect(pace.add(10_000, 12_000)).toBe(1000);
    expect(pace.add(30_000, 8000)).toBeNull();
    pace.reset();
    expect(pace.add(31_000, 9000)).toBeNull();
  });

  it('is never negative, nor infinite', () => {
    const steps = fc.array(fc.tuple(fc.nat(5000), fc.nat(1e6)), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (all) => {
        const pace = new Pace();
        let [at, bytes] = [0, 0];
        for (const [time, more] of all) {
          [at, bytes] = [at + time, bytes + more];
          const rate = pace.add(at, bytes);
          if (rate !== null) expect(rate > 0 && Number.isFinite(rate)).toBe(true);
        }
      }),
    );
  });
});

describe('what is entered on the intake page', () => {
  const entries = { ...nothingEntered, name: 'Maria', email: 'maria@mail.example' };

  it('becomes identifiers by what it looks like, without empty ones', () => {
    const written = { ...entries, phone: ' +49 171 1 ', others: ['', 'm@else.example', '030 12'] };
    expect(identifiersOf(written)).toEqual([
      { field: 'email', identifier: { type: 'email', value: 'maria@mail.example' } },
      { field: 'phone', identifier: { type: 'phone', value: '+49 171 1' } },
      { field: 'other-1', identifier: { type: 'email', value: 'm@else.example' } },
      { field: 'other-2', identifier: { type: 'phone', value: '030 12' } },
    ]);
  });

  it.each([
    ['nothing', nothingEntered, ['name nameMissing', 'email emailMissing']],
    ['enough', entries, []],
    ['no mailbox', { ...entries, email: 'maria' }, ['email emailWrong']],
    ['words for a number', { ...entries, phone: 'call me' }, ['phone phoneWrong']],
    ['a number with an extension', { ...entries, phone: '+49 30 123456 ext. 12' }, []],
    ['nonsense as another', { ...entries, others: ['x'] }, ['other-0 otherWrong']],
  ])('is told by field what is wrong with %s', (_name, written, expected) => {
    expect(entryErrors(written).map(({ field, kind }) => `${field} ${kind}`)).toEqual(expected);
  });

  it('finds the field that the server refuses', () => {
    const written = { ...entries, phone: '0171 1', others: ['', 'm@x'] };
    const pointers = ['/identifiers/1/value', '/identifiers/2/value', '/name', '/timeZone'];
    expect(refusedFields(written, pointers)).toEqual([
      { field: 'phone', kind: 'phoneWrong' },
      { field: 'other-1', kind: 'otherWrong' },
      { field: 'name', kind: 'nameMissing' },
    ]);
  });
});

describe('the contents of a package in a sentence', () => {
  const timeZone = 'Europe/Berlin';

  it('are counted by the channels that people know, from the first to the last month', () => {
    const rows = [
      { timeZone, channel: 'voice', start: '2024-03-31T23:00:00.000Z' },
      { timeZone, channel: 'callback', start: '2022-05-01T00:00:00.000Z' },
      { timeZone, channel: 'message', start: '2026-11-02T00:00:00.000Z' },
      { timeZone, channel: 'cobrowse', start: '' },
    ];
    expect(inventoryOf(rows)).toEqual({
      from: '2022-05',
      to: '2026-11',
      channels: { call: 2, email: 0, message: 1, chat: 0, other: 1 },
    });
    expect(inventoryOf([])).toMatchObject({ from: null, to: null });
  });

  it('are counted as the viewer counts them: by its channels and by local months', () => {
    const media = [
      'voice',
      'callback',
      'video',
      'email',
      'message',
      'internalmessage',
      'chat',
      'x',
    ];
    const rows = media.map((channel) => ({ timeZone, channel, start: '2026-10-31T23:30:00.000Z' }));
    const { channels, from, to } = inventoryOf(rows);
    const months = countPeriods(
      rows.map(({ channel, start }) => ({
        kind: viewerChannel(channel),
        day: localDay(start, timeZone),
      })),
      monthOf,
    );
    expect(channels).toEqual(channelTotals(months));
    expect([`${from ?? ''}-01`, `${to ?? ''}-01`]).toEqual([months[0]?.start, months[0]?.start]);
  });
});

describe('a language that lacks messages', () => {
  it('is completed with those of another, at every depth, and keeps its own', () => {
    const own = { name: 'Português', a: { b: 'seu', plural: { one: '1', other: '2' } } };
    const english = {
      name: 'English',
      a: { b: 'your', c: 'more', plural: { one: 'x', other: 'y' } },
      d: { e: 'all' },
    };
    expect(completed(own, english)).toEqual({
      name: 'Português',
      a: { b: 'seu', c: 'more', plural: { one: '1', other: '2' } },
      d: { e: 'all' },
    });
  });
});
