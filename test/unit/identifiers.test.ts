import {
  isHandle,
  maskedPhone,
  normaliseEmail,
  normaliseHandle,
  normalisePhone,
  parsePhone,
  socialNetworks,
  withoutTag,
} from '../../src/core/subject/identifiers';

describe('identifiers', () => {
  it.each([
    ['+49 151 1234567', null, '+491511234567'],
    ['0151 1234567', 'DE', '+491511234567'],
    ['0151 1234567', null, null],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['+49 151 1234567', 'GB', '+491511234567'],
    ['not a number', 'DE', null],
    ['+49 1', null, null],
    ['', 'DE', null],
  ])('normalise the phone number %s with region %s to %s', (text, region, expected) => {
    expect(normalisePhone(text, region)).toBe(expected);
  });

  // The library takes one 0 away each time it reads a number; without the last, +43 00 5259 is too short.
  it.each([
    ['+49 30 329615', '+4930329615'],
    ['+49 (0) 30 329615', '+4930329615'],
    ['+49 000 30 329615', '+4930329615'],
    ['+43 00 5259', '+4305259'],
  ])('read %s, with trunk prefixes, as %s', (text, expected) => {
    expect(normalisePhone(text, null)).toBe(expected);
  });

  // Of a country that the library does not know, so that nothing but its digits is read.
  it.each([
    ['+999 1234567', null],
    ['+999 1234567 ext. 12', '12'],
    ['+999 1234567 ext 12', '12'],
    ['+999 1234567, ext12', '12'],
    ['+999 1234567,  extension 12', '12'],
    ['+999 1234567;ext=12', '12'],
    ['+999 1234567x12', '12'],
    ['+999 1234567 # 12', '12'],
  ])('keep the unknown number %s, and its extension %s', (text, extension) => {
    expect(parsePhone(text, null)).toEqual({ number: '+9991234567', extension });
  });

  it.each([
    'x +999 1234567',
    'x\n+999 1234567 ext 12',
    '+999 1234567 ext 12 or 13',
    '+999 1234567 ext 1234567890',
    '+999 1234567 twelve',
    '+099 1234567',
    '+999 123',
    '+999 1234567890123',
  ])('do not take %s for a number', (text) => {
    expect(parsePhone(text, null)).toBeNull();
  });

  const longest = (length: number): string => {
    const end = '@mail.example';
    return `m${end.replace('mail', `${'x'.repeat(60)}.${'y'.repeat(length - 71)}`)}`;
  };

  it.each([
    [' Maria@Mail.Example ', 'maria@mail.example'],
    ['m+tag@sub.mail.example', 'm+tag@sub.mail.example'],
    ['m@b.c', 'm@b.c'],
    [`${'m'.repeat(64)}@mail.example`, `${'m'.repeat(64)}@mail.example`],
    [`${'m'.repeat(65)}@mail.example`, null],
    ['@mail.example', null],
    ['maria@mail', null],
    ['maria@.example', null],
    ['maria@mail.', null],
    ['maria@mail..example', null],
    ['maria@.mail.example', null],
    ['a@b@c.example', null],
    ['a@b.c@example', null],
    ['maria@mail.exa mple', null],
    ['maria@ma il.example', null],
    ['mar ia@mail.example', null],
    ['no mailbox', null],
    ['', null],
    // What a list of addresses would be read from is none.
    ['x,foo@corp.example', null],
    ['x;foo@corp.example', null],
    ['maria@mail.example,foo', null],
    ['<maria@mail.example>', null],
    ['maria<foo@corp.example', null],
    ['group:foo@corp.example', null],
    ['maria(foo)@mail.example', null],
    ['"maria foo"@mail.example', null],
    ['maria\\@mail.example', null],
    ['maria@[127.0.0.1]', null],
    ['maria\u0000@mail.example', null],
    ['maria\r\nBcc: foo@corp.example', null],
    ["o'brien!#$%&*/=?^_`{|}~-@mail.example", "o'brien!#$%&*/=?^_`{|}~-@mail.example"],
    ['mária@mail.example', 'mária@mail.example'],
  ])('normalise the email address %s to %s', (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  it('are email addresses of 254 characters at most', () => {
    expect(longest(254)).toHaveLength(254);
    expect(normaliseEmail(longest(254))).toBe(longest(254));
    expect(normaliseEmail(longest(255))).toBeNull();
  });

  it.each([
    ['whatsapp', '491511234567', '+491511234567'],
    ['whatsapp', ' +49 151 1234567 ', '+491511234567'],
    ['whatsapp', 'maria', 'maria'],
    ['whatsapp', '4915112+34567', '4915112+34567'],
    ['facebook', ' 491511234567 ', '491511234567'],
    ['facebook', '+491511234567', '+491511234567'],
    ['facebook', 'x'.repeat(255), 'x'.repeat(255)],
    ['facebook', 'x'.repeat(256), null],
    ['facebook', 'two words', null],
    ['line', '  ', null],
  ] as const)('normalise the id at %s %s to %s', (network, text, expected) => {
    expect(normaliseHandle(network, text)).toBe(expected);
  });

  it('are handles at each network, and else are none', () => {
    expect(socialNetworks).toEqual([
      ...['whatsapp', 'facebook', 'instagram', 'twitter', 'line', 'apple'],
    ]);
    for (const type of socialNetworks) expect(isHandle({ type, value: 'x' })).toBe(true);
    expect(isHandle({ type: 'email', value: 'x' })).toBe(false);
    expect(isHandle({ type: 'phone', value: 'x' })).toBe(false);
  });

  it.each([
    ['maria+shop@mail.example', 'maria@mail.example'],
    ['maria+shop+two@mail.example', 'maria@mail.example'],
    ['maria+@mail.example', 'maria@mail.example'],
    ['maria@mail.example', 'maria@mail.example'],
    ['maria@ma+il.example', 'maria@ma+il.example'],
  ])('lose the tag of %s: %s', (email, expected) => {
    expect(withoutTag(email)).toBe(expected);
  });

  it('show the last two digits of a masked number, and nothing else', () => {
    expect(maskedPhone('+491511234567')).toBe('•••• 67');
  });
});
