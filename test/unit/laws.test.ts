import fc from 'fast-check';
import {
  laws,
  legalClockOf,
  type Law,
  type LegalClock,
  type LegalClockPolicy,
  type LegalFacts,
} from '../../src/core/request/legal-clock';

const now = new Date('2026-06-01T00:00:00Z');
const policyIn = (timeZone: string, holidays: string[] = []): LegalClockPolicy => ({
  timeZone,
  holidays: new Set(holidays),
  isSuspendedByVerification: false,
});
const facts = (law: Law, change: Partial<LegalFacts>): LegalFacts => ({
  law,
  receivedAt: '2026-03-05T10:00:00Z',
  verificationRequestedAt: null,
  verifiedAt: null,
  extendedAt: null,
  ...change,
});
/** The last day of a period, as the controller's calendar has it. */
const lastDayIn = (timeZone: string, end: string | null): string | null =>
  end && new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(Date.parse(end) - 1));

describe('the clock of the UK GDPR', () => {
  const london = policyIn('Europe/London', [
    '2026-04-03',
    '2026-04-06',
    '2026-05-04',
    '2026-12-25',
  ]);
  const dueDay = (change: Partial<LegalFacts>, policy = london, at = now): string | null =>
    lastDayIn('Europe/London', legalClockOf(facts('ukGdpr', change), policy, at).dueAt);

  it.each([
    // The first two are examples of the ICO's guidance.
    ['ends on the same date of the next month', '2025-09-03T10:00:00Z', '2025-10-03'],
    ['ends on the last day of a month without the date', '2026-03-31T10:00:00Z', '2026-04-30'],
    ['ends on 29 February in a leap year', '2028-01-30T10:00:00Z', '2028-02-29'],
    ['ends on a Monday where 28 February is a Sunday', '2027-01-31T10:00:00Z', '2027-03-01'],
    ['moves from a Saturday to the next Monday', '2026-06-11T10:00:00Z', '2026-07-13'],
    ['moves from a bank holiday', '2026-04-04T10:00:00Z', '2026-05-05'],
    ['moves from Good Friday over Easter', '2026-03-03T10:00:00Z', '2026-04-07'],
    ['moves from Christmas over the weekend', '2026-11-25T10:00:00Z', '2026-12-28'],
    ['begins with the day in London, in summer time', '2026-06-30T23:30:00Z', '2026-08-03'],
  ])('%s', (_name, receivedAt, day) => {
    expect(dueDay({ receivedAt })).toBe(day);
  });

  it('adds two months on an extension, which must be notified within the first', () => {
    const extended = facts('ukGdpr', { extendedAt: '2026-03-20T10:00:00Z' });
    const clock = legalClockOf(extended, london, now);
    expect(clock).toMatchObject({ law: 'ukGdpr', isExtended: true, acknowledgeBy: null });
    expect(lastDayIn('Europe/London', clock.dueAt)).toBe('2026-06-05');
    // 5 April 2026 is a Sunday, and the day after it Easter Monday.
    expect(lastDayIn('Europe/London', clock.extendableUntil)).toBe('2026-04-07');
  });

  it.each([
    ['was not asked for it', null, null, '2026-04-07'],
    ['has not confirmed it by 10 March', '2026-03-06T08:00:00Z', null, '2026-04-10'],
    ['confirmed it on 16 March', '2026-03-06T08:00:00Z', '2026-03-16T08:00:00Z', '2026-04-16'],
    [
      'confirmed it before the receipt',
      '2026-03-01T08:00:00Z',
      '2026-03-02T08:00:00Z',
      '2026-04-07',
    ],
  ])(
    'begins with the confirmation of the identity, where policy allows: the person %s',
    (_name, verificationRequestedAt, verifiedAt, day) => {
      const given = { verificationRequestedAt, verifiedAt };
      const at = new Date('2026-03-10T12:00:00Z');
      const beginning = { ...london, isSuspendedByVerification: true };
      expect(dueDay(given, beginning, at)).toBe(day);
      expect(dueDay(given, london, at)).toBe('2026-04-07');
      const { strictDueAt } = legalClockOf(facts('ukGdpr', given), beginning, at);
      expect(lastDayIn('Europe/London', strictDueAt)).toBe('2026-04-07');
    },
  );

  it('differs from the suspension of the GDPR, which adds the days of the verification', () => {
    const given = {
      verificationRequestedAt: '2026-03-09T08:00:00Z',
      verifiedAt: '2026-03-11T08:00:00Z',
    };
    const suspended = { ...policyIn('Europe/London'), isSuspendedByVerification: true };
    const dayBy = (law: Law): string | null =>
      lastDayIn('Europe/London', legalClockOf(facts(law, given), suspended, now).dueAt);
    expect([dayBy('gdpr'), dayBy('ukGdpr')]).toEqual(['2026-04-07', '2026-04-13']);
  });
});

