import type { SourceConversation, SourceParticipant } from '../../src/core/genesys/conversation';
import { UnreadableError } from '../../src/core/errors';
import { mostLevels } from '../../src/core/genesys/reading';
import { AgentNames } from '../../src/core/redaction/agents';
import { roleOf } from '../../src/core/redaction/people/fields';
import { defaultPolicy, type AgentForm, type Policy } from '../../src/core/redaction/policy';
import { addRedactions, countRedactions, redactionLog } from '../../src/core/redaction/redactions';
import { maskedProfile } from '../../src/core/redaction/profile';
import { Sanitiser } from '../../src/core/redaction/sanitiser';

const card = '4111111111111111';
const removed = '[card number removed]';
const sanitiser = (change: Partial<Policy> = {}): Sanitiser =>
  new Sanitiser({ ...defaultPolicy, ...change }, (id) => `pseudonym of ${id}`);

describe('a field', () => {
  const valueIn = (field: string, value: string): unknown =>
    sanitiser().document<Record<string, unknown>>({ [field]: value })[field];

  it.each([
    ...['id', 'recordingId', 'recordingIds', 'conversationId', 'sha256', 'selfUri', 'selfURI'],
    ...['contentUri', 'ani', 'remote', 'addressFrom', 'callbackNumbers', 'whatsAppId', 'e164'],
  ])('of the name %s addresses something: a value is kept, words in it are not', (field) => {
    expect(valueIn(field, card)).toBe(card);
    expect(valueIn(field, `call ${card}`)).toBe(`call ${removed}`);
  });

  it.each([
    ...['text', 'idea', 'xid', 'Identity', 'times', 'xtime', 'sha2560', 'asha256', 'timestamps'],
    ...['recordingIdx', 'Datex', 'Startx', 'Ending', 'note', '', 'createdDate', 'startTime'],
    ...['timestamp', 'cardId', 'paymentUri', 'cardIds', 'pan'],
  ])('of the name %s is searched', (field) => {
    expect(valueIn(field, card)).toBe(removed);
  });

  it('is searched in arrays and in objects', () => {
    const value = { notes: [card, { body: card, count: 7, none: null }], recordingIds: [card] };
    expect(sanitiser().document(value)).toEqual({
      notes: [removed, { body: removed, count: 7, none: null }],
      recordingIds: [card],
    });
  });

  it('with the single words of a text goes when the text was masked, and stays otherwise', () => {
    const words = { words: [{ word: 'hello' }], alternatives: [{ text: 'hallo' }] };
    const clean = sanitiser().document<object>({ text: 'hello', ...words });
    expect(clean).toEqual({ text: 'hello', ...words });
    expect(sanitiser().document<object>({ text: card, ...words })).toEqual({ text: removed });
    expect(sanitiser().document<object>({ body: card, ...words })).toEqual({
      body: removed,
      ...words,
    });
    const { alternatives } = words;
    expect(sanitiser().document<object>({ text: card, alternatives })).toEqual({
      text: removed,
      alternatives,
    });
  });

  it('with the single words stays where the text is no text', () => {
    const value = { text: { note: card }, words: [{ word: 'hello' }] };
    expect(sanitiser().document<object>(value)).toEqual({ ...value, text: { note: removed } });
  });

  it('is not searched in a document with too many levels', () => {
    let value: unknown = card;
    for (let level = 0; level <= mostLevels; level += 1) value = [value];
    expect(() => sanitiser().document(value)).toThrow(new UnreadableError('tooDeep'));
  });
});

describe('patterns', () => {
  it('replace each match by their names, one after the other, and are counted', () => {
    const patterns = [
      { name: 'iban', pattern: '\\bDE\\d{20}\\b' },
      { name: 'smile', pattern: '^😀$|x.y' },
    ];
    const one = sanitiser({ patterns });
    const iban = `DE${'1'.repeat(20)}`;
    expect(one.text(`${iban}, ${iban}`)).toBe('[iban removed], [iban removed]');
    expect(one.text('😀')).toBe('[smile removed]');
    expect(one.text('x😀y')).toBe('[smile removed]');
    expect(countRedactions(one.redactions)).toEqual({ 'pattern:iban': 2, 'pattern:smile': 2 });
  });
});

