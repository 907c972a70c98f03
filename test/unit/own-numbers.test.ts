import { ownNumbers } from '../../src/core/redaction/own-numbers';

const none = { contactIds: [], phones: [], handles: [] };
const digits = '4915112345678';

describe("the person's own numbers", () => {
  it.each([
    ['as digits alone', digits, [digits]],
    ['with each sign that is written in numbers', '+49 (151) 123-45.6/78', [digits]],
    ['with twelve digits, fewer than a card has', digits.slice(1), []],
    ['behind a letter', `x${digits}`, []],
    ['before a letter', `${digits}x`, []],
    ['as an id with letters', 'bdf82cee-e6f7-48b2-ac38-302160455453', []],
    ['as nothing', '', []],
  ])('are known by their digits where one is written %s', (_how, value, expected) => {
    expect(ownNumbers({ ...none, phones: [value] })).toEqual(new Set(expected));
  });

  it('are those of its contacts, its phones and its accounts', () => {
    const own = ownNumbers({
      contactIds: ['1111111111111'],
      phones: ['+2222222222222', '+1 222 222 2222'],
      handles: [{ type: 'facebook', value: '3333333333333333' }],
    });
    expect(own).toEqual(new Set(['1111111111111', '2222222222222', '3333333333333333']));
  });
});
