import { UnreadableError } from '../../src/core/errors';
import { mostLevels } from '../../src/core/genesys/reading';
import { onlySubject } from '../../src/core/redaction/people/known';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import { drain } from '../../src/core/redaction/steps';

const card = '4111 1111 1111 1111';
const mark = '[card number removed]';
const sanitiser = (file?: string, change: Partial<Policy> = {}): Sanitiser =>
  new Sanitiser(
    { ...defaultPolicy, ...change },
    (id) => `agent-${id}`,
    file === undefined ? {} : { file },
  );

describe('the log of what a sanitiser has masked', () => {
  it('names file and field, where they are known', () => {
    const one = sanitiser();
    one.text(card);
    one.text(card, 'subject');
    const other = one.in('b');
    drain(other.textInSteps(`${card}, ${card}`, 'note'));
    other.file = 'c';
    other.document({ text: card });
    expect(one.redactions).toEqual({
      cardNumber: { '#': 1, '#subject': 1, 'b#note': 2, 'c#text': 1 },
    });
    drain(other.textInSteps(card));
    drain(other.documentInSteps({ text: card }));
    drain(other.documentInSteps(card));
    expect(one.redactions).toMatchObject({ cardNumber: { 'c#': 2, 'c#text': 2 } });
    expect(other.redactions).toBe(one.redactions);
    expect(one.file).toBe('');
  });

  it('is not written by a search alone', () => {
    const one = sanitiser('f');
    expect(one.find(`x ${card}`)).toEqual([{ start: 2, end: 21, mark, reason: 'cardNumber' }]);
    expect(one.find('nothing')).toEqual([]);
    expect(one.redactions).toEqual({});
  });

  it.each(['agent', 'agentName', 'otherPerson', 'otherPersonName'])(
    'names all conversations together for %s, which is in every one',
    (reason) => {
      const one = sanitiser('data/conversations/0007/conversation.json');
      one.note(reason, 'x');
      one.in('data/conversations/0008/conversation.json').note(reason, 'x', 3);
      expect(one.redactions).toEqual({
        [reason]: { 'data/conversations/*/conversation.json#x': 4 },
      });
      const audits = sanitiser('data/audits/0007/audit.json');
      audits.note(reason, 'x');
      expect(audits.redactions).toEqual({ [reason]: { 'data/audits/0007/audit.json#x': 1 } });
    },
  );

  it.each(['cardNumber', 'pattern:agent', 'pattern:otherPersonName', 'agentless', 'Name'])(
    'names each conversation for %s',
    (reason) => {
      const file = 'data/conversations/0007/conversation.json';
      const one = sanitiser(file);
      one.note(reason, 'x');
      expect(one.redactions).toEqual({ [reason]: { [`${file}#x`]: 1 } });
    },
  );

  it('is that of before where a document could not be masked: nothing of it is written', () => {
    const one = sanitiser('f');
    one.text(card);
    let deep: unknown = 7;
    for (let level = 0; level <= mostLevels; level += 1) deep = [deep];
    expect(() => one.in('g').document({ text: card, deep })).toThrow(
      new UnreadableError('tooDeep'),
    );
    expect(one.redactions).toEqual({ cardNumber: { 'f#': 1 } });
    const away = new Error('away');
    const failing = new Sanitiser(defaultPolicy, () => {
      throw away;
    });
    expect(() => failing.document({ text: card, evaluatorId: 'u1' })).toThrow(away);
    expect(failing.redactions).toEqual({});
  });

  it('can be put in the place of another, for all files', () => {
    const one = sanitiser('f');
    const other = one.in('g');
    one.text(card);
    other.redactions = { cardNumber: { 'x#': 2 } };
    one.text(card);
    expect(one.redactions).toEqual({ cardNumber: { 'x#': 2, 'f#': 1 } });
  });
});

describe('people that a sanitiser gets to know', () => {
  const person = { contactIds: [], phones: [], emails: [], handles: [], names: ['Zoe Weber'] };
  const user = { id: 'u1', name: 'Ada Brandt' };

  it('are looked for in all files from then on, in the place of whom was known before', () => {
    const one = sanitiser('f');
    expect(one.text('Ada Brandt')).toBe('Ada Brandt');
    const traces = [{ role: 'staff', kind: 'name', value: 'Ada Brandt', userId: 'u1' }] as const;
    one.in('g').know({ ...onlySubject(person), traces: [...traces] });
    expect(one.text('Ada Brandt')).toBe('agent-u1');
    one.know(onlySubject(person));
    expect(one.text('Ada Brandt')).toBe('Ada Brandt');
  });

  it('in a document are added to whom was known before', () => {
    const one = sanitiser('f');
    one.know(onlySubject(person));
    drain(one.meetInSteps({ user }));
    drain(one.meetInSteps({ user: { id: 'u2', name: 'Zoe Weber' } }));
    drain(one.meetInSteps({ agent: { id: 'u3', name: 'Bo Lind' } }));
    expect(one.text('Zoe Weber, Ada Brandt, Bo Lind')).toBe('Zoe Weber, agent-u1, agent-u3');
  });

  it('are called in another form than the policy says where that is told', () => {
    const one = new Sanitiser(defaultPolicy, (id) => `agent-${id}`, { form: 'firstName' });
    expect(one.document<object>({ user })).toEqual({ user: { id: 'agent-u1', name: 'Ada' } });
  });
});

describe('a document of many levels', () => {
  const nested = (levels: number, outer: (inner: unknown) => unknown): unknown => {
    let value: unknown = card;
    for (let level = 0; level < levels; level += 1) value = outer(value);
    return value;
  };

  it.each<[string, (inner: unknown) => unknown]>([
    ['lists', (inner) => [inner]],
    ['objects', (inner) => ({ inner })],
  ])('of %s is masked to the last one that is processed', (_what, outer) => {
    const one = sanitiser('f');
    expect(JSON.stringify(one.document(nested(mostLevels, outer)))).toContain(mark);
    expect(() => one.document(nested(mostLevels + 1, outer))).toThrow(
      new UnreadableError('tooDeep'),
    );
  });
});

describe('a document that is masked in steps', () => {
  /** Nothing is searched, so that only the walk itself pauses. */
  const pausesIn = (document: unknown): number => {
    const work = sanitiser('f', { cardNumbers: 'keep' }).documentInSteps(document);
    let pauses = 0;
    while (work.next().done !== true) pauses += 1;
    return pauses;
  };

  it.each([
    ['127 small values in a list', new Array<number>(127).fill(1), 0],
    ['128 small values in a list', new Array<null>(128).fill(null), 1],
    ['256 small values in a list', new Array<boolean>(256).fill(true), 1],
    ['257 small values in a list', new Array<string>(257).fill(''), 2],
    ['a text of 8128 letters', 'x'.repeat(8128), 0],
    ['a text of 8129 letters', 'x'.repeat(8129), 1],
    ['two texts of 4000 letters in a list', ['x'.repeat(4000), 'x'.repeat(4000)], 0],
    ['two texts of 4001 letters in a list', ['x'.repeat(4001), 'x'.repeat(4000)], 1],
  ])('lets others go on after so much of it: %s', (_what, document, pauses) => {
    expect(pausesIn(document)).toBe(pauses);
  });
});
