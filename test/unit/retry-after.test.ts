import { readHttpDate, retryAfterSeconds } from '../../src/adapters/genesys/retry-after';

const now = new Date('2026-11-06T08:49:37Z');

describe('an HTTP-date', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov 16 08:49:37 1994', '1994-11-16T08:49:37.000Z'],
    // Two digits are a year at most 50 years ahead.
    ['Friday, 06-Nov-76 08:49:37 GMT', '2076-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-77 08:49:37 GMT', '1977-11-06T08:49:37.000Z'],
    // A leap day and a leap second.
    ['Tue, 29 Feb 2028 00:00:00 GMT', '2028-02-29T00:00:00.000Z'],
    ['Sat, 31 Dec 2016 23:59:60 GMT', '2017-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(readHttpDate(text, now)?.toISOString()).toBe(expected);
  });

  it.each([
    '',
    '120',
    '2026-11-06T08:49:37Z',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 +0100',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'Sun, 31 Feb 1994 08:49:37 GMT',
    'Sun, 00 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sun, 06 Nov 1994 08:60:00 GMT',
    'Sun, 06 Now 1994 08:49:37 GMT',
    ' Sun, 06 Nov 1994 08:49:37 GMT later',
  ])('is not: %s', (text) => {
    expect(readHttpDate(text, now)).toBeNull();
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    [' 7 ', 7],
    ['0', 1],
    ['3600', 300],
    ['99999999999999999999999', 300],
    ['Fri, 06 Nov 2026 08:51:37 GMT', 120],
    ['Friday, 06-Nov-26 08:51:37 GMT', 120],
    ['Fri Nov  6 08:51:37 2026', 120],
    ['Fri, 06 Nov 2026 08:49:37 GMT', 1],
    ['Fri, 06 Nov 2026 08:00:00 GMT', 1],
    ['Sat, 07 Nov 2026 08:49:37 GMT', 300],
    ['', null],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['1e2', null],
    ['0x10', null],
    ['NaN', null],
    ['2026-11-06', null],
  ])('%s asks for %p seconds', (value, expected) => {
    expect(retryAfterSeconds(value, now)).toBe(expected);
  });

  it('counts a part of a second as a whole one', () => {
    const between = new Date('2026-11-06T08:49:37.500Z');
    expect(retryAfterSeconds('Fri, 06 Nov 2026 08:49:39 GMT', between)).toBe(2);
  });
});
