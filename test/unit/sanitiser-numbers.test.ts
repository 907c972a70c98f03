import type { KnownPeople } from '../../src/core/redaction/people/known';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { Sanitiser, type SanitiserOptions } from '../../src/core/redaction/sanitiser';

const card = 4111111111111111;
const mark = '[card number removed]';
const other = '[another person]';
const people: KnownPeople = {
  traces: [
    { role: 'other', kind: 'address', value: '+494077712345' },
    { role: 'other', kind: 'address', value: '1000000' },
    { role: 'other', kind: 'id', value: '123456' },
  ],
  own: { ids: [], names: [], addresses: [] },
  lines: [],
};
const sanitiser = (change: Partial<Policy> = {}, options: SanitiserOptions = {}): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, ...change }, (id) => id, { file: 'f', ...options });

describe('a number in a document', () => {
  it('of a card is masked, as a text or as a number, and counted by its place', () => {
    const one = sanitiser();
    expect(one.document<object>({ note: card, list: [card, 7] })).toEqual({
      ...{ note: mark, list: [mark, 7] },
    });
    expect(one.redactions).toEqual({ cardNumber: { 'f#note': 1, 'f#list[]': 1 } });
  });

  it('in a field of an id stays, but for maps whose names the company chose', () => {
    const text = { recordingId: String(card) };
    expect(sanitiser().document<object>(text)).toEqual(text);
    const value = { recordingId: card, inner: { recordingIds: [card] } };
    expect(sanitiser().document<object>(value)).toEqual(value);
    expect(sanitiser().document<object>({ attributes: value, data: { x: [value] } })).toEqual({
      attributes: { recordingId: mark, inner: { recordingIds: [mark] } },
      data: { x: [{ recordingId: mark, inner: { recordingIds: [mark] } }] },
    });
    expect(sanitiser().document<object>({ customFields: { recordingId: String(card) } })).toEqual({
      customFields: { recordingId: mark },
    });
  });

  it('stays where the policy keeps cards, everywhere', () => {
    const value = { note: card, attributes: { recordingId: card, note: String(card) } };
    expect(sanitiser({ cardNumbers: 'keep' }).document(value)).toEqual(value);
  });

  it("of the person's own identifiers is no card's, as a text or as a number", () => {
    const one = sanitiser({}, { own: new Set([String(card)]) });
    const value = { note: card, text: `my ${card}` };
    expect(one.document(value)).toEqual(value);
    expect(one.document<object>({ note: 5555555555554444 })).toEqual({ note: mark });
  });

  it("is no card's where the name of the field calls it something else", () => {
    const value = { orderNumber: card, trackingNumber: String(card) };
    expect(sanitiser().document(value)).toEqual(value);
    expect(sanitiser().find(String(card), 'orderNumber')).toEqual([]);
    expect(sanitiser().find(String(card), 'note')).toHaveLength(1);
    expect(sanitiser().find(String(card))).toHaveLength(1);
  });

  it("is somebody's phone number in the company's own maps alone", () => {
    const one = sanitiser({}, { people });
    const numbers = {
      a: 494077712345,
      b: -494077712345,
      c: 1000000,
      d: 999999,
      e: 123456,
      f: 1e6 + 1,
    };
    expect(one.document<object>({ counts: numbers })).toEqual({ counts: numbers });
    expect(one.redactions).toEqual({});
    const { d, e, f } = numbers;
    const masked = one.document<{ attributes: Record<string, unknown> }>({ attributes: numbers });
    expect(masked.attributes).toEqual({ a: other, b: other, c: other, d, e, f });
    expect(one.redactions).toEqual({
      otherPerson: { 'f#attributes.a': 1, 'f#attributes.b': 1, 'f#attributes.c': 1 },
    });
  });

  it('with markup between its digits is masked once, and the markup stays', () => {
    const one = sanitiser();
    expect(one.text('my 4111 <b>1111</b> 1111 <i>1111</i>.')).toBe(`my ${mark}<b></b><i></i>.`);
    expect(one.redactions).toEqual({ cardNumber: { 'f#': 1 } });
  });
});
