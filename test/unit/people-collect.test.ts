import { PeopleCollector } from '../../src/core/redaction/people/collect';
import { finish } from '../helpers/mail-masking';
import type { Trace } from '../../src/core/redaction/people/known';
import {
  ownNumber,
  ownMailbox,
  number,
  furtherNumber,
  mailbox,
  beginning,
  as,
  inConversation,
  inDocument,
  told,
  learned,
  callers,
  called,
  near,
  far,
  names,
  communications,
} from '../helpers/collected-people';

describe('who is known at the beginning', () => {
  it('stays known, and what was given is not changed', () => {
    const traces: Trace[] = [
      { role: 'staff', kind: 'name', value: 'Ada Brandt', userId: 'u1' },
      { role: 'other', kind: 'id', value: 'contact-of-pat' },
    ];
    const given = beginning({ traces, lines: ['+498001234567'] });
    const copy = structuredClone(given);
    const own = as('own', { participantName: 'Zoe', externalContactId: 'c2', address: number });
    const known = inConversation([own], given);
    expect(given).toEqual(copy);
    expect(known).toStrictEqual({
      traces,
      own: {
        ids: ['contact-of-zoe', 'c2'],
        names: ['Zoe Weber', 'Zoe'],
        addresses: [ownNumber, ownMailbox, number],
      },
      lines: ['+498001234567'],
    });
  });

  it('is only the person where a conversation has no participants', () => {
    for (const document of [undefined, null, 'text', 7, {}, { participants: null }]) {
      const collector = new PeopleCollector(beginning());
      finish(collector.conversation(document, () => 'staff'));
      expect(collector.known).toEqual(beginning());
    }
  });

  it('is joined by those participants alone that are objects', () => {
    const one = as('other', { name: 'Pat Cross' });
    expect(told(inConversation([null, 'Text', 7, [one], one]))).toEqual(['other name Pat Cross']);
    expect(told(inConversation(one))).toEqual(['other name Pat Cross']);
  });
});

