import { readinessChecks } from '../../src/core/api/readiness';
import { checkReadiness, type ReadinessRuns } from '../../src/services/readiness';
import { domainOf, skewOf } from '../../src/services/trials';

const runs = (change: Partial<ReadinessRuns> = {}): ReadinessRuns => ({
  ...(Object.fromEntries(
    readinessChecks.map((name) => [name, () => Promise.resolve(null)]),
  ) as unknown as ReadinessRuns),
  ...change,
});

describe('the checks of readiness', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('end after their limit, side by side, also when something never answers', async () => {
    const never = () => new Promise<never>(() => undefined);
    const outcomes = checkReadiness(runs({ blobs: never, genesys: never }), 8000);
    await jest.advanceTimersByTimeAsync(8000);
    expect((await outcomes).filter(({ code }) => code !== 'ok')).toEqual([
      { check: 'blobs', code: 'failed', reason: 'timeout' },
      { check: 'genesys', code: 'failed', reason: 'timeout' },
    ]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('fail by a code of their own when they throw, at once or later', async () => {
    const outcomes = await checkReadiness(
      runs({
        mail: () => {
          throw new Error('at once');
        },
        keySign: () => Promise.reject(new Error('later')),
        controllerFiles: () => Promise.resolve('notConfigured'),
      }),
      8000,
    );
    expect(outcomes.filter(({ code }) => code !== 'ok')).toEqual([
      { check: 'keySign', code: 'failed', reason: 'checkFailed' },
      { check: 'mail', code: 'failed', reason: 'checkFailed' },
      { check: 'controllerFiles', code: 'notConfigured', reason: null },
    ]);
  });
});

describe('a check of what others decide on', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each<[string, ReadinessRuns['mailDomain'], string]>([
    ['finds something', () => Promise.resolve('dkimMissing'), 'warning dkimMissing'],
    ['finds nothing out', () => Promise.resolve('noAnswer'), 'unknown noAnswer'],
    ['throws', () => Promise.reject(new Error('later')), 'unknown checkFailed'],
    ['never ends', () => new Promise(() => undefined), 'unknown timeout'],
  ])('never fails: one that %s', async (_name, mailDomain, expected) => {
    const outcomes = checkReadiness(runs({ mailDomain }), 8000);
    await jest.advanceTimersByTimeAsync(8000);
    expect(
      (await outcomes)
        .filter(({ code }) => code !== 'ok')
        .map(({ check, code, reason }) => `${check} ${code} ${reason}`),
    ).toEqual([`mailDomain ${expected}`]);
  });
});

describe('the domain whose records are looked up', () => {
  it.each([
    ['privacy@shop-company.eu', 'shop-company.eu'],
    ['privacy@shop-company.eu.', 'shop-company.eu'],
    ['privacy@example-shop.com', 'example-shop.com'],
    ['privacy@shop.example', null],
    ['privacy@shop.TEST', null],
    ['DoNotReply@0a1b.azurecomm.net', null],
    ['privacy', null],
  ])('of %s is %s', (sender, expected) => {
    expect(domainOf(sender)).toBe(expected);
  });
});

describe('a difference of clocks', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  it.each([
    ['Mon, 23 Nov 2026 12:00:00 GMT', null],
    ['Mon, 23 Nov 2026 11:59:00 GMT', null],
    ['Mon, 23 Nov 2026 11:58:59 GMT', 61],
    ['Mon, 23 Nov 2026 12:02:00 GMT', -120],
    [null, null],
    ['no time', null],
  ])('to %s is %s seconds', (there, expected) => {
    expect(skewOf(there, now)).toBe(expected);
  });
});
