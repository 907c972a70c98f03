import fc from 'fast-check';
import { InvalidBodyError, parseRequestBody } from '../../src/core/api/request-body';
import { packageEndsAt } from '../../src/core/package/expiry';
import { emptyCounts } from '../../src/core/package/items';
import { minutesLeft } from '../../src/core/request/estimate';
import { isFinal, mayFollow, requestStates } from '../../src/core/request/states';

describe('request states', () => {
  it('lead from every state to a final state', () => {
    for (const state of requestStates) {
      const reached = new Set([state]);
      for (const from of reached)
        requestStates.filter((to) => mayFollow(from, to)).forEach((to) => reached.add(to));
      expect([...reached].some(isFinal)).toBe(true);
    }
  });

  it('allow a release only after packaging, and nothing after a final state', () => {
    expect(requestStates.filter((from) => mayFollow(from, 'available'))).toEqual(['packaging']);
    for (const from of requestStates.filter(isFinal)) {
      expect(requestStates.filter((to) => mayFollow(from, to))).toEqual([]);
    }
  });

  it('allow an export only after the identity was verified', () => {
    const before = requestStates.filter((from) => mayFollow(from, 'exporting'));
    expect(before.sort()).toEqual(['failed', 'identifying', 'needsDecision', 'packaging']);
  });
});

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
    ['too little is done for an estimate', 4, 96, null],
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
    ['nobody downloads it', availableUntil, null, availableUntil],
    ['a download has ended', availableUntil, '2026-11-24T11:00:00.000Z', availableUntil],
    [
      'a download is running',
      availableUntil,
      '2026-11-24T12:15:00.000Z',
      '2026-11-24T12:15:00.000Z',
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