describe('the person', () => {
  it.each(names)('has the name that stands in their field %s', (field) => {
    expect(learned(inConversation([as('own', { [field]: 'Zoe' })]))).toEqual(['Zoe']);
    expect(learned(inConversation([as('own', { calls: [{ [field]: 'Zoe' }] })]))).toEqual(['Zoe']);
  });

  it.each([
    ...['agent', 'user', 'customer', 'external', 'internal', 'acd', 'system', 'bot', 'unknown'],
    ...['anonymous', 'none', ' Customer ', 'AGENT', '', ' '],
  ])('is not called "%s", and nobody else is', (name) => {
    for (const role of ['own', 'other', 'staff'] as const)
      expect(inConversation([as(role, { name })])).toEqual(beginning());
  });

  it.each(['Agent Orange', 'The Customer'])('may be called "%s", and others may', (name) => {
    expect(learned(inConversation([as('own', { name })]))).toEqual([name]);
    expect(told(inConversation([as('other', { name })]))).toEqual([`other name ${name}`]);
  });

  it('has a name once, however it is written', () => {
    const known = inConversation([
      as('own', { name: ' ZOE weber', aniName: 'Zoë', callbackUserName: 'zoe\u0308' }),
    ]);
    expect(learned(known)).toEqual(['Zoë']);
  });

  it('has a name with ß, in capitals, too, which is nobody else’s', () => {
    const own = { ...beginning().own, names: ['Zoe Groß'] };
    const other = as('other', { participantName: 'ZOE GROSS' });
    expect(told(inConversation([other], beginning({ own })))).toEqual([]);
  });

  it('has the ids of their contacts, which are nobody else’s', () => {
    const known = inConversation([
      as('own', { externalContactId: 'c2' }),
      as('own', { externalContactId: 7 }),
      as('other', { externalContactId: 'c2' }),
      as('other', { externalContactId: 'contact-of-zoe' }),
    ]);
    expect(learned(known)).toEqual(['c2']);
    expect(known.traces).toEqual([]);
  });

  it.each(near)('has the address in %s, whatever the direction', (field) => {
    for (const direction of ['inbound', 'outbound', undefined]) {
      const known = inConversation([as('own', { direction, [field]: number })]);
      expect(known.own.addresses).toEqual([ownNumber, ownMailbox, number]);
      expect(known.lines).toEqual([]);
    }
  });

  it.each([
    ...callers.map((field) => ['inbound', field, 'own']),
    ...called.map((field) => ['inbound', field, 'line']),
    ...callers.map((field) => ['outbound', field, 'line']),
    ...called.map((field) => ['outbound', field, 'own']),
    ...callers.map((field) => [undefined, field, 'own']),
    ...called.map((field) => [undefined, field, 'nobody']),
    ...['inbound', 'outbound', undefined].flatMap((way) => far.map((name) => [way, name, 'line'])),
  ])('on a call that is %s: %s holds an address of %s', (direction, field = '', whose) => {
    const known = inConversation([as('own', { direction, [field]: number })]);
    expect(learned(known)).toEqual(whose === 'own' ? [number] : []);
    expect(known.lines).toEqual(whose === 'line' ? [number] : []);
    expect(known.traces).toEqual([]);
  });

  it.each(communications)('has what stands in their %s', (field) => {
    const part = { direction: 'inbound', ani: number, dnis: furtherNumber };
    for (const value of [part, [part]]) {
      const known = inConversation([as('own', { [field]: value })]);
      expect(learned(known)).toEqual([number]);
      expect(known.lines).toEqual([furtherNumber]);
    }
  });

  it.each([
    [
      'the first one that has any',
      { ani: number, calls: [{}, { direction: null }, { direction: 'outbound' }] },
    ],
    ['its own', { ani: number, direction: 'outbound', calls: [{ direction: 'inbound' }] }],
    ['that of a part', { direction: 'inbound', calls: [{ ani: number, direction: 'outbound' }] }],
    ['that of the whole', { direction: 'outbound', calls: [{ ani: number }] }],
  ])('is called or calls by a direction: %s', (_which, fields) => {
    expect(inConversation([as('own', fields)]).lines).toEqual([number]);
  });

  it('has all names and addresses of their side, and none that says nothing', () => {
    const self = {
      ...{ name: 'Zoe', nameRaw: 'Zoe W.', addressRaw: number, addressNormalized: `tel:${number}` },
      ...{ addressDisplayable: 'zoe.other@home.example', empty: ' ', count: 7, nothing: null },
    };
    for (const value of [self, [self]]) {
      const { own } = inConversation([as('own', { calls: [{ self: value }] })]);
      expect(own.names).toEqual(['Zoe Weber', 'Zoe', 'Zoe W.']);
      expect(own.addresses).toEqual([ownNumber, ownMailbox, number, 'zoe.other@home.example']);
    }
  });

  it('has a mailbox in each spelling from then on', () => {
    const known = inConversation([
      as('other', { address: 'zoe.new+shop@home.example', remote: 'ZOE+shop@home.example' }),
      as('own', { address: 'zoe.new@home.example' }),
    ]);
    expect(learned(known)).toEqual(['zoe.new@home.example']);
    expect(known.traces).toEqual([]);
  });

  it('takes a name back that was noted as somebody else’s', () => {
    const traces: Trace[] = [
      { role: 'other', kind: 'name', value: 'Zoe W.' },
      { role: 'other', kind: 'address', value: `tel:${number}` },
      { role: 'other', kind: 'name', value: 'Pat Cross' },
    ];
    const own = as('own', { name: 'zoe w.', address: number });
    expect(told(inConversation([own], beginning({ traces })))).toEqual(['other name Pat Cross']);
  });

  it('has no name that is of staff, unless it is theirs for sure', () => {
    const own = as('own', { callbackUserName: 'Ada Brandt', aniName: 'Zoe W.' });
    const ada = as('staff', { name: ' ADA brandt' });
    const known = inConversation([ada, own]);
    expect(known.own.names).toEqual(['Zoe Weber', 'Zoe W.']);
    expect(told(known)).toEqual(['staff name  ADA brandt']);
    const sure = inConversation([ada, as('staff', { participantName: 'zoe weber' }), own]);
    expect(sure.own.names).toEqual(['Zoe Weber', 'Zoe W.']);
    expect(told(sure)).toEqual(['staff name  ADA brandt']);
    expect(inConversation([own, as('staff', { participantName: 'Ada Brandt' })]).own.names).toEqual(
      ['Zoe Weber', 'Zoe W.'],
    );
  });
});

describe('a line of the company', () => {
  const line = '+498001234567';
  const caller = as('own', { direction: 'inbound', ani: ownNumber, dnis: `tel:${line}` });

  it('is a number that the person called, and nobody’s', () => {
    const other = as('other', { remote: line, name: 'Pat Cross' });
    const known = inConversation([other, as('staff', { ani: line, other: { a: line } }), caller]);
    expect(known.lines).toEqual([`tel:${line}`]);
    expect(told(known)).toEqual(['other name Pat Cross']);
  });

  it('is none where the person wrote to a mailbox, or called a number of their own', () => {
    const own = as('own', { direction: 'inbound', dnis: [mailbox, `tel:${ownNumber}`, 'Orders'] });
    expect(inConversation([own]).lines).toEqual([]);
  });

  it.each(['addressSelf', 'self', 'ani'])('is none that another person has as %s', (field) => {
    for (const value of [line, [line], { addressRaw: line }]) {
      const other = { direction: 'inbound', [field]: value };
      const known = inConversation([caller, as('other', other)]);
      expect(known.lines).toEqual([]);
      expect(told(known)).toEqual([`other address ${line}`]);
      const part = inConversation([caller, as('other', { calls: [other] })]);
      expect(part.lines).toEqual([]);
      const without = inConversation([caller, as('other', { [field]: value })]);
      expect(without.lines).toEqual([`tel:${line}`]);
      expect(without.traces).toEqual([]);
    }
  });

  it.each(['address', 'self', 'addressSelf', 'videoAddressSelf', 'screenShareAddressSelf'])(
    'is none that somebody of the company has as %s',
    (field) => {
      for (const value of [line, [line], { addressRaw: line }]) {
        const known = inConversation([caller, as('staff', { calls: [{ [field]: value }] })]);
        expect(known.lines).toEqual([]);
        expect(told(known)).toEqual([`staff address ${line}`]);
      }
    },
  );
});

