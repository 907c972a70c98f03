import type { KnownPeople } from '../../src/core/redaction/people/known';
import {
  ownMailbox,
  number,
  mailbox,
  uuid,
  beginning,
  as,
  inConversation,
  inDocument,
  told,
  learned,
  pauses,
  communications,
} from '../helpers/collected-people';

describe('a document of the source', () => {
  it.each([
    ...['user', 'users', 'agent', 'createdBy', 'modifiedBy', 'fromUser', 'toUser', 'evaluator'],
    ...['assignee', 'assigner', 'author', 'manager', 'initiator', 'lastConnectedUser'],
    ...['targetUser', 'supervisor'],
  ])('tells users in %s', (field) => {
    for (const value of [{ id: 'u1' }, [{ id: 'u1' }]])
      expect(told(inDocument({ list: [{ [field]: value }] }))).toEqual(['staff id u1 of u1']);
    expect(
      told(inDocument({ property: field, oldValues: ['Ada Brandt'], newValues: uuid })),
    ).toEqual([`staff id ${uuid} of ${uuid}`, 'staff name Ada Brandt']);
  });

  it.each([
    ...['userId', 'userIds', 'agentId', 'agentIds', 'selectedAgentId', 'selectedAgentIds'],
    ...['proposedAgentId', 'scoredAgentId', 'evaluatorId', 'assigneeId', 'assignerId'],
    ...['screenMonitoredUserId', 'requestedRoutingUserIds', 'sourceUserId', 'targetUserId'],
    ...['monitoredUserId', 'coachedUserId', 'createdById', 'modifiedById'],
  ])('tells ids of users in %s', (field) => {
    for (const value of ['u1', ['u1', '', ' ', null, 7]])
      expect(told(inDocument({ [field]: value }))).toEqual(['staff id u1 of u1']);
    expect(told(inDocument({ property: `contact/${field}`, newValues: [uuid] }))).toEqual([
      `staff id ${uuid} of ${uuid}`,
    ]);
  });

  it.each(['id', 'conversationId', 'contactId', 'name', 'divisionId'])(
    'tells no user in %s',
    (field) => {
      expect(inDocument({ [field]: uuid, inner: { [field]: { id: uuid } } })).toEqual(beginning());
    },
  );

  it('tells whom it was changed from and to, where its property is one of users', () => {
    const change = { oldValues: [uuid, 'Ada Brandt'], newValues: ['Bo Lind', ' '] };
    const everybody = [
      `staff id ${uuid} of ${uuid}`,
      'staff name Ada Brandt',
      'staff name Bo Lind',
    ];
    for (const property of ['agent', 'a/b.agent', 'a.b/agentId', '.manager'])
      expect(told(inDocument({ property, ...change }))).toEqual(everybody);
    for (const property of ['agent.name', 'agent/x', 'myagent', '', null, 7, ['agent']])
      expect(told(inDocument({ property, ...change }))).toEqual([]);
    expect(told(inDocument({ property: 'agent' }))).toEqual([]);
  });

  it('tells everything of a user by which they are told', () => {
    const user = {
      ...{ id: 'u1', name: 'Ada Brandt', displayName: 'A. Brandt', preferredName: 'Adi' },
      ...{ firstName: 'Adelheid', lastName: 'Brandt', title: 'Ms', department: 'Orders' },
      ...{ email: 'ada@shop.example', username: 'ada.b@shop.example' },
      chat: { jabberId: 'ada@chat.example' },
      addresses: [{ address: number, display: '+49 40 777 99999', mediaType: 'PHONE' }],
      primaryContactInfo: [{ address: 'ada.c@shop.example' }, null],
    };
    expect(told(inDocument({ user }))).toEqual([
      ...['staff address +49 40 777 99999 of u1', `staff address ${number} of u1`],
      ...['staff address ada.b@shop.example of u1', 'staff address ada.c@shop.example of u1'],
      ...['staff address ada@chat.example of u1', 'staff address ada@shop.example of u1'],
      ...['staff id u1 of u1', 'staff name A. Brandt of u1', 'staff name Ada Brandt of u1'],
      ...['staff name Adelheid Brandt of u1', 'staff name Adi of u1'],
    ]);
  });

  it('tells a user without an id by the rest, and by no account that is no address', () => {
    const user = { id: 7, lastName: 'Brandt', username: 'abrandt', chat: [{ jabberId: 'a1' }] };
    expect(told(inDocument({ user }))).toEqual(['staff name Brandt']);
    expect(told(inDocument({ user: {} }))).toEqual([]);
    expect(told(inDocument({ user: { name: 'Ada' } }))).toEqual(['staff name Ada']);
  });

  it.each(['externalContact', 'fromExternalContact', 'toExternalContact'])(
    'tells the contact in %s',
    (field) => {
      const contact = {
        ...{ id: 'c3', name: 'Cross, Pat', firstName: 'Pat', lastName: 'Cross', title: 'Dr' },
        ...{ workEmail: mailbox, PERSONALEMAIL: ['pat@home.example'] },
        ...{ emailOptOut: 'no@email.example', phoneOld: { display: '+49 40 777 00000' } },
        cellPhone: { display: '040 777', e164: number, userInput: '777' },
        HOMEPHONE: [{ display: '+49 40 777 99999', e164: null }, null],
        otherPhone: '+49 40 777 11111',
      };
      expect(told(inDocument({ [field]: contact }))).toEqual([
        ...['other address +49 40 777 99999', `other address ${number}`],
        ...[`other address ${mailbox}`, 'other address pat@home.example'],
        ...['other id c3', 'other name Cross, Pat', 'other name Pat Cross'],
      ]);
      for (const id of ['contact-of-zoe', undefined, ' '])
        expect(told(inDocument({ [field]: { ...contact, id } }))).toEqual([]);
    },
  );

  it('tells whom a mailbox is of, and who is called beside it', () => {
    const at = (email: string, name: unknown): KnownPeople => inDocument([{ email, name }]);
    expect(told(at(mailbox, 'Pat Cross'))).toEqual([
      `other address ${mailbox}`,
      'other name Pat Cross',
    ]);
    expect(told(at(mailbox, 'pat'))).toEqual([`other address ${mailbox}`, 'other name pat']);
    expect(told(at(mailbox, undefined))).toEqual([`other address ${mailbox}`]);
    expect(told(at('service@shop.example', 'Shop Service'))).toEqual([]);
    expect(told(at('service@shop.example', 'Ada Brandt'))).toEqual(['other name Ada Brandt']);
    expect(told(at('nobody knows', 'Pat Cross'))).toEqual(['other name Pat Cross']);
    for (const own of [ownMailbox, `mailto:${ownMailbox}`, 'ZOE+shop@home.example']) {
      const known = at(own, 'Zoe W.');
      expect(learned(known)).toEqual(['Zoe W.']);
      expect(known.traces).toEqual([]);
    }
  });

  it('tells the names beside a mailbox of staff as theirs', () => {
    const ada = { id: 'u1', email: 'ada@shop.example' };
    expect(told(inDocument([{ email: 'Ada@Shop.example', name: 'Adi' }, { user: ada }]))).toEqual([
      'staff address ada@shop.example of u1',
      'staff id u1 of u1',
      'staff name Adi of u1',
    ]);
  });

  it.each(['purpose', 'participantPurpose'])('tells staff by their %s', (field) => {
    const from = (purpose: unknown): KnownPeople =>
      inDocument({
        transcripts: {
          ...{ [field]: purpose, userId: 'u1', name: 'Ada', participantName: 'Ada Brandt' },
          ...{ displayName: 'Adi', nickname: 'A. B.', from: 'Brandt', to: 'Zoe', text: 'Hello' },
        },
      });
    for (const purpose of ['agent', 'user', 'internal'])
      expect(told(from(purpose))).toEqual([
        ...['staff id u1 of u1', 'staff name A. B. of u1', 'staff name Ada Brandt of u1'],
        ...['staff name Ada of u1', 'staff name Adi of u1', 'staff name Brandt of u1'],
      ]);
    for (const purpose of ['customer', 'acd', 'external', null])
      expect(told(from(purpose))).toEqual(['staff id u1 of u1']);
  });

  it('tells by a purpose no address, and none that a participant has', () => {
    const staff = { purpose: 'agent', name: number, from: 'Brandt' };
    expect(told(inDocument({ messages: [], turns: [staff] }))).toEqual(['staff name Brandt']);
    expect(
      told(inDocument({ turns: { ...staff, purpose: null, participantPurpose: 'user' } })),
    ).toEqual(['staff name Brandt']);
    expect(
      told(inDocument({ turns: { ...staff, purpose: 'bot', participantPurpose: 'user' } })),
    ).toEqual([]);
    for (const field of ['participants', ...communications])
      expect(told(inDocument({ [field]: [staff] }))).toEqual([]);
  });

  it('tells a user by the address of the source', () => {
    const at = (path: string): string[] => told(inDocument({ userUri: path }));
    expect(at(`https://api.example/api/v2/users/${uuid}/presence`)).toEqual([
      `staff id ${uuid} of ${uuid}`,
    ]);
    expect(at('/users/a_b-c123')).toEqual(['staff id a_b-c123 of a_b-c123']);
    expect(at('/users/me')).toEqual([]);
    expect(at(`/queues/${uuid}`)).toEqual([]);
    expect(told(inDocument({ selfUri: `/api/v2/users/${uuid}` }))).toEqual([]);
  });

  it('tells who takes part in a conversation, by everything in it', () => {
    const known = inConversation([as('system', { wrapup: { user: { id: 'u1' } } })]);
    expect(told(known)).toEqual(['staff id u1 of u1']);
  });
});

