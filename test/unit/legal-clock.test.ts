import fc from 'fast-check';
import { alertsOf, type MonitoredRequest } from '../../src/core/request/alerts';
import {
  legalClockOf,
  type LegalClockPolicy,
  type LegalFacts,
} from '../../src/core/request/legal-clock';

const berlin: LegalClockPolicy = {
  timeZone: 'Europe/Berlin',
  holidays: new Set(['2026-12-25', '2027-01-01']),
  isSuspendedByVerification: false,
};
const facts = (change: Partial<LegalFacts>): LegalFacts => ({
  receivedAt: '2026-03-05T10:00:00Z',
  verificationRequestedAt: null,
  verifiedAt: null,
  extendedAt: null,
  ...change,
});
const now = new Date('2026-06-01T00:00:00Z');
/** The last day of the period, as the controller's calendar has it. */
function lastDay(change: Partial<LegalFacts>, policy: Partial<LegalClockPolicy> = {}): string {
  const whole = { ...berlin, ...policy };
  const { dueAt } = legalClockOf(facts(change), whole, now);
  const lastMoment = new Date(Date.parse(dueAt) - 1);
  return new Intl.DateTimeFormat('en-CA', { timeZone: whole.timeZone }).format(lastMoment);
}

describe('the legal clock', () => {
  it.each([
    // The example of the EDPB's guidelines 01/2022, number 157: received on 5 March.
    ['ends on the same date of the next month', '2023-03-05T10:00:00Z', '2023-04-05'],
    ['ends on the last day of a month without the date', '2026-08-31T10:00:00Z', '2026-09-30'],
    ['ends on 29 February in a leap year', '2028-01-31T10:00:00Z', '2028-02-29'],
    ['continues in the next year', '2026-12-10T10:00:00Z', '2027-01-11'],
    ['moves from a Saturday to the next Monday', '2026-03-11T10:00:00Z', '2026-04-13'],
    ['moves from a Sunday to the next Monday', '2026-03-12T10:00:00Z', '2026-04-13'],
    ['moves from a holiday over the weekend', '2026-11-25T10:00:00Z', '2026-12-28'],
    ["counts days in the controller's time zone", '2026-03-04T23:30:00Z', '2026-04-07'],
  ])('%s', (_name, receivedAt, day) => {
    const holidays = new Set(['2026-12-25', '2026-04-06', '2026-04-03']);
    expect(lastDay({ receivedAt }, { holidays })).toBe(day);
  });

  it('adds two months on an extension, and gives the end of the first month', () => {
    const extended = facts({ extendedAt: '2026-03-20T10:00:00Z' });
    const clock = legalClockOf(extended, berlin, now);
    expect(clock).toEqual({
      dueAt: '2026-06-05T22:00:00.000Z',
      strictDueAt: '2026-06-05T22:00:00.000Z',
      // 5 April 2026 is a Sunday.
      extendableUntil: '2026-04-06T22:00:00.000Z',
      isExtended: true,
    });
  });

  it('is suspended during identity verification where policy allows, and keeps both dates', () => {
    const asked = {
      verificationRequestedAt: '2026-03-06T08:00:00Z',
      verifiedAt: '2026-03-09T20:00:00Z',
    };
    const suspended = { ...berlin, isSuspendedByVerification: true };
    const clock = legalClockOf(facts(asked), suspended, now);
    expect(clock.dueAt).toBe('2026-04-08T22:00:00.000Z');
    expect(clock.strictDueAt).toBe('2026-04-06T22:00:00.000Z');
    expect(legalClockOf(facts(asked), berlin, now).dueAt).toBe(clock.strictDueAt);
  });

  it('ends a period with the last hour of the day when clocks change in that night', () => {
    // Clocks go forward in the night to 29 March 2026, a Sunday; in Santiago at midnight of 6 September.
    expect(legalClockOf(facts({ receivedAt: '2026-02-27T10:00:00Z' }), berlin, now).dueAt).toBe(
      '2026-03-27T23:00:00.000Z',
    );
    const santiago = { ...berlin, timeZone: 'America/Santiago' };
    expect(legalClockOf(facts({ receivedAt: '2026-08-04T16:00:00Z' }), santiago, now).dueAt).toBe(
      '2026-09-05T04:00:00.000Z',
    );
  });

  it('never ends on a weekend, before 28 days, or more than five days after 31 days', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('2020-01-01T00:00:00Z'),
          max: new Date('2040-01-01T00:00:00Z'),
          noInvalidDate: true,
        }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'America/Los_Angeles'),
        (received, timeZone) => {
          const policy = { ...berlin, timeZone };
          const { dueAt } = legalClockOf(
            facts({ receivedAt: received.toISOString() }),
            policy,
            now,
          );
          const weekday = new Intl.DateTimeFormat('en', { timeZone, weekday: 'short' }).format(
            new Date(Date.parse(dueAt) - 1),
          );
          expect(['Sat', 'Sun']).not.toContain(weekday);
          const days = (Date.parse(dueAt) - received.getTime()) / 86_400_000;
          expect(days).toBeGreaterThan(27.9);
          expect(days).toBeLessThan(31 + 5.1);
        },
      ),
    );
  });
});