describe('another person', () => {
  it.each(names)('has the name that stands in their field %s', (field) => {
    for (const fields of [{ [field]: 'Pat Cross' }, { chats: [{ [field]: 'Pat Cross' }] }])
      expect(told(inConversation([as('other', fields)]))).toEqual(['other name Pat Cross']);
  });

  it('has the id of a contact', () => {
    const known = inConversation([
      as('other', { externalContactId: 'c3' }),
      as('other', { externalContactId: 7 }),
      as('other', { externalContactId: ' ' }),
      as('other', { externalContactId: 'C3' }),
    ]);
    expect(known.traces).toStrictEqual([{ role: 'other', kind: 'id', value: 'c3' }]);
  });

  it.each([...near, 'remote'])('has the address in %s, whatever the direction', (field) => {
    for (const direction of ['inbound', 'outbound', undefined])
      expect(inConversation([as('other', { direction, [field]: number })]).traces).toStrictEqual([
        { role: 'other', kind: 'address', value: number },
      ]);
  });

  it.each([
    ...callers.map((field) => ['inbound', field, true] as const),
    ...called.map((field) => ['inbound', field, false] as const),
    ...callers.map((field) => ['outbound', field, false] as const),
    ...called.map((field) => ['outbound', field, true] as const),
    ...far.map((field) => ['inbound', field, false] as const),
  ])('on a call that is %s: whether %s is theirs is %s', (direction, field, isTheirs) => {
    const expected = isTheirs ? [`other address ${number}`] : [];
    expect(told(inConversation([as('other', { direction, [field]: number })]))).toEqual(expected);
    const calls = [{ direction }, { [field]: number }];
    expect(told(inConversation([as('other', { calls })]))).toEqual(expected);
    for (const whole of ['inbound', 'outbound']) {
      const part = { direction: whole, videos: [{ direction, [field]: number }] };
      expect(told(inConversation([as('other', part)]))).toEqual(expected);
    }
  });

  it('has all names and addresses that stand beside an address', () => {
    const self = { name: 'Pat Cross', nameRaw: 'Pat', addressRaw: number, other: [mailbox] };
    expect(told(inConversation([as('other', { self })]))).toEqual([
      `other address ${number}`,
      `other address ${mailbox}`,
      'other name Pat',
      'other name Pat Cross',
    ]);
  });

  it('has the number that stands where a name is expected', () => {
    expect(told(inConversation([as('other', { name: number, aniName: '12' })]))).toEqual([
      `other address ${number}`,
      'other address 12',
    ]);
  });

  it('is none whom the person’s own traces tell, or a mark', () => {
    const other = {
      ...{ name: 'zoe WEBER', aniName: '[another person]', address: '+49 30 5550 1012' },
      ...{ addressSelf: `tel:${ownNumber}`, videoAddressSelf: 'Zoe+x@home.example' },
      ...{ remote: 'another.person@masked.invalid', callbackNumbers: ['agent-1@masked.invalid'] },
    };
    expect(inConversation([as('other', other)]).traces).toEqual([]);
  });

  it('is none whom a mailbox of several tells', () => {
    const other = { address: 'service@shop.example', remote: 'sip:info%40shop.example@localhost' };
    expect(inConversation([as('other', other)]).traces).toEqual([]);
  });
});

