import type { Contact } from '../../src/core/subject/identifiers';
import {
  smsNumberOf,
  isReachable,
  resolveSubject,
  type Decision,
  type ContactMatches,
} from '../../src/core/subject/resolve-contact';
import fc from 'fast-check';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import {
  identityOf,
  maskedPhone,
  normaliseEmail,
  normalisePhone,
} from '../../src/core/subject/identifiers';
import { judgeConversation, subjectFilter } from '../../src/core/subject/matching';

describe('identifiers', () => {
  it.each([
    ['+49 151 1234567', null, '+491511234567'],
    ['0151 1234567', 'DE', '+491511234567'],
    ['0151 1234567', null, null],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['not a number', 'DE', null],
  ])('read %s with region %s as %s', (text, region, expected) => {
    expect(normalisePhone(text, region)).toBe(expected);
  });

  it.each([
    [' Maria@Mail.Example ', 'maria@mail.example'],
    ['maria@mail', null],
    ['a@b@c.example', null],
    ['no mailbox', null],
  ])('read %s as %s', (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  it('show two digits of a number and no more', () => {
    expect(maskedPhone('+491511234567').replaceAll(/\D/g, '')).toBe('67');
  });
});

describe('who is meant', () => {
  const person = (id: string, change: Partial<Contact> = {}): Contact => ({
    id,
    firstName: 'Zoë',
    lastName: 'Müller',
    mergeSet: [id],
    phones: [
      { number: '+4915111', receivesSms: true },
      { number: '+4930222', receivesSms: false },
    ],
    emails: ['zoe@mail.example'],
    handles: [],
    former: [],
    createdAt: null,
    ...change,
  });
  const contactMatches = (change: Partial<ContactMatches> = {}): ContactMatches => ({
    candidates: [person('c1')],
    shared: [],
    isPartial: false,
    isNearMatch: false,
    ...change,
  });
  const decision: Decision = {
    candidate: 1,
    sharedIdentifiers: 'exclude',
    doubtfulConversations: 'withhold',
    method: null,
    at: '2026-11-23T12:00:00Z',
  };

  it.each([
    ['nobody', contactMatches({ candidates: [] }), 'noDataFound'],
    ['one contact of its own', contactMatches(), 'found'],
    [
      'two contacts',
      contactMatches({ candidates: [person('c1'), person('c2')] }),
      'ambiguousContact',
    ],
    ['a near match', contactMatches({ isNearMatch: true }), 'nearMatch'],
    ['a search that was cut off', contactMatches({ isPartial: true }), 'contactSearchIncomplete'],
    ['a shared number', contactMatches({ shared: ['+4930222'] }), 'sharedIdentifier'],
  ])('%s: %#', (_name, found, outcome) => {
    expect(resolveSubject(found, null, null).outcome).toBe(outcome);
  });

  it.each([
    ['MULLER, zoe', 'found'],
    ['Zoë Müller', 'found'],
    ['Zoë Möller', 'nameDiffers'],
    ['Zoë', 'nameDiffers'],
  ])('the name %s: %s', (name, outcome) => {
    expect(resolveSubject(contactMatches(), name, null).outcome).toBe(outcome);
  });

  it('an officer may choose, and leave shared numbers and mailboxes in or out', () => {
    const found = contactMatches({
      candidates: [person('c1'), person('c2')],
      shared: ['+4930222'],
      isPartial: true,
    });
    const chosen = resolveSubject(found, 'Other', { ...decision, candidate: 2 });
    expect(chosen).toMatchObject({ outcome: 'found', contact: { id: 'c2' } });
    expect(chosen.contact?.phones).toHaveLength(1);
    const all = resolveSubject(found, null, { ...decision, sharedIdentifiers: 'include' });
    expect(all.contact?.phones).toHaveLength(2);
  });

  it.each([
    ['a mailbox and a number', {}, ['sms'], true, null, true],
    ['no mailbox', { emails: [] }, ['sms'], true, null, false],
    ['no way to prove it', {}, [], true, null, false],
    ['a number only, where that is not enough', {}, ['sms'], false, null, false],
    ['an app, where a number is not enough', {}, ['sms', 'totp'], false, null, true],
    ['nothing, and an officer who sees to it', { emails: [] }, [], true, 'officer', true],
  ] as const)(
    '%s: reachable or not',
    (_name, change, methods, isSmsSufficient, method, expected) => {
      const contact = person('c1', change as Partial<Contact>);
      const policy = { offered: ['sms', 'totp'], isSmsSufficient } as const;
      expect(isReachable(contact, methods, policy, { ...decision, method })).toBe(expected);
    },
  );

  it('a code never goes to a number that another contact has, too, unless an officer says so', () => {
    const found = contactMatches({ shared: ['+4915111'] });
    expect(smsNumberOf(resolveSubject(found, null, decision).contact ?? person('c1'))).toBeNull();
    const included = { ...decision, sharedIdentifiers: 'include' as const };
    expect(resolveSubject(found, null, included).outcome).toBe('found');
  });

  it('without a decision nothing goes on but with one contact that shares nothing', () => {
    const contacts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
    const flags = fc.record({ isPartial: fc.boolean(), isNearMatch: fc.boolean() });
    const shared = fc.subarray(['+4915111', '+4930222', 'zoe@mail.example', '+1555']);
    fc.assert(
      fc.property(contacts, flags, shared, (ids, { isPartial, isNearMatch }, values) => {
        const candidates = [...new Set(ids)].map((id) => person(id));
        const found = { candidates, shared: values, isPartial, isNearMatch };
        const { outcome, contact } = resolveSubject(found, null, null);
        const isShared = values.some((value) => value !== '+1555');
        const isClear = candidates.length === 1 && !isPartial && !isNearMatch && !isShared;
        expect(outcome === 'found').toBe(isClear);
        expect(contact !== null).toBe(isClear);
      }),
    );
  });
});

describe('matching', () => {
  const contact: Contact = {
    id: 'c1',
    firstName: 'A',
    lastName: 'B',
    mergeSet: ['c1', 'c0'],
    phones: [{ number: '+491511234567', receivesSms: true }],
    createdAt: null,
    emails: ['a@b.example'],
    handles: [
      { type: 'facebook', value: '777' },
      { type: 'whatsapp', value: '+491511234567' },
    ],
    former: [{ type: 'phone', value: '+4930555' }],
  };
  const identity = identityOf(contact);
  const conversation = (person: object, session: object = {}): SourceConversation => ({
    conversationId: 'x',
    conversationStart: '2024-01-01T00:00:00.000Z',
    participants: [
      {
        purpose: 'customer',
        ...person,
        sessions: [{ sessionId: 's', mediaType: 'voice', ...session }],
      },
      { purpose: 'agent', sessions: [{ ani: 'tel:+491511234567' }] },
    ],
  });

  it.each([
    ['its contact id', conversation({ externalContactId: 'c1' }), 'subject'],
    ['an id merged into it', conversation({ externalContactId: 'c0' }), 'subject'],
    [
      'its id at a network',
      conversation({}, { mediaType: 'message', messageType: 'facebook', addressFrom: '777' }),
      'subject',
    ],
    [
      'the same id at another network',
      conversation({}, { mediaType: 'message', messageType: 'instagram', addressFrom: '777' }),
      'none',
    ],
    [
      'its WhatsApp number without +',
      conversation({}, { messageType: 'whatsapp', addressFrom: '491511234567' }),
      'subject',
    ],
    ['a number from before a merge', conversation({}, { ani: 'tel:+4930555' }), 'subject'],
    ['its number with tel:', conversation({}, { ani: 'tel:+491511234567' }), 'subject'],
    [
      'its number as a sip address',
      conversation({}, { ani: 'sip:+491511234567@edge.example' }),
      'subject',
    ],
    ['its mailbox in capitals', conversation({}, { addressFrom: 'A@B.example' }), 'subject'],
    [
      'its number and another contact',
      conversation({ externalContactId: 'other' }, { ani: 'tel:+491511234567' }),
      'otherContact',
    ],
    ['another contact only', conversation({ externalContactId: 'other' }), 'none'],
    ['a number with one digit more', conversation({}, { ani: 'tel:+4915112345670' }), 'none'],
    ['nothing of the person but in the agent leg', conversation({}), 'none'],
  ])('judges a conversation with %s', (_name, found, expected) => {
    expect(judgeConversation(found, identity)).toBe(expected);
  });

  it('asks for every id, number in both forms and mailbox in one or-filter', () => {
    const { type, predicates } = subjectFilter(identity);
    expect(type).toBe('or');
    const values = new Set(predicates.map(({ value }) => value));
    expect(values).toEqual(
      new Set([
        ...['c1', 'c0', 'a@b.example', '777'],
        ...['tel:+491511234567', '+491511234567', '491511234567', 'tel:+4930555', '+4930555'],
      ]),
    );
    expect(predicates.every((predicate) => predicate.operator === 'matches')).toBe(true);
  });
});
