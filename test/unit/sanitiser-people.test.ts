import type { SourceConversation } from '../../src/core/genesys/conversation';
import type { KnownPeople } from '../../src/core/redaction/people/known';
import { defaultPolicy, type Policy } from '../../src/core/redaction/policy';
import { Sanitiser, type SanitiserOptions } from '../../src/core/redaction/sanitiser';

const userId = '5d1f0c62-8e8c-4e0b-9c5f-2f1f6a0e7b11';
const agent = 'agent-5d1f';
const other = '[another person]';
const card = '4111 1111 1111 1111';
const mark = '[card number removed]';
const line = 'tel:+498001234567';
const own = 'tel:+493055501012';
const third = 'tel:+494077712345';
const people: KnownPeople = {
  traces: [
    { role: 'staff', kind: 'id', value: userId, userId },
    { role: 'staff', kind: 'name', value: 'Ada Brandt', userId },
    { role: 'staff', kind: 'address', value: 'ada@shop.example', userId },
    { role: 'other', kind: 'name', value: 'Third Person' },
    { role: 'other', kind: 'name', value: 'Ada Null' },
    { role: 'other', kind: 'name', value: 'Null Brandt' },
    { role: 'other', kind: 'address', value: third },
    { role: 'other', kind: 'id', value: 'contact-3' },
  ],
  own: { ids: ['contact-1'], names: ['Zoe Weber'], addresses: [own] },
  lines: [line],
};
const sanitiser = (change: Partial<Policy> = {}, options: SanitiserOptions = {}): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, ...change }, (id) => `agent-${id.slice(0, 4)}`, {
    ...{ file: 'f', people },
    ...options,
  });
const masked = (value: object, change: Partial<Policy> = {}): object =>
  sanitiser(change).document(value);

describe('a name in two fields of a record', () => {
  it.each([
    ...[
      ['firstName', 'lastName'],
      ['first_name', 'last_name'],
      ['firstname', 'lastname'],
      ['FirstName', 'LastName'],
      ['givenName', 'familyName'],
    ],
    ...[
      ['given_name', 'family_name'],
      ['givenName', 'surname'],
      ['Vorname', 'Nachname'],
      ['vorname', 'nachname'],
    ],
  ])('is masked in %s and %s', (first, last) => {
    const one = sanitiser();
    const record = { [first]: 'Ada', [last]: 'Brandt', note: card };
    expect(one.document<object>({ data: record })).toEqual({
      data: { [first]: agent, [last]: agent, note: mark },
    });
    expect(one.redactions).toEqual({
      agentName: { 'f#data': 1 },
      cardNumber: { 'f#data.note': 1 },
    });
    const nobody = { [first]: 'Zoe', [last]: 'Weber', name: 'Zoe Weber' };
    expect(masked(nobody)).toEqual(nobody);
  });

  it('is found behind a pair that names nobody, or is no name', () => {
    const pair = { given_name: 'Third', family_name: 'Person' };
    const hidden = { given_name: other, family_name: other };
    expect(masked({ firstName: 'x', lastName: 'y', ...pair })).toEqual({
      ...{ firstName: 'x', lastName: 'y', ...hidden },
    });
    expect(masked({ firstName: 'x', lastName: 7, ...pair })).toEqual({
      ...{ firstName: 'x', lastName: 7, ...hidden },
    });
  });

  it('takes two texts: who is called Null has one, and nothing is no name', () => {
    for (const value of [
      { firstName: 'Ada', lastName: null },
      { firstName: null, lastName: 'Brandt' },
      { firstName: 'Ada' },
    ])
      expect(masked(value)).toEqual(value);
    expect(masked({ firstName: 'Ada', lastName: 'Null' })).toEqual({
      ...{ firstName: other, lastName: other },
    });
  });
});

