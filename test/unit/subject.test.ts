import fc from 'fast-check';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { subjectIdentifiersOf, type Contact } from '../../src/core/subject/contact';
import { maskedPhone, normaliseEmail, normalisePhone } from '../../src/core/subject/identifiers';
import { judgeConversation } from '../../src/core/subject/matching';
import { isReachable, smsNumberOf } from '../../src/core/subject/reachability';
import {
  resolveSubject,
  type ContactMatches,
  type Decision,
} from '../../src/core/subject/resolve-contact';
import { contactWithAllIdentifiers } from '../helpers/contacts';

describe('identifiers', () => {
  it.each([
    ['+49 151 1234567', null, '+491511234567'],
    ['0151 1234567', 'DE', '+491511234567'],
    ['0151 1234567', null, null],
    ['020 7946 0958', 'GB', '+442079460958'],
    ['not a number', 'DE', null],
  ])('normalise the phone number %s with region %s to %s', (text, region, expected) => {
    expect(normalisePhone(text, region)).toBe(expected);
  });

  it.each([
    [' Maria@Mail.Example ', 'maria@mail.example'],
    ['maria@mail', null],
    ['a@b@c.example', null],
    ['no mailbox', null],
  ])('normalise the email address %s to %s', (text, expected) => {
    expect(normaliseEmail(text)).toBe(expected);
  });

  it('show two digits of a masked number', () => {
    expect(maskedPhone('+491511234567').replaceAll(/\D/g, '')).toBe('67');
  });
});

describe('the contact that a request means', () => {
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
    contactId: 'c1',
    sharedIdentifiers: 'exclude',
    doubtfulConversations: 'withhold',
    method: null,
    at: '2026-11-23T12:00:00Z',
  };

  it.each([
    ['no contact', contactMatches({ candidates: [] }), 'noDataFound'],
    ['one contact of its own', contactMatches(), 'found'],
    [
      'two contacts',
      contactMatches({ candidates: [person('c1'), person('c2')] }),
      'ambiguousContact',
    ],
    ['a near match', contactMatches({ isNearMatch: true }), 'nearMatch'],
    ['an incomplete search', contactMatches({ isPartial: true }), 'contactSearchIncomplete'],
    ['a shared number', contactMatches({ shared: ['+4930222'] }), 'sharedIdentifier'],
  ])('is resolved with the outcome for %s', (_name, found, outcome) => {
    expect(resolveSubject(found, null, null).outcome).toBe(outcome);
  });

  it.each([
    ['MULLER, zoe', 'found'],
    ['Zoë Müller', 'found'],
    ['Zoë Möller', 'nameDiffers'],
    ['Zoë', 'nameDiffers'],
  ])('is resolved with the name %s: %s', (name, outcome) => {
    expect(resolveSubject(contactMatches(), name, null).outcome).toBe(outcome);
  });

  it('can be chosen by an officer, with or without shared identifiers', () => {
    const found = contactMatches({
      candidates: [person('c1'), person('c2')],
      shared: ['+4930222'],
      isPartial: true,
    });
    const chosen = resolveSubject(found, 'Other', { ...decision, contactId: 'c2' });
    expect(chosen).toMatchObject({ outcome: 'found', contact: { id: 'c2' } });
    expect(chosen.contact?.phones).toHaveLength(1);
    const all = resolveSubject(found, null, { ...decision, sharedIdentifiers: 'include' });
    expect(all.contact?.phones).toHaveLength(2);
  });

  it.each([
    ['an email address and a number', {}, ['sms'], true, null, true],
    ['no email address', { emails: [] }, ['sms'], true, null, false],
    ['no authentication method', {}, [], true, null, false],
    ['a number alone where that is insufficient', {}, ['sms'], false, null, false],
    ['an authenticator app where a number is insufficient', {}, ['sms', 'totp'], false, null, true],
    ['nothing but the decision of an officer', { emails: [] }, [], true, 'officer', true],
  ] as const)(
    'is reachable or not with %s',
    (_name, change, methods, isSmsSufficient, method, expected) => {
      const contact = person('c1', change as Partial<Contact>);
      const policy = { offered: ['sms', 'totp'], isSmsSufficient } as const;
      expect(isReachable(contact, methods, policy, { ...decision, method })).toBe(expected);
    },
  );

  it('receives no code on a shared number unless an officer includes it', () => {
    const found = contactMatches({ shared: ['+4915111'] });
    expect(smsNumberOf(resolveSubject(found, null, decision).contact ?? person('c1'))).toBeNull();
    const included = { ...decision, sharedIdentifiers: 'include' as const };
    expect(resolveSubject(found, null, included).outcome).toBe('found');
  });

  it('is found without a decision only when one contact matches and shares nothing', () => {
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

describe('the judgement of a conversation', () => {
  const subject = subjectIdentifiersOf(contactWithAllIdentifiers);
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
    ['its email address in capitals', conversation({}, { addressFrom: 'A@B.example' }), 'subject'],
    [
      'its number and another contact',
      conversation({ externalContactId: 'other' }, { ani: 'tel:+491511234567' }),
      'otherContact',
    ],
    ['another contact only', conversation({ externalContactId: 'other' }), 'none'],
    ['a number with one digit more', conversation({}, { ani: 'tel:+4915112345670' }), 'none'],
    ['an address of the person on the agent leg only', conversation({}), 'none'],
  ])('is right for %s', (_name, found, expected) => {
    expect(judgeConversation(found, subject)).toBe(expected);
  });
});
