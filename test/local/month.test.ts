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

describe('the clocks of a simulated month', () => {
  it.each<[string, Plan, CustodyLine[], string[]]>([
    [
      'accept a package that expires in time',
      'expires',
      [became(0, 'available'), became(72 * hour, 'expired'), deleted(72 * hour)],
      [],
    ],
    [
      'report a package that expires too late',
      'expires',
      [became(0, 'available'), became(85 * hour, 'expired'), deleted(85 * hour)],
      ['the expiry'],
    ],
    [
      'report a package that expires too early',
      'expires',
      [became(0, 'available'), became(71 * hour, 'expired'), deleted(71 * hour)],
      ['the expiry'],
    ],
    [
      'report a package that never expires',
      'expires',
      [became(0, 'available')],
      ['the expiry', 'the deletion'],
    ],
    [
      'report a missing reminder',
      'isUnverified',
      [became(0, 'awaitingVerification'), became(7 * day, 'unverified'), deleted(7 * day)],
      ['the reminder'],
    ],
    [
      'report a missing deadline warning',
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
      'accept a failed request that is cancelled by the next clean-up',
      'failsForGood',
      [became(0, 'failed'), became(11 * day, 'cancelled'), deleted(11 * day)],
      [],
    ],
    [
      'report a late deletion',
      'isCancelled',
      [became(0, 'cancelled'), deleted(13 * hour)],
      ['the deletion'],
    ],
  ])('%s', (_name, plan, custody, missed) => {
    expect(missedClocks(plan, custody)).toEqual(missed);
  });
});
