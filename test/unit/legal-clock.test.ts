import fc from 'fast-check';
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
      law: 'gdpr',
      acknowledgeBy: null,
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

  it.each([
    ['was never asked for it', null, null, '2026-03-20T10:00:00Z', '2026-04-06T22:00:00.000Z'],
    [
      'was asked on the same day',
      '03-10T08:00:00Z',
      null,
      '2026-03-10T20:00:00Z',
      '2026-04-06T22:00:00.000Z',
    ],
    [
      'has not answered for a day',
      '03-09T08:00:00Z',
      null,
      '2026-03-10T20:00:00Z',
      '2026-04-06T22:00:00.000Z',
    ],
    [
      'has not answered for two days',
      '03-08T08:00:00Z',
      null,
      '2026-03-10T20:00:00Z',
      '2026-04-07T22:00:00.000Z',
    ],
    [
      'has answered, whatever the time is now',
      '03-08T08:00:00Z',
      '03-11T08:00:00Z',
      '2027-01-01T00:00:00Z',
      '2026-04-08T22:00:00.000Z',
    ],
    [
      'has answered before midnight in Berlin',
      '03-08T08:00:00Z',
      '03-10T22:59:59Z',
      '2026-03-30T00:00:00Z',
      '2026-04-07T22:00:00.000Z',
    ],
    [
      'has answered at midnight in Berlin',
      '03-08T08:00:00Z',
      '03-10T23:00:00Z',
      '2026-03-30T00:00:00Z',
      '2026-04-08T22:00:00.000Z',
    ],
    [
      'has answered before the question, by another clock',
      '03-10T08:00:00Z',
      '03-08T08:00:00Z',
      '2026-03-30T00:00:00Z',
      '2026-04-06T22:00:00.000Z',
    ],
  ])('counts the days until the person who %s', (_name, asked, verified, at, dueAt) => {
    // The period ends on Sunday, 5 April 2026, without a suspension.
    const given = facts({
      verificationRequestedAt: asked && `2026-${asked}`,
      verifiedAt: verified && `2026-${verified}`,
    });
    const clock = legalClockOf(given, { ...berlin, isSuspendedByVerification: true }, new Date(at));
    expect(clock).toEqual({
      law: 'gdpr',
      acknowledgeBy: null,
      dueAt,
      strictDueAt: '2026-04-06T22:00:00.000Z',
      extendableUntil: dueAt,
      isExtended: false,
    });
  });

  it('adds the days of a suspension to an extended period and to the time for its notice', () => {
    const given = facts({
      verificationRequestedAt: '2026-03-06T08:00:00Z',
      verifiedAt: '2026-03-09T08:00:00Z',
      extendedAt: '2026-03-20T10:00:00Z',
    });
    expect(legalClockOf(given, { ...berlin, isSuspendedByVerification: true }, now)).toEqual({
      law: 'gdpr',
      acknowledgeBy: null,
      dueAt: '2026-06-08T22:00:00.000Z',
      strictDueAt: '2026-06-05T22:00:00.000Z',
      extendableUntil: '2026-04-08T22:00:00.000Z',
      isExtended: true,
    });
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