describe('somebody of the company', () => {
  it('is told by name and id', () => {
    const staff = as('staff', { userId: 'u1', name: 'Ada', participantName: 'Ada Brandt' });
    expect(inConversation([staff]).traces).toStrictEqual([
      { role: 'staff', kind: 'name', value: 'Ada', userId: 'u1' },
      { role: 'staff', kind: 'name', value: 'Ada Brandt', userId: 'u1' },
      { role: 'staff', kind: 'id', value: 'u1', userId: 'u1' },
    ]);
    expect(inConversation([as('staff', { userId: ' ', name: 'Ada' })]).traces).toStrictEqual([
      { role: 'staff', kind: 'name', value: 'Ada' },
    ]);
  });

  it.each(['address', 'self', 'addressSelf', 'videoAddressSelf', 'screenShareAddressSelf'])(
    'has the address in %s, and the names beside it',
    (field) => {
      const value = { name: 'Ada Brandt', addressRaw: number };
      for (const fields of [{ [field]: value }, { calls: [{ [field]: [value] }] }])
        expect(told(inConversation([as('staff', { userId: 'u1', ...fields })]))).toEqual([
          `staff address ${number} of u1`,
          'staff id u1 of u1',
          'staff name Ada Brandt of u1',
        ]);
      expect(told(inConversation([as('staff', { [field]: number })]))).toEqual([
        `staff address ${number}`,
      ]);
    },
  );

  it.each([
    ...[...callers, ...called, 'addressOther', 'remote', 'callbackNumbers', 'other'],
    ...['remoteNameDisplayable', 'callbackUserName'],
  ])('has spoken with whoever stands in %s', (field) => {
    for (const fields of [{ [field]: number }, { calls: [{ [field]: [number] }] }])
      expect(told(inConversation([as('staff', fields)]))).toEqual([`other address ${number}`]);
    expect(told(inConversation([as('staff', { [field]: ['Pat Cross'] })]))).toEqual([
      'other name Pat Cross',
    ]);
  });

  it('has spoken with the person, too, and with colleagues', () => {
    const ada = { userId: 'u1', name: 'Ada Brandt', calls: [{ other: { name: 'Bo Lind' } }] };
    const bo = { userId: 'u2', name: 'Bo Lind', calls: [{ remote: 'Zoe Weber', ani: ownNumber }] };
    expect(told(inConversation([as('staff', ada), as('staff', bo)]))).toEqual([
      'staff id u1 of u1',
      'staff id u2 of u2',
      'staff name Ada Brandt of u1',
      'staff name Bo Lind of u2',
    ]);
  });
});

describe('a part of the conversation that is nobody', () => {
  it('tells nobody by its name and addresses', () => {
    const acd = as('system', { name: 'Orders', purpose: 'acd', calls: [{ ani: number }] });
    expect(inConversation([acd])).toEqual(beginning());
  });

  it('tells with whom somebody was to be connected: numbers are outside, mailboxes users’', () => {
    const destinationAddresses = [number, mailbox, 'Orders', ownNumber];
    for (const fields of [{ destinationAddresses }, { sessions: [{ destinationAddresses }] }])
      for (const role of ['system', 'own', 'other', 'staff'] as const)
        expect(told(inConversation([as(role, fields)]))).toEqual([
          `other address ${number}`,
          `staff address ${mailbox}`,
        ]);
  });

  it('tells nothing new of whom is known already', () => {
    const other = as('other', { address: mailbox });
    const staff = as('staff', { address: number, userId: 'u1' });
    const acd = as('system', { destinationAddresses: [mailbox.toUpperCase(), `tel:${number}`] });
    expect(told(inConversation([acd, other, staff]))).toEqual([
      `other address ${mailbox}`,
      `staff address ${number} of u1`,
      'staff id u1 of u1',
    ]);
  });
});

describe('a trace of somebody', () => {
  const name = (role: 'staff' | 'other', value: string, userId?: string): Trace => ({
    ...{ role, kind: 'name', value },
    ...(userId === undefined ? {} : { userId }),
  });

  it.each([
    ['staff goes before others', [name('other', 'Ada'), name('staff', 'ada')], 'staff name ada'],
    ['staff stays staff', [name('staff', 'Ada'), name('other', 'ada', 'u1')], 'staff name Ada'],
    [
      'who has an id goes before who has none',
      [name('staff', 'Ada'), name('staff', ' Ada ', 'u1')],
      'staff name  Ada  of u1',
    ],
    [
      'the first id stays',
      [name('staff', 'Ada', 'u1'), name('staff', 'Ada', 'u2')],
      'staff name Ada of u1',
    ],
    [
      'an id is not lost',
      [name('staff', 'Ada', 'u1'), name('staff', 'ada')],
      'staff name Ada of u1',
    ],
    ['the first spelling stays', [name('other', 'Ada'), name('other', 'ADA')], 'other name Ada'],
  ])('is kept once: %s', (_rule, traces, expected) => {
    expect(told(inDocument({}, beginning({ traces })))).toEqual([expected]);
  });

  it('is another one for another kind, or another value', () => {
    const traces: Trace[] = [
      { role: 'other', kind: 'id', value: 'pat@firm.example' },
      { role: 'other', kind: 'name', value: 'pat@firm.example' },
      { role: 'other', kind: 'address', value: 'pat@firm.example' },
      { role: 'other', kind: 'id', value: 'id:x' },
      { role: 'other', kind: 'id', value: 'x' },
    ];
    expect(inDocument({}, beginning({ traces })).traces).toEqual(traces);
  });
});