describe('the alerts of a request', () => {
  const limits = { warningDays: 7, stalledHours: 6, failedDays: 30 };
  const request = (change: Partial<MonitoredRequest>): MonitoredRequest => ({
    ...facts({ receivedAt: '2026-05-20T10:00:00Z' }),
    availableUntil: null,
    downloadUntil: null,
    state: 'awaitingVerification',
    stateSince: '2026-05-31T12:00:00Z',
    missingPermissions: [],
    cleanedAt: null,
    ...change,
  });
  const old = '2026-05-31T12:00:00Z';

  it.each<[string, Partial<MonitoredRequest>, string | null, string[]]>([
    ['a request without a problem', {}, null, []],
    ['a deadline that is near', { receivedAt: '2026-05-05T10:00:00Z' }, null, ['deadlineNear']],
    [
      'a deadline that has passed',
      { receivedAt: '2026-04-20T10:00:00Z' },
      null,
      ['deadlinePassed'],
    ],
    [
      'a passed deadline of an answered request',
      {
        receivedAt: '2026-04-20T10:00:00Z',
        state: 'available',
        availableUntil: '2026-06-03T00:00:00Z',
      },
      null,
      [],
    ],
    [
      'a failure with its missing permission',
      { state: 'failed', missingPermissions: ['recording:recording:view'] },
      null,
      ['requestFailed', 'permissionMissing'],
    ],
    ['a stalled export', { state: 'exporting', stateSince: old }, old, ['exportStalled']],
    [
      'an export that makes progress',
      { state: 'exporting', stateSince: old },
      '2026-05-31T23:00:00Z',
      [],
    ],
    [
      'a package past its expiry',
      { state: 'available', availableUntil: '2026-05-30T00:00:00Z' },
      null,
      ['cleanupOverdue'],
    ],
    [
      'an expired package with a running download',
      {
        state: 'available',
        availableUntil: '2026-05-30T23:00:00Z',
        downloadUntil: '2026-05-31T05:00:00Z',
      },
      null,
      [],
    ],
    [
      'a closed request that is not cleaned up',
      { state: 'cancelled', stateSince: '2026-05-30T00:00:00Z' },
      null,
      ['cleanupOverdue'],
    ],
    [
      'a failed request that was neither retried nor cancelled',
      { state: 'failed', stateSince: '2026-04-30T00:00:00Z' },
      null,
      ['requestFailed', 'cleanupOverdue'],
    ],
  ])('are right for %s', (_name, change, lastStep, alerts) => {
    const lastStepAt = lastStep === null ? null : new Date(lastStep);
    expect(alertsOf(request(change), berlin, limits, { now, lastStepAt })).toEqual(alerts);
  });
});
