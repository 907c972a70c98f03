import fc from 'fast-check';
import { formats } from '../../src/core/i18n/formats';

const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('formats of a language', () => {
  const english = formats('en-GB', 'Europe/Berlin');
  const german = formats('de', 'Europe/Berlin');

  it.each([
    [0, '0 bytes', '0 Byte'],
    [1, '1 byte', '1 Byte'],
    [999, '999 bytes', '999 Byte'],
    [1000, '1 kB', '1 kB'],
    [1500, '1.5 kB', '1,5 kB'],
    [99_900, '100 kB', '100 kB'],
    [2_000_000, '2 MB', '2 MB'],
    [3_250_000_000, '3.3 GB', '3,3 GB'],
    [4_000_000_000_000_000, '4,000 TB', '4.000 TB'],
  ])('show %i bytes as a file manager does', (count, inEnglish, inGerman) => {
    expect(plain(english.bytes(count))).toBe(inEnglish);
    expect(plain(german.bytes(count))).toBe(inGerman);
  });

  it.each([
    [0, '0 seconds', '0:00'],
    [1, '1 second', '0:01'],
    [46.4, '46 seconds', '0:46'],
    [60, '1 minute', '1:00'],
    [187, '3 minutes', '3:07'],
    [3600, '1 hour', '1:00:00'],
    [3729, '1 hour', '1:02:09'],
    [5400, '1.5 hours', '1:30:00'],
  ])('show a length of %d seconds in words and as a position', (seconds, words, position) => {
    expect(english.duration(seconds)).toBe(words);
    expect(english.position(seconds)).toBe(position);
  });

  it('are made when they are first used, and once', () => {
    const made = jest.spyOn(Intl, 'DateTimeFormat');
    const { day } = formats('en-GB', 'Europe/Berlin');
    expect(made).not.toHaveBeenCalled();
    for (const one of ['2026-11-24T12:00:00Z', '2026-12-02T13:15:00.000Z']) day(one);
    expect(made).toHaveBeenCalledTimes(1);
    made.mockRestore();
  });

  it('are those of Europe in English of no country', () => {
    const { day, time } = formats('en', 'UTC');
    const iso = '2026-12-02T14:15:00Z';
    expect([day(iso), time(iso)]).toEqual(['2 December 2026', '14:15']);
    expect(formats('en-US', 'UTC').day(iso)).toBe('December 2, 2026');
  });

  it('show days and times of the time zone, not of UTC', () => {
    const iso = '2026-12-27T23:30:07Z';
    expect(english.longDay(iso)).toMatch(/^Monday,? 28 December 2026$/);
    expect(german.longDay(iso)).toBe('Montag, 28. Dezember 2026');
    expect(english.day(iso)).toBe('28 December 2026');
    expect(english.shortDay(iso)).toMatch(/^Mon,? 28 Dec$/);
    expect(english.time(iso)).toBe('0:30');
    expect(english.timeWithSeconds(iso)).toBe('00:30:07');
    expect(english.dateTime(iso)).toBe('28 December 2026 at 00:30');
  });

  it.each(['Pacific/Pago_Pago', 'America/New_York', 'UTC', 'Asia/Tokyo', 'Pacific/Kiritimati'])(
    'show a day without a time as that day, in %s, too',
    (timeZone) => {
      const { longDay, day, shortDay, month, daysBetween } = formats('en-GB', timeZone);
      expect(longDay('2026-12-01')).toMatch(/^Tuesday,? 1 December 2026$/);
      expect(day('2026-12-01')).toBe('1 December 2026');
      expect(shortDay('2026-12-01')).toMatch(/^Tue,? 1 Dec$/);
      expect(month('2026-12-01')).toBe('December 2026');
      expect(daysBetween('2026-11-30', '2026-12-01')).toBe(1);
    },
  );

  it('show a month by itself and that of a day in the time zone', () => {
    expect(formats('en', 'America/Los_Angeles').month('2022-03')).toBe('March 2022');
    expect(english.month('2022-02-28T23:30:00Z')).toBe('March 2022');
    expect(german.month('2022-03')).toBe('März 2022');
  });

  it('count days by the calendar: over a change to summer time, and backwards', () => {
    expect(english.daysBetween('2026-03-28T12:00:00Z', '2026-03-30T01:00:00Z')).toBe(2);
    expect(english.daysBetween('2026-11-29T22:59:00Z', '2026-11-29T23:01:00Z')).toBe(1);
    expect(english.daysBetween('2026-12-02T12:00:00Z', '2026-11-30T12:00:00Z')).toBe(-2);
  });

  it('count the same number of days there and back, whatever the time zone', () => {
    const time = fc
      .integer({ min: Date.UTC(2019, 0), max: Date.UTC(2032, 0) })
      .map((ms) => new Date(ms).toISOString());
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia', 'America/St_Johns');
    fc.assert(
      fc.property(time, time, zone, (a, b, timeZone) => {
        const { daysBetween } = formats('en', timeZone);
        expect(daysBetween(a, b)).toBe(-daysBetween(b, a) + 0);
        expect(Number.isInteger(daysBetween(a, b))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('join lists and write numbers and shares as the language does', () => {
    expect(english.list(['calls', 'emails', 'chats'])).toBe('calls, emails and chats');
    expect(german.number(1204)).toBe('1.204');
    expect(plain(german.percent(0.736))).toBe('74 %');
  });
});