describe('agents', () => {
  const ada = { id: 'u1', name: ' Ada  Brandt ', email: 'ada@shop.example' };

  it.each(['user', 'createdBy', 'modifiedBy', 'fromUser', 'agent'])(
    'are hidden in the field %s, with all that stands beside their names',
    (field) => {
      const one = sanitiser({ agents: 'firstName' });
      expect(one.document<object>({ [field]: ada })).toEqual({
        [field]: { id: 'pseudonym of u1', name: 'Ada' },
      });
      expect(countRedactions(one.redactions)).toEqual({ agent: 1 });
    },
  );

  it('are hidden in a list of users, and elsewhere an object with an id is left', () => {
    expect(sanitiser().document<object>({ users: [ada], queue: { id: 'q1', name: 'Q' } })).toEqual({
      users: [{ id: 'pseudonym of u1', name: 'pseudonym of u1' }],
      queue: { id: 'q1', name: 'Q' },
    });
    const odd = { user: { id: 7, name: 'Ada' } };
    expect(sanitiser().document(odd)).toEqual(odd);
  });

  it.each([
    ['pseudonym', 'pseudonym of u1', 'Agent'],
    ['role', 'Agent', 'Agent'],
    ['firstName', 'Ada', 'Ada'],
  ] as const)('in the form %s are %s, and %s without an id', (agents, withId, withoutId) => {
    const named = (value: object) => sanitiser({ agents }).document<object>(value);
    const userId = 'pseudonym of u1';
    const rest = { queueName: 'Q' };
    expect(named({ purpose: 'agent', userId: 'u1', name: 'Ada Brandt', ...rest })).toEqual({
      ...{ purpose: 'agent', userId, name: withId },
      ...rest,
    });
    expect(named({ participantPurpose: 'user', name: 'Ada Brandt', ...rest })).toEqual({
      participantPurpose: 'user',
      name: withoutId,
      ...rest,
    });
    const counting = sanitiser({ agents });
    counting.document<object>([{ purpose: 'agent', name: 'Ada' }, { purpose: 'agent' }]);
    expect(countRedactions(counting.redactions)).toEqual({ agent: 1 });
    expect(named({ purpose: 'agent', userId: 'u1' })).toEqual({ purpose: 'agent', userId });
    expect(named({ userId: 'u1', name: 'Orders' })).toEqual({ userId, name: 'Orders' });
    expect(named({ purpose: 'agent' })).toEqual({ purpose: 'agent' });
    expect(named({ purpose: 'customer', participantPurpose: 'agent', name: 'Maria' })).toEqual({
      ...{ purpose: 'customer', participantPurpose: 'agent', name: 'Maria' },
    });
  });

  it('without a name are called by what they are', () => {
    const one = sanitiser({ agents: 'firstName' });
    expect(one.document<object>({ user: { id: 'u1' } })).toEqual({
      user: { id: 'pseudonym of u1', name: 'Agent' },
    });
    expect(one.document<object>({ user: { id: 'u1', name: '  ' } })).toEqual({
      user: { id: 'pseudonym of u1', name: 'Agent' },
    });
    expect(one.document<object>({ purpose: 'agent', name: 7 })).toEqual({
      purpose: 'agent',
      name: 7,
    });
    expect(countRedactions(one.redactions)).toEqual({ agent: 2 });
  });

  it('are called in the audit trail by a form of its own', () => {
    const form = new Sanitiser({ ...defaultPolicy, agents: 'name' }, (id) => id, { form: 'role' });
    expect(form.document<object>({ user: ada })).toEqual({ user: { id: 'u1', name: 'Agent' } });
  });
});

