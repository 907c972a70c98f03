import { defaultPolicy } from '../../src/core/redaction/policy';
import { isCheckDigitRight } from '../../src/core/redaction/cards';
import { countRedactions } from '../../src/core/redaction/redactions';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

const card = '4111111111111111';
const removed = '[card number removed]';
const sanitiser = (): Sanitiser => new Sanitiser(defaultPolicy, (id) => id);

describe('a check digit', () => {
  it.each([
    // The example of ISO/IEC 7812-1 annex B, and numbers by which payment providers are tested.
    ['4992 73 9871 6', true],
    ['4992 73 9871 7', false],
    ['378282246310005', true],
    ['5555-5555-5555-4444', true],
    ['5555-5555-5555-4445', false],
    ['6011111111111117', true],
    ['5011111111111117', false],
    ['0000000000000000', true],
    ['5555555555555555', false],
    ['18', true],
    ['19', false],
    ['59', true],
    ['91', true],
  ])('of %s is right: %s', (text, expected) => {
    expect(isCheckDigitRight(text.replaceAll(/\D/g, ''))).toBe(expected);
  });
});

describe('the search for card numbers', () => {
  it.each([
    ['of 12 digits', '411111111116', false],
    ['of 13 digits', '4222222222222', false],
    ['of 19 digits', '6304000000000000000', true],
    ['of 20 digits', '63040000000000000004', false],
    ['of 16 digits that begins with 1', '1234567890123452', false],
    ['of 19 digits that begins with 1', '1234567890123456785', false],
    ['that repeats one digit', '5555 5555 5555 5555', false],
    ['after +', `+${card}`, false],
    ['after a letter', `x${card}`, true],
    ['before a letter', `${card}x`, true],
    ['with a space in each place', [...card].join(' '), true],
    ['with a hyphen in each place', [...card].join('-'), true],
    ['with two spaces', '4111  1111 1111 1111', true],
    ['with a point', '4111.1111.1111.1111', true],
    ['with a wrong digit', '4111111111111112', false],
  ])('%s finds it or not', (_name, text, isFound) => {
    const one = sanitiser();
    expect(one.text(`a ${text} z`)).toBe(
      isFound ? `a ${text.replace(/\d.*\d/, removed)} z` : `a ${text} z`,
    );
    expect(countRedactions(one.redactions)).toEqual(isFound ? { cardNumber: 1 } : {});
  });

  it.each([
    ['its expiry after it', '4111 1111 1111 1111 12/27', `${removed} 12/27`],
    ['its expiry and check value', '4111-1111-1111-1111 12 27 123', `${removed} 12 27 123`],
    ['another number before it', 'order 12 4111111111111111', `order 12 ${removed}`],
    ['numbers on both sides', '7 4111 1111 1111 1111 9', `7 ${removed} 9`],
    ['another card', '4111 1111 1111 1111 378282246310005', `${removed} ${removed}`],
    ['a phone number', '+49 151 4111 1111 1111 1111', `+49 151 ${removed}`],
    ['single digits', '9 4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 8', `9 ${removed} 8`],
    ['no card that is in use', '12 1111111111111117', '12 1111111111111117'],
    ['a number of 12 digits', '7 411111111117', '7 411111111117'],
    ['another number, with 13 digits', '7 4111111111119 cvv', `7 ${removed} cvv`],
    ['another number, with 19 digits', '7 4111111111111111110', `7 ${removed}`],
    ['a number of 20 digits', '7 41111111111111111115', '7 41111111111111111115'],
    ['digits with a check digit over all', '1111 1111 1111 1111 1228', '1111 1111 1111 1111 1228'],
    ['a number of no payment card', '7 1234567890123452', '7 1234567890123452'],
    ['a longer group of digits', '94111111111111111 1', '94111111111111111 1'],
  ])('finds it beside %s', (_name, text, expected) => {
    expect(sanitiser().text(text)).toBe(expected);
  });

  it('reads any number of digits, in one group or in many', () => {
    const digits = '1'.repeat(200_000);
    expect(sanitiser().text(digits)).toBe(digits);
    const groups = '4 '.repeat(3_000);
    expect(sanitiser().text(groups)).toBe(groups);
  });

  it.each([
    ['an id', 'bdf82cee-e6f7-48b2-ac38-302160455453', true],
    ['an id in capitals', 'BDF82CEE-E6F7-48B2-AC38-302160455453', true],
    ['an id of digits', `41111111-1111-4111-8111-${'0'.repeat(12)}`, true],
    ['an id after a letter', `xbdf82cee-e6f7-48b2-ac38-${card.slice(0, 12)}`, true],
    ['an id with another digit', `bdf82cee-e6f7-48b2-ac38-${card}`, false],
    ['an id after another digit', `1bdf82cee-e6f7-48b2-ac38-${card}`, false],
    ['an id with a group too few', `bdf82cee-e6f7-48b2-${card}`, false],
  ])('leaves the digits of %s', (_name, text, isLeft) => {
    expect(sanitiser().text(text)).toBe(isLeft ? text : text.replace(card, removed));
  });

  it('counts each that it finds', () => {
    const one = sanitiser();
    expect(one.text(`${card} or ${card}, 4111111111111112`)).toBe(
      `${removed} or ${removed}, 4111111111111112`,
    );
    expect(countRedactions(one.redactions)).toEqual({ cardNumber: 2 });
  });
});
