import fc from 'fast-check';
import { InvalidBodyError, parseRequestBody } from '../../src/core/api/request-body';
import { packageEndsAt } from '../../src/core/package/expiry';
import { emptyCounts } from '../../src/core/package/items';
import { minutesLeft } from '../../src/core/request/estimate';

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

  it.each([
    ['half is done after ten minutes', 50, 50, 10],
    ['a tenth is done', 10, 90, 90],
    ['nearly all is done', 99, 1, 1],
    ['as much is done as an estimate needs', 5, 95, 190],
    ['too little is done for an estimate', 4, 96, null],
    ['all is done', 8, 0, 0],
    ['nothing is known yet', 0, 0, null],
  ])('when %s', (_name, exported, pending, expected) => {
    const request = { exportStartedAt: since, state: 'exporting' as const };
    expect(minutesLeft(request, counts(exported, pending), now)).toBe(expected);
  });

  it('is null when no export is running', () => {
    expect(minutesLeft({ exportStartedAt: since, state: 'failed' }, counts(5, 5), now)).toBeNull();
    expect(
      minutesLeft({ exportStartedAt: null, state: 'exporting' }, counts(5, 5), now),
    ).toBeNull();
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