describe('somebody in a field', () => {
  const of = (value: object, change: Partial<Policy> = {}): unknown[] => {
    const one = sanitiser(change);
    return [one.document(value), Object.keys(one.redactions)];
  };

  it.each([
    ['ani', third, other, 'otherPerson'],
    ['from', 'ada@shop.example', `${agent}@masked.invalid`, 'agent'],
    ['name', 'Third Person', other, 'otherPerson'],
    ['agentName', 'Ada Brandt', agent, 'agent'],
    ['externalContactId', 'contact-3', other, 'otherPerson'],
    ['text', 'Third Person', other, 'otherPersonName'],
    ['text', 'Ada Brandt', agent, 'agentName'],
    ['text', `by ${userId}.`, `by ${agent}.`, 'agent'],
    ['selfUri', `/api/v2/users/${userId}`, `/api/v2/users/${agent}`, 'agent'],
    ['ani', 'Ada Brandt', agent, 'agent'],
    ['selfUri', 'ada@shop.example', `${agent}@masked.invalid`, 'agent'],
  ])('of the name %s: %s becomes %s, and is %s in the log', (field, value, expected, reason) => {
    expect(of({ [field]: value })).toEqual([{ [field]: expected }, [reason]]);
  });

  it.each([
    ['ani', own],
    ['dnis', line],
    ['name', 'Zoe Weber'],
    ['externalContactId', 'contact-1'],
    ['evaluatorId', ''],
    ['name', ''],
  ])('of the name %s stays where it is of the person or of nobody: %s', (field, value) => {
    expect(of({ [field]: value })).toEqual([{ [field]: value }, []]);
  });

  it('of a user is called by its id, also one that nobody knows, where agents are not named', () => {
    expect(of({ evaluatorId: 'abcdef', agentIds: ['ghijkl', ''] })).toEqual([
      { evaluatorId: 'agent-abcd', agentIds: ['agent-ghij', ''] },
      ['agent'],
    ]);
    const value = { evaluatorId: 'abcdef', userId, name: 'Ada Brandt', text: 'Ada Brandt' };
    expect(of(value, { agents: 'name' })).toEqual([value, []]);
  });

  it('of a user is named once, and everything beside it is searched', () => {
    const one = sanitiser();
    expect(one.document<object>({ note: { userId, text: `${card} ${userId}` } })).toEqual({
      note: { userId: agent, text: `${mark} ${agent}` },
    });
    expect(one.redactions).toEqual({
      ...{ agent: { 'f#note': 1, 'f#note.text': 1 }, cardNumber: { 'f#note.text': 1 } },
    });
    const written = { userId: `call ${card}` };
    expect(masked(written, { agents: 'name' })).toEqual({ userId: `call ${mark}` });
    expect(masked({ data: { x: written } })).toEqual({ data: { x: { userId: `call ${mark}` } } });
  });

  it('of a name that the company chose says nothing by its field', () => {
    const user = { id: 'abcdef', name: 'Anybody' };
    const free = { evaluatorId: 'abcdef', user, externalContact: { id: 'contact-2', name: 'X' } };
    expect(of({ data: { x: free } })).toEqual([{ data: { x: free } }, []]);
    expect(of({ data: { name: 'Ada Brandt', ani: third } })).toEqual([
      { data: { name: agent, ani: `tel:${other}` } },
      ['agentName', 'otherPerson'],
    ]);
  });
});

describe('a contact of the source', () => {
  const contact = { id: 'contact-2', name: 'Somebody', note: 'x' };
  const fields = ['externalContact', 'fromExternalContact', 'toExternalContact'];

  it.each(fields)('that is not the person leaves a name alone in %s', (field) => {
    const one = sanitiser();
    expect(one.document<object>({ list: [{ [field]: contact }] })).toEqual({
      list: [{ [field]: { name: other } }],
    });
    expect(one.redactions).toEqual({ otherPerson: { [`f#list[].${field}`]: 1 } });
  });

  it.each<[string, object, Partial<Policy>, KnownPeople]>([
    ['is the person', { externalContact: { ...contact, id: 'contact-1' } }, {}, people],
    ['has no id', { externalContact: { name: 'Somebody' } }, {}, people],
    ['has an id that is no text', { externalContact: { ...contact, id: 7 } }, {}, people],
    ['stands in another field', { queue: contact }, {}, people],
    ['may be told by policy', { externalContact: contact }, { otherPeople: 'keep' }, people],
    [
      'may be the person, of whom no contact is known',
      { externalContact: contact },
      {},
      { ...people, own: { ...people.own, ids: [] } },
    ],
  ])('stays where it %s', (_what, value, change, known) => {
    expect(sanitiser(change, { people: known }).document(value)).toEqual(value);
  });
});