describe('another person', () => {
  const conversation = (participant: SourceParticipant): SourceConversation => ({
    conversationId: 'x',
    conversationStart: '2024-01-01T00:00:00.000Z',
    participants: [participant],
  });
  const without = (participant: SourceParticipant, isOwn = false): unknown =>
    sanitiser().participants(conversation(participant), (one) => roleOf(one, () => isOwn))
      .participants[0];

  it.each([
    ...['ani', 'aniName', 'dnis', 'sessionDnis', 'remote', 'remoteNameDisplayable', 'address'],
    ...['addressFrom', 'addressTo', 'addressSelf', 'addressOther', 'callbackUserName'],
    ...['participantName', 'name'],
  ])('cannot be told by the field %s, of the participant or of a session', (field) => {
    const mask = '[another person]';
    const given = { [field]: 'Else', queueId: 'q', unknown: 'x' };
    expect(without({ purpose: 'customer', ...given, sessions: [given] })).toEqual({
      purpose: 'customer',
      [field]: mask,
      queueId: 'q',
      sessions: [{ [field]: mask, queueId: 'q' }],
    });
  });

  it('keeps the form of what is masked, and nothing in it', () => {
    const given = {
      attributes: { name: 'Else' },
      callbackNumbers: ['+4930555'],
      participantId: 'p',
    };
    expect(without({ purpose: 'external', ...given })).toEqual({
      ...{ purpose: 'external', attributes: {}, participantId: 'p' },
      callbackNumbers: ['[another person]'],
    });
  });

  it.each([
    ['nobody known', { name: 'Queue' }, false],
    ['the person', { purpose: 'customer', name: 'Maria' }, true],
  ])('is not %s', (_name, participant, isOwn) => {
    expect(without(participant, isOwn)).toEqual(participant);
  });

  it('is counted, and not looked for where there are no participants', () => {
    const one = sanitiser();
    const empty = { conversationId: 'x' } as unknown as SourceConversation;
    const others = () => 'other' as const;
    expect(one.participants(empty, others)).toBe(empty);
    expect(countRedactions(one.redactions)).toEqual({});
    const two = conversation({ purpose: 'external', name: 'a' });
    one.participants({ ...two, participants: [...two.participants, ...two.participants] }, others);
    expect(countRedactions(one.redactions)).toEqual({ otherPerson: 2 });
  });
});

describe('the profile', () => {
  it('has its names masked, and a name that is missing stays so', () => {
    const contact = { firstName: null, lastName: `Keller ${card}`, phones: [card] };
    expect(maskedProfile(contact, defaultPolicy)).toEqual({
      contact: { ...contact, lastName: `Keller ${removed}` },
      redactions: { cardNumber: { 'data/profile.json#lastName': 1 } },
    });
  });
});

describe('the log of what was masked', () => {
  it('adds the counts of two documents, place by place', () => {
    const one = { agent: { 'a#x': 2 }, cardNumber: { 'a#y': 1 } };
    const sum = {
      agent: { 'a#x': 5, 'b#x': 1 },
      cardNumber: { 'a#y': 1 },
      otherPerson: { 'a#z': 4 },
    };
    expect(
      addRedactions(one, { agent: { 'a#x': 3, 'b#x': 1 }, otherPerson: { 'a#z': 4 } }),
    ).toEqual(sum);
    expect(one).toEqual({ agent: { 'a#x': 2 }, cardNumber: { 'a#y': 1 } });
    expect(countRedactions(sum)).toEqual({ agent: 6, cardNumber: 1, otherPerson: 4 });
  });

  it('names file and field of what was masked, not what it was', () => {
    const one = new Sanitiser(defaultPolicy, (id) => id, {
      file: 'data/conversations/0007/conversation.json',
    });
    one.document({ messages: [{ text: card }, { text: `${card} ${card}` }], [card]: 1 }, 'a');
    one.document({ userId: 'u1' });
    one.in('data/conversations/0007/note.txt').text(card);
    const file = 'data/conversations/0007/conversation.json';
    expect(redactionLog(defaultPolicy, one.redactions, '')).toMatchObject({
      redactions: [
        {
          reason: 'agent',
          count: 1,
          places: [{ file: 'data/conversations/*/conversation.json', field: '', count: 1 }],
        },
        {
          reason: 'cardNumber',
          count: 5,
          places: [
            { file, field: 'a', count: 1 },
            { file, field: 'a.messages[].text', count: 3 },
            { file: 'data/conversations/0007/note.txt', field: '', count: 1 },
          ],
        },
      ],
    });
    expect(JSON.stringify(one.redactions)).not.toContain(card);
  });

  it('gives policy and reasons in order, without the expressions', () => {
    const patterns = [{ name: 'iban', pattern: 'DE\\d+' }];
    const redactions = {
      'pattern:iban': { 'b#x.y': 1 },
      otherPerson: { 'b#z': 3, 'a#z': 1 },
      agent: { 'a#u': 2 },
      cardNumber: { 'a#t': 3 },
    };
    const at = '2026-11-23T12:00:00.000Z';
    expect(redactionLog({ ...defaultPolicy, patterns }, redactions, at)).toEqual({
      format: 'redaction-log',
      version: 1,
      createdAt: at,
      policy: { ...defaultPolicy, singleNames: 0, patterns: ['iban'] },
      redactions: [
        {
          reason: 'agent',
          justification: 'Name or id of an agent of the company, who has a right to privacy, too',
          count: 2,
          places: [{ file: 'a', field: 'u', count: 2 }],
        },
        {
          reason: 'cardNumber',
          justification: 'Number of a payment card',
          count: 3,
          places: [{ file: 'a', field: 't', count: 3 }],
        },
        {
          reason: 'otherPerson',
          justification: 'Somebody else from outside who took part: name and addresses',
          count: 4,
          places: [
            { file: 'a', field: 'z', count: 1 },
            { file: 'b', field: 'z', count: 3 },
          ],
        },
        {
          reason: 'pattern:iban',
          justification: "Found by the company's pattern “iban”",
          count: 1,
          places: [{ file: 'b', field: 'x.y', count: 1 }],
        },
      ],
      notExamined: [],
    });
  });
});

