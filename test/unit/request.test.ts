import fc from 'fast-check';
import { InvalidBodyError, parseRequestBody } from '../../src/core/api/request-body';
import { packageEndsAt } from '../../src/core/package/expiry';
import { emptyCounts } from '../../src/core/package/items';
import { keptPromise, timeLeft, type TimeLeft } from '../../src/core/request/estimate';

describe('the request body', () => {
  it('is never repeated in the problems that are reported', () => {
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

describe('the estimate of an export', () => {
  const now = new Date('2026-11-24T12:10:00Z');
  const since = '2026-11-24T12:00:00Z';
  const counts = (exported: number, pending: number) => {
    const all = emptyCounts();
    all.audio = { ...all.audio, exported, pending };
    return all;
  };

  const request = {
    exportStartedAt: since,
    state: 'exporting',
    exportAttempts: 1,
    waiting: null,
  } as const;
  const about = (minutes: number): TimeLeft => ({ kind: 'about', minutes });
  const unknown: TimeLeft = { kind: 'unknown' };

  it.each<[string, number, number, TimeLeft]>([
    ['half is done after ten minutes', 50, 50, about(10)],
    ['a little less is done: rounded up', 49, 51, about(15)],
    ['a third is done: rounded up to five minutes', 30, 70, about(25)],
    ['a tenth is done: rounded up to half an hour', 10, 90, about(90)],
    ['nearly all is done', 99, 1, about(1)],
    ['all is done', 8, 0, about(1)],
    ['as much is done as an estimate needs', 5, 95, about(210)],
    ['hours are to come: rounded up to half an hour again', 6, 94, about(180)],
    ['too little is done for an estimate', 4, 96, unknown],
    ['nothing is known yet', 0, 0, unknown],
  ])('when %s', (_name, exported, pending, expected) => {
    expect(timeLeft(request, counts(exported, pending), now)).toEqual(expected);
  });

  it.each<[string, string, number, number, TimeLeft]>([
    ['is made from ten seconds on', '2026-11-24T12:09:50Z', 50, 50, about(1)],
    ['is rounded up to an hour after four', '2026-11-24T11:50:00Z', 6, 94, about(360)],
  ])('%s', (_name, exportStartedAt, exported, pending, expected) => {
    const counted = counts(exported, pending);
    expect(timeLeft({ ...request, exportStartedAt }, counted, now)).toEqual(expected);
  });

  it.each<[string, object, TimeLeft]>([
    ['no export runs', { state: 'failed' }, unknown],
    ['none has begun', { exportStartedAt: null }, unknown],
    ['it has run for seconds', { exportStartedAt: '2026-11-24T12:09:51Z' }, unknown],
    ['it goes on where an attempt before has stopped', { exportAttempts: 2 }, unknown],
    [
      'it waits for something',
      { waiting: { reason: 'sourceUnavailable', at: since } },
      { kind: 'longer' },
    ],
  ])('is none by the pace so far when %s', (_name, change, expected) => {
    expect(timeLeft({ ...request, ...change }, counts(5, 5), now)).toEqual(expected);
  });

  it('is taken back once the time is over that somebody was told first', () => {
    const at = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
    const first = keptPromise(null, about(5), now);
    expect(first.left).toEqual(about(5));
    const later = keptPromise(first.promise, about(4), at(5.9));
    expect(later.left).toEqual(about(4));
    expect(keptPromise(later.promise, about(4), at(6)).left).toEqual(about(4));
    expect(keptPromise(later.promise, about(4), at(6.1)).left).toEqual({ kind: 'longer' });
    expect(keptPromise(null, unknown, now)).toEqual({ promise: null, left: unknown });
  });
});

describe('the expiry of a package', () => {
  const availableUntil = '2026-11-24T12:00:00.000Z';
  it.each([
    ['no package is released', null, null, null],
    ['none is released, whatever was downloaded', null, '2026-11-24T12:15:00.000Z', null],
    ['nobody downloads it', availableUntil, null, availableUntil],
    ['a download has ended', availableUntil, '2026-11-24T11:00:00.000Z', availableUntil],
    [
      'a download is running',
      availableUntil,
      '2026-11-24T12:15:00.000Z',
      '2026-11-24T12:15:00.000Z',
    ],
    ['a download ends with it', availableUntil, availableUntil, availableUntil],
    [
      'a download ends a day later',
      availableUntil,
      '2026-11-25T12:00:00.000Z',
      '2026-11-25T12:00:00.000Z',
    ],
    [
      'a download never ends',
      availableUntil,
      '2026-11-27T12:00:00.000Z',
      '2026-11-25T12:00:00.000Z',
    ],
  ])('when %s', (_name, until, downloadUntil, expected) => {
    expect(packageEndsAt({ availableUntil: until, downloadUntil })).toBe(expected);
  });
});