describe('a mailbox in a text', () => {
  it.each([
    ...['subject', 'textBody', 'htmlBody', 'from', 'to', 'cc', 'bcc', 'replyTo', 'sender'],
    ...['email', 'username', 'jabberId', 'userUri', 'ani', 'dnis', 'sessionDnis', 'remote'],
    ...['address', 'addressFrom', 'addressTo', 'addressSelf', 'addressOther', 'addressRaw'],
    ...['addressNormalized', 'addressDisplayable', 'callbackNumber', 'callbackNumbers'],
    ...['callerId', 'fromAddress', 'toAddress', 'outboundCallerId', 'destinationAddresses'],
    ...['transferTargetAddress', 'videoAddressSelf', 'screenShareAddressSelf'],
  ])('is somebody’s in %s, however its @ is written', (field) => {
    for (const text of [mailbox, `<${mailbox}>`, 'pat.cross (at) firm.example'])
      expect(told(inDocument({ [field]: [text] }))).toEqual([`other address ${mailbox}`]);
  });

  it.each(['body', 'text', 'note', 'name', 'wrapUpNote'])('is not looked for in %s', (field) => {
    expect(inDocument({ [field]: `write to ${mailbox}` })).toEqual(beginning());
  });

  it.each([
    [`a ${mailbox}, b@firm.example`, [`other address b@firm.example`, `other address ${mailbox}`]],
    [`id*${mailbox}`, [`other address ${mailbox}`]],
    [`a|b*${mailbox}`, [`other address ${mailbox}`]],
    [`id*${ownMailbox}`, []],
    [ownMailbox, []],
    ['id*service@shop.example', []],
    ['no address', []],
  ])('is somebody’s where something else stands before it: %s', (textBody, expected) => {
    expect(told(inDocument({ textBody }))).toEqual(expected);
  });

  it('is not another one where it is known with what stands before it', () => {
    const document = [
      { textBody: 'x*b*ada@shop.example' },
      { user: { email: 'b*ada@shop.example' } },
    ];
    expect(told(inDocument(document))).toEqual(['staff address b*ada@shop.example']);
  });

  it('is the person’s, though a part of it looks like another one', () => {
    const address = "zoe.o'neil@home.example";
    const from = beginning({ own: { ids: [], names: [], addresses: [address] } });
    expect(inDocument({ textBody: `from ${address}` }, from)).toEqual(from);
  });

  it('is found wherever it stands in a long text', () => {
    for (const words of [1, 200, 5_000, 10_950, 30_000])
      expect(told(inDocument({ htmlBody: `${mailbox}${' so'.repeat(words)}` }))).toEqual([
        `other address ${mailbox}`,
      ]);
  });

  it('is whole where two pieces of a long text meet', () => {
    const before = 'so '.repeat(10_922);
    expect(before).toHaveLength(32_766);
    expect(told(inDocument({ textBody: `${before}${mailbox}` }))).toEqual([
      `other address ${mailbox}`,
    ]);
    expect(told(inDocument({ textBody: `${before.repeat(2)}so ${mailbox} so` }))).toEqual([
      `other address ${mailbox}`,
    ]);
  });
});