describe('an agent', () => {
  const named = (form: AgentForm): AgentNames => new AgentNames(form, (id) => `Agent of ${id}`);

  it.each<[string, AgentForm, Record<string, unknown>, Record<string, unknown> | null]>([
    ['by id and name', 'firstName', { id: 'u1', name: 'Ada Brandt' }, { name: 'Ada' }],
    ['by a name alone', 'firstName', { name: 'Brandt,  Ada  Maria' }, { name: 'Ada' }],
    ['by a shown name alone', 'firstName', { displayName: 'Ada Brandt' }, { name: 'Ada' }],
    ['by a name of login alone', 'firstName', { username: 'ada' }, { name: 'Agent' }],
    ['by a name without an id, by pseudonym', 'pseudonym', { name: 'Ada' }, { name: 'Agent' }],
    ['by an id that is no text', 'pseudonym', { id: 7, name: 'Ada' }, null],
    ['by nothing', 'pseudonym', {}, null],
    ['by names that are no text', 'pseudonym', { name: 7, displayName: null }, null],
  ])(
    'in a field of a user %s (%s) is called otherwise, or nobody',
    (_name, form, value, expected) => {
      const id = value['id'] === 'u1' ? { id: 'Agent of u1' } : {};
      expect(named(form).mask(value, 'user')).toEqual(expected && { ...expected, ...id });
      expect(named('name').mask(value, 'user')).toBeNull();
    },
  );

  it('of the staff loses each of its names, and the one that its id stands for whatever it is', () => {
    const staff = { purpose: 'agent', name: 7, participantName: 'Ada', nickname: 7 };
    expect(named('pseudonym').mask(staff, 'x')).toEqual({ ...staff, participantName: 'Agent' });
    expect(named('pseudonym').mask({ ...staff, userId: 'u1' }, 'x')).toEqual({
      ...staff,
      ...{ userId: 'Agent of u1', name: 'Agent of u1', participantName: 'Agent of u1' },
    });
  });

  it('has worked from addresses only where somebody is named', () => {
    const from = { remoteIp: ['192.0.2.1'] };
    const agents = named('pseudonym');
    expect(agents.mask({ ...from, user: { id: 'u1' } }, 'x')).toMatchObject({ remoteIp: [] });
    for (const user of [null, 'u1', {}, undefined])
      expect(agents.mask({ ...from, user }, 'x')).toBeNull();
  });

  it.each<[AgentForm, string | null, string | null, string | null]>([
    ['pseudonym', 'Agent of u1', 'Agent of u1', 'Agent of u1'],
    ['firstName', 'Agent of u1', 'Ada', 'Agent'],
    ['role', 'Agent of u1', 'Agent', 'Agent'],
    ['name', null, null, null],
  ])('of whom something stands in a text is called by %s', (form, byId, byName, byAddress) => {
    const agents = named(form);
    const trace = { role: 'staff', userId: 'u1' } as const;
    expect([
      agents.call({ ...trace, kind: 'id', value: 'u1' }),
      agents.call({ ...trace, kind: 'name', value: 'Ada Brandt' }),
      agents.call({ ...trace, kind: 'address', value: '+4930123456' }),
    ]).toEqual([byId, byName, byAddress]);
  });
});
