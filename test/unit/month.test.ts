import { missedClocks, type Plan } from '../../local/month/clocks';
import type { CustodyLine } from '../../src/core/custody/record';
import type { RequestState } from '../../src/core/request/states';

const start = Date.parse('2026-11-01T00:00:00Z');
const hour = 3_600_000;
const day = 24 * hour;

const line = (after: number, change: Partial<CustodyLine>): CustodyLine =>
  ({ at: new Date(start + after).toISOString(), ...change }) as CustodyLine;
const became = (after: number, to: RequestState) => line(after, { to });
const mailed = (after: number, kind: string) =>
  line(after, { event: 'messageSent', detail: { kind } });
const deleted = (after: number) => line(after, { event: 'deleted' });

describe('the clocks of a month', () => {
  it.each<[string, Plan, CustodyLine[], string[]]>([
    [
      'a package that expires in time',
      'expires',
      [became(0, 'available'), became(72 * hour, 'expired'), deleted(72 * hour)],
      [],
    ],
    [
      'one that expires too late',
      'expires',
      [became(0, 'available'), became(85 * hour, 'expired'), deleted(85 * hour)],
      ['the expiry'],
    ],
    [
      'one that expires too early',
      'expires',
      [became(0, 'available'), became(71 * hour, 'expired'), deleted(71 * hour)],
      ['the expiry'],
    ],
    ['one that never ends', 'expires', [became(0, 'available')], ['the expiry', 'the deletion']],
    [
      'a person who never comes, and is not reminded',
      'isUnverified',
      [became(0, 'awaitingVerification'), became(7 * day, 'unverified'), deleted(7 * day)],
      ['the reminder'],
    ],
    [
      'a request that comes late, and nobody is warned',
      'isLate',
      [
        became(0, 'awaitingVerification'),
        mailed(3 * day, 'reminder'),
        became(7 * day, 'unverified'),
        deleted(7 * day),
      ],
      ['the warning'],
    ],
    [
      'a failure that is given up by the clean-up of the next day',
      'failsForGood',
      [became(0, 'failed'), became(11 * day, 'cancelled'), deleted(11 * day)],
      [],
    ],
    [
      'what is deleted long after the end',
      'isCancelled',
      [became(0, 'cancelled'), deleted(13 * hour)],
      ['the deletion'],
    ],
  ])('%s', (_name, plan, custody, missed) => {
    expect(missedClocks(plan, custody)).toEqual(missed);
  });
});