describe('a participant', () => {
  const conversation = (...participants: object[]): SourceConversation =>
    ({ conversationId: 'x', participants }) as unknown as SourceConversation;
  const roles = { agent: 'staff', external: 'other', customer: 'own', acd: 'system' } as const;
  const role = ({ purpose }: { purpose?: unknown }) => roles[purpose as keyof typeof roles];
  const sides = [own, line, third, 'Third Person', 'ada@shop.example', 'tel:+4930999', 'Unknown'];
  const sessions = [{ destinationAddresses: sides, unknown: 'x' }];
  const given = { name: 'Ada Brandt', sessions };
  const address = `${agent}@masked.invalid`;

  it.each([
    ['pseudonym', userId, agent],
    ['pseudonym', undefined, 'Agent'],
    ['pseudonym', 7, 'Agent'],
    ['role', userId, 'Agent'],
  ] as const)('of staff in the form %s, by the id %s, is %s', (agents, id, called) => {
    const one = sanitiser({ agents });
    const clean = one.participants(conversation({ purpose: 'agent', userId: id, ...given }), role);
    const ada = agents === 'role' ? 'agent@masked.invalid' : address;
    expect(clean).toMatchObject({ conversationId: 'x' });
    expect(clean.participants).toEqual([
      {
        ...{ purpose: 'agent', name: called, ...(id === undefined ? {} : { userId: id }) },
        sessions: [{ destinationAddresses: [own, line, other, other, ada, called, called] }],
      },
    ]);
    expect(one.redactions).toEqual({});
  });

  it('of staff keeps the first name where policy says so, and nothing where it has none', () => {
    const clean = sanitiser({ agents: 'firstName' }).participants(
      conversation({ purpose: 'agent', userId, ...given, name: 'Brandt, Ada' }),
      role,
    );
    expect(clean.participants).toEqual([
      {
        ...{ purpose: 'agent', userId, name: 'Ada' },
        sessions: [
          {
            destinationAddresses: [
              ...[own, line, other, other, 'agent@masked.invalid', 'Agent', 'Agent'],
            ],
          },
        ],
      },
    ]);
  });

  it('who is somebody else is called as that, and counted', () => {
    const one = sanitiser();
    const value = conversation({ purpose: 'external', ...given });
    expect(one.participants(value, role).participants).toEqual([
      {
        ...{ purpose: 'external', name: other },
        sessions: [{ destinationAddresses: [own, line, other, other, address, other, other] }],
      },
    ]);
    expect(one.redactions).toEqual({ otherPerson: { 'f#participants[]': 1 } });
  });

  it.each<[string, string, Partial<Policy>]>([
    ['the person', 'customer', {}],
    ['a program', 'acd', {}],
    ['staff who may be named', 'agent', { agents: 'name' }],
    ['somebody else who may be told', 'external', { otherPeople: 'keep' }],
  ])('stays as it is for %s', (_what, purpose, change) => {
    const one = sanitiser(change);
    const value = { purpose, userId: 'u1', ...given };
    expect(one.participants(conversation(value), role).participants[0]).toBe(value);
    expect(one.redactions).toEqual({});
  });

  it('is not looked for in a conversation without any', () => {
    const empty = { conversationId: 'x' } as unknown as SourceConversation;
    expect(sanitiser().participants(empty, role)).toBe(empty);
  });

  it('who may be told is not looked for in texts either', () => {
    const text = `Third Person, ${third}`;
    expect(sanitiser({ otherPeople: 'keep' }).text(text)).toBe(text);
    expect(sanitiser().text(text)).toBe(`${other}, tel:${other}`);
  });
});
