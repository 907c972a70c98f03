import { isSender } from '../../src/cli/checks-messages';

describe('the sender of text messages', () => {
  it.each(['+15550100', 'EXAMPLE', 'Shop24', 'A'])('can be %s', (from) => {
    expect(isSender(from)).toBe(true);
  });

  it.each([
    'pending',
    '',
    '015550100',
    '+0155501000',
    '12345',
    'A name too long',
    'Twelve123456',
    'Shop-1',
  ])('cannot be %p', (from) => {
    expect(isSender(from)).toBe(false);
  });
});
