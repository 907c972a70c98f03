import { dateIn, inTimeZone, isTimeZone } from '../../src/core/time/local-time';
import {
  addDays,
  addHours,
  addSeconds,
  atTime,
  msPerDay,
  secondsBetween,
  secondsPerDay,
} from '../../src/core/time/time';

describe('arithmetic on points in time', () => {
  const noon = new Date('2026-03-01T12:00:00.500Z');

  it.each([
    ['seconds', addSeconds(noon, 1.5), '2026-03-01T12:00:02.000Z'],
    ['negative seconds', addSeconds(noon, -1), '2026-03-01T11:59:59.500Z'],
    ['hours', addHours(noon, 13), '2026-03-02T01:00:00.500Z'],
    ['days', addDays(noon, 30), '2026-03-31T12:00:00.500Z'],
    ['negative days', addDays(noon, -1), '2026-02-28T12:00:00.500Z'],
  ])('adds %s', (_name, time, expected) => {
    expect(time.toISOString()).toBe(expected);
    expect(noon.toISOString()).toBe('2026-03-01T12:00:00.500Z');
  });

  it('gives the seconds from one to the other, negative if the other is earlier', () => {
    const later = atTime('2026-03-01T12:01:00.000Z');
    expect(secondsBetween(noon, later)).toBe(59.5);
    expect(secondsBetween(later, noon)).toBe(-59.5);
  });

  it('has a day of 24 hours', () => {
    expect([secondsPerDay, msPerDay]).toEqual([24 * 3600, 24 * 3600 * 1000]);
  });
});

describe('local time', () => {
  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Europe/Nowhere', false],
    ['', false],
  ])('knows whether %s is a time zone: %s', (name, expected) => {
    expect(isTimeZone(name)).toBe(expected);
  });

  it.each<[string, string, [number, number, number]]>([
    ['Pacific/Kiritimati', '2025-12-31T10:00:00Z', [2026, 1, 1]],
    ['UTC', '2025-12-31T23:59:59.999Z', [2025, 12, 31]],
    ['Pacific/Pago_Pago', '2026-01-01T10:59:59Z', [2025, 12, 31]],
    ['Europe/Berlin', '2026-07-08T22:00:00Z', [2026, 7, 9]],
  ])('has the date in %s at %s', (timeZone, time, expected) => {
    expect(dateIn(timeZone, new Date(time))).toEqual(expected);
  });

  it('refuses a time zone that does not exist', () => {
    expect(() => dateIn('Europe/Nowhere', new Date(0))).toThrow(RangeError);
  });

  it.each([
    ['2024-01-01T10:00:00Z', 'Europe/Berlin', '2024-01-01T11:00:00+01:00'],
    ['2024-07-01T22:03:04.567Z', 'Europe/Berlin', '2024-07-02T00:03:04+02:00'],
    ['2024-07-01T22:03:04Z', 'UTC', '2024-07-01T22:03:04+00:00'],
    ['2024-02-03T04:05:06Z', 'America/St_Johns', '2024-02-03T00:35:06-03:30'],
    ['2024-12-31T12:00:00+02:00', 'Asia/Kathmandu', '2024-12-31T15:45:00+05:45'],
    ['', 'UTC', ''],
    ['noon', 'UTC', ''],
  ])('is written with its offset: %s in %s', (iso, timeZone, expected) => {
    expect(inTimeZone(iso, timeZone)).toBe(expected);
  });

  it('is right for each time zone, also when many were used', () => {
    const zones = Intl.supportedValuesOf('timeZone');
    // Names are read in any case, and each is a name of its own.
    const names = [...zones, ...zones.map((zone) => zone.toLowerCase())];
    const write = () => names.map((zone) => inTimeZone('2024-01-01T00:00:00Z', zone));
    expect(names.length).toBeGreaterThan(700);
    expect(write()).toEqual(write());
    expect(inTimeZone('2024-01-01T00:00:00Z', 'Asia/Tokyo')).toBe('2024-01-01T09:00:00+09:00');
  });
});
