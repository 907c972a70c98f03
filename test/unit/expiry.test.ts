import { expiryReminderAt, isAnnounced, releaseOf } from '../../src/core/package/expiry';
import { requestStates } from '../../src/core/request/states';

const record = { state: 'available', availableUntil: '2026-12-10T12:00:00.000Z' } as const;
const week = { availabilityHours: 168, reminderHours: 24 };

describe('the reminder before a package is deleted', () => {
  it.each([
    ['a day before, as set', week, '2026-12-09T12:00:00.000Z'],
    ['an hour before', { ...week, reminderHours: 1 }, '2026-12-10T11:00:00.000Z'],
    ['a week before', { availabilityHours: 720, reminderHours: 168 }, '2026-12-03T12:00:00.000Z'],
    [
      'after half of a day',
      { availabilityHours: 24, reminderHours: 24 },
      '2026-12-10T00:00:00.000Z',
    ],
  ])('comes %s', (_name, period, at) => {
    expect(expiryReminderAt(record, period)).toBe(at);
  });

  it('comes only while the package is available and was not downloaded', () => {
    const reminded = requestStates.filter(
      (state) => expiryReminderAt({ ...record, state }, week) !== null,
    );
    expect(reminded).toEqual(['available']);
    expect(expiryReminderAt({ ...record, availableUntil: null }, week)).toBeNull();
  });

  it('comes once for each release', () => {
    expect(expiryReminderAt({ ...record, remindedRelease: 1 }, week)).toBeNull();
    expect(expiryReminderAt({ ...record, remindedRelease: 1, releases: 2 }, week)).not.toBeNull();
    expect(expiryReminderAt({ ...record, remindedRelease: 2, releases: 2 }, week)).toBeNull();
  });
});

describe('the releases of a package', () => {
  it('are one, which the orchestration announces by itself, where the record names none', () => {
    expect([releaseOf({}), isAnnounced({})]).toEqual([1, true]);
    expect([releaseOf({ releases: 2 }), isAnnounced({ releases: 2 })]).toEqual([2, false]);
    expect(isAnnounced({ releases: 2, announcedRelease: 2 })).toBe(true);
    expect(isAnnounced({ releases: 3, announcedRelease: 2 })).toBe(false);
  });
});