describe('work on a document', () => {
  it.each([
    ['some values', new Array(511).fill(7), 0],
    ['one more', new Array(512).fill(7), 1],
    ['twice as many', new Array(1024).fill(7), 1],
    ['and one more', new Array(1025).fill(7), 2],
    ['a text that is no mail', 'so '.repeat(11_000), 1],
    ['a shorter text', 'so '.repeat(10_000), 0],
    ['a mail of one piece', { textBody: 's'.repeat(32_640) }, 0],
    ['a mail of one piece, and more', { textBody: 's'.repeat(32_768) }, 1],
    ['a mail of two pieces', { textBody: 's'.repeat(32_769) }, 2],
    ['a mail of three pieces', { textBody: 's'.repeat(65_537) }, 3],
  ])('pauses now and then: %s', (_what, document, expected) => {
    expect(pauses(document)).toBe(expected);
  });

  it('goes as deep as documents are processed, and no deeper', () => {
    const within = (levels: number, wrap: (inner: unknown) => unknown): unknown =>
      levels === 0 ? { userId: 'u1' } : wrap(within(levels - 1, wrap));
    const wraps = [(inner: unknown) => [inner], (inner: unknown) => ({ inner })];
    for (const wrap of wraps) {
      expect(told(inDocument(within(198, wrap)))).toEqual(['staff id u1 of u1']);
      expect(told(inDocument(within(199, wrap)))).toEqual([]);
    }
  });

  it.each(['attributes', 'customFields', 'data', 'metadata'])(
    'tells nobody by names of fields that the company chose: %s',
    (field) => {
      expect(told(inDocument({ [field]: { userId: 'u1', user: { id: 'u2' } } }))).toEqual([]);
      expect(told(inDocument({ [field]: [{ user: { id: 'u2' } }], userId: 'u1' }))).toEqual([
        'staff id u1 of u1',
      ]);
    },
  );

  it('leaves out what is no text, object or list', () => {
    expect(inDocument([null, 7, true, undefined, { user: null, userId: 7 }])).toEqual(beginning());
  });
});