describe('the clock of the CCPA', () => {
  const zone = 'America/Los_Angeles';
  const california = policyIn(zone, ['2026-05-25', '2026-11-26', '2026-11-27', '2026-12-25']);
  const clockOf = (change: Partial<LegalFacts>, policy = california): LegalClock =>
    legalClockOf(facts('ccpa', change), policy, now);

  it.each([
    ['counts 45 calendar days', '2026-03-05T18:00:00Z', '2026-04-19', '2026-03-17'],
    ['is not moved by a Sunday or a holiday', '2026-11-10T18:00:00Z', '2026-12-25', '2026-11-21'],
    ['counts 29 February', '2028-02-01T18:00:00Z', '2028-03-17', '2028-02-12'],
    ['is a day longer in date without it', '2027-02-01T18:00:00Z', '2027-03-18', '2027-02-12'],
    ['continues in the next year', '2026-12-01T18:00:00Z', '2027-01-15', '2026-12-12'],
    ['counts business days from a Saturday', '2026-06-06T18:00:00Z', '2026-07-21', '2026-06-18'],
    ['leaves Memorial Day out', '2026-05-15T18:00:00Z', '2026-06-29', '2026-05-28'],
    ['leaves Thanksgiving out', '2026-11-20T18:00:00Z', '2027-01-04', '2026-12-04'],
    ['begins with the day in California', '2026-07-01T06:30:00Z', '2026-08-14', '2026-07-11'],
    ['begins with the next day there', '2026-07-01T07:00:00Z', '2026-08-15', '2026-07-13'],
  ])('%s', (_name, receivedAt, day, acknowledged) => {
    const { dueAt, acknowledgeBy } = clockOf({ receivedAt });
    expect([lastDayIn(zone, dueAt), lastDayIn(zone, acknowledgeBy)]).toEqual([day, acknowledged]);
  });

  it('counts the day of receipt by the strictest reading, with and without an extension', () => {
    const strict = (change: Partial<LegalFacts>) => lastDayIn(zone, clockOf(change).strictDueAt);
    expect(strict({})).toBe('2026-04-18');
    expect(strict({ extendedAt: '2026-03-20T10:00:00Z' })).toBe('2026-06-02');
  });

  it('counts every day but Sundays and holidays as a business day', () => {
    // Ten days from a Sunday on end on the second Thursday.
    const { acknowledgeBy } = clockOf({ receivedAt: '2026-06-07T18:00:00Z' });
    expect(lastDayIn(zone, acknowledgeBy)).toBe('2026-06-18');
  });

  it('adds 45 days once on an extension, which must be notified within the first 45', () => {
    const clock = clockOf({ extendedAt: '2026-03-20T10:00:00Z' });
    expect(clock).toMatchObject({ law: 'ccpa', isExtended: true });
    expect(lastDayIn(zone, clock.dueAt)).toBe('2026-06-03');
    expect(lastDayIn(zone, clock.extendableUntil)).toBe('2026-04-19');
  });

  it('runs while the identity is verified, whatever policy says', () => {
    const given = {
      verificationRequestedAt: '2026-03-06T08:00:00Z',
      verifiedAt: '2026-03-20T08:00:00Z',
    };
    const suspended = { ...california, isSuspendedByVerification: true };
    expect(clockOf(given, suspended)).toEqual(clockOf({}));
  });
});

describe('the clock of any law', () => {
  it('is that of the GDPR for a request of before the choice', () => {
    const { law: _, ...before } = facts('ccpa', {});
    expect(legalClockOf(before, policyIn('UTC'), now)).toMatchObject({
      law: 'gdpr',
      dueAt: '2026-04-07T00:00:00.000Z',
      acknowledgeBy: null,
    });
  });

  it('follows the holidays of its law, where they are told apart', () => {
    const policy = {
      ...policyIn('UTC', ['2026-04-06']),
      holidaysByLaw: { ukGdpr: new Set(['2026-04-06', '2026-04-07']) },
    };
    const dayBy = (law: Law): string | null =>
      lastDayIn('UTC', legalClockOf(facts(law, {}), policy, now).dueAt);
    expect([dayBy('gdpr'), dayBy('ukGdpr')]).toEqual(['2026-04-07', '2026-04-08']);
  });

  it('never ends before it begins, and an extension never shortens it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...laws),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.constantFrom('UTC', 'Europe/London', 'America/Los_Angeles', 'Pacific/Kiritimati'),
        (law, received, timeZone) => {
          const receivedAt = received.toISOString();
          const policy = policyIn(timeZone, ['2026-12-25']);
          const plain = legalClockOf(facts(law, { receivedAt }), policy, now);
          const extendedAt = receivedAt;
          const extended = legalClockOf(facts(law, { receivedAt, extendedAt }), policy, now);
          expect(plain.dueAt > receivedAt).toBe(true);
          expect(extended.dueAt > plain.dueAt).toBe(true);
          expect(extended.extendableUntil).toBe(plain.dueAt);
        },
      ),
    );
  });
});
