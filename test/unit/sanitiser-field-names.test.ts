import type { KnownPeople } from '../../src/core/redaction/people/known';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

const card = '4111 1111 1111 1111';
const mark = '[card number removed]';
const people: KnownPeople = {
  traces: [
    { role: 'staff', kind: 'name', value: 'Ada Brandt', userId: 'u1' },
    { role: 'other', kind: 'address', value: 'anna_b' },
  ],
  own: { ids: [], names: [], addresses: [] },
  lines: [],
};
const sanitiser = (change: Partial<Policy> = {}): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, ...change }, (id) => `agent-${id}`, { file: 'f', people });
const masked = (value: unknown, change: Partial<Policy> = {}): unknown =>
  sanitiser(change).document(value);

describe('the name of a field', () => {
  const placeOf = (name: string): unknown => {
    const one = sanitiser();
    one.document({ [name]: card });
    return one.redactions['cardNumber'];
  };

  it.each([
    ...['a', 'Z', '_', '$', '_x', '$ref', 'Order-No', 'x$1', 'wrapUpNote', 'a1234', 'x1234y1234'],
    'n'.repeat(64),
  ])('as a program has it is told in the log: %s', (name) => {
    expect(placeOf(name)).toEqual({ [`f#${name}`]: 1 });
  });

  it.each([
    ...[
      'a12345',
      '12345a',
      'a1234567890',
      'ab12345',
      '1a',
      '-a',
      ' a',
      'a ',
      'order no',
      'a.b',
      'a#',
      '',
    ],
    ...['ä', 'aä', 'n'.repeat(65)],
  ])('as content may have it is not told: %j', (name) => {
    expect(placeOf(name)).toEqual({ 'f#?': 1 });
  });

  it('stands behind those of what it is in, and lists have brackets', () => {
    const one = sanitiser();
    const value = { a: { b: [{ c: card }, [card]] }, d: [card] };
    one.document(value);
    one.document(value, 'top[]');
    expect(one.redactions).toEqual({
      cardNumber: {
        ...{ 'f#a.b[].c': 1, 'f#a.b[][]': 1, 'f#d[]': 1 },
        ...{ 'f#top[].a.b[].c': 1, 'f#top[].a.b[][]': 1, 'f#top[].d[]': 1 },
      },
    });
  });

  it('with a card number is masked, and told by the object that has it', () => {
    const one = sanitiser();
    expect(one.document<object>({ map: { [card]: 1, [`no ${card}`]: 2 } })).toEqual({
      map: { [mark]: 1, [`no ${mark}`]: 2 },
    });
    expect(one.redactions).toEqual({ cardNumber: { 'f#map': 2 } });
  });

  it('without a card number in it is masked when it names somebody, in whatever form', () => {
    const value = { 'Ada Brandt': 1, ada_brandt: 2, AdaBrandt: 3, anna_b: 4, 'ada.brandt': 5 };
    expect(masked(value)).toEqual({
      ...{ 'agent-u1': 1, 'agent-u1 2': 2, AdaBrandt: 3, '[another person]': 4, 'agent-u1 3': 5 },
    });
  });

  it('may be a single name where the company chose it, and not where the source did', () => {
    const value = { Brandt: { Brandt: 1 }, attributes: { Brandt: 2, inner: { Brandt: 3 } } };
    expect(masked(value, { singleNames: ['Brandt'] })).toEqual({
      Brandt: { Brandt: 1 },
      attributes: { 'agent-u1': 2, inner: { 'agent-u1': 3 } },
    });
  });

  it('is not what a pattern of the policy finds in texts', () => {
    const patterns = [{ name: 'order', pattern: 'order no' }];
    expect(masked({ 'order no': 'order no', [`order no ${card}`]: 1 }, { patterns })).toEqual({
      'order no': '[order removed]',
      [`order no ${mark}`]: 1,
    });
  });

  it('that is masked is no other field of the object, and none is lost', () => {
    const other = '5555 5555 5555 4444';
    expect(masked({ [card]: 1, [other]: 2, '4012 8888 8888 1881': 3, [mark]: 4 })).toEqual({
      ...{ [mark]: 1, [`${mark} 2`]: 2, [`${mark} 3`]: 3, [`${mark} 4`]: 4 },
    });
    expect(masked({ 'Ada Brandt': 1, Agent: 2 }, { agents: 'role' })).toEqual({
      ...{ Agent: 1, 'Agent 2': 2 },
    });
  });

  it('may be any, and the field stays one that can be changed', () => {
    const one = masked(JSON.parse('{"__proto__":{"note":1},"toString":2}')) as object;
    expect(Object.getOwnPropertyDescriptors(one)).toEqual({
      ['__proto__']: { value: { note: 1 }, enumerable: true, configurable: true, writable: true },
      toString: { value: 2, enumerable: true, configurable: true, writable: true },
    });
  });
});
