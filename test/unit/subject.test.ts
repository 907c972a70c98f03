import fc from 'fast-check';
import type { Contact } from '../../src/core/subject/contact';
import { isReachable, smsNumberOf } from '../../src/core/subject/reachability';
import {
  resolveSubject,
  type ContactMatches,
  type Decision,
} from '../../src/core/subject/resolve-contact';

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
    ['Zoë Müller 2', 'nameDiffers'],
    ['ZoëMüller', 'nameDiffers'],
    [' Müller -- Zoë ', 'found'],
    ['Zoe\u0308 Mu\u0308ller', 'found'],
    ['', 'nameDiffers'],
  ])('is resolved with the name %s: %s', (name, outcome) => {
    expect(resolveSubject(contactMatches(), name, null).outcome).toBe(outcome);
  });

  it.each([
    [null, null, '', 'found'],
    [null, 'Müller', 'muller', 'found'],
    ['Zoë', null, 'ZOE', 'found'],
    [null, null, 'Zoë', 'nameDiffers'],
    // The same letters in other words.
    ['Ann', 'Abel', 'Abe Lann', 'nameDiffers'],
  ])(
    'whose names are %j and %j is resolved with the name %j: %s',
    (firstName, lastName, name, outcome) => {
      const candidates = [person('c1', { firstName, lastName })];
      expect(resolveSubject(contactMatches({ candidates }), name, null).outcome).toBe(outcome);
    },
  );

  it.each([
    [
      'several contacts before all else',
      { candidates: [person('c1'), person('c2')], isNearMatch: true, isPartial: true },
      'ambiguousContact',
    ],
    [
      'a near match before an incomplete search',
      { isNearMatch: true, isPartial: true },
      'nearMatch',
    ],
    [
      'an incomplete search before a shared number',
      { isPartial: true, shared: ['+4930222'] },
      'contactSearchIncomplete',
    ],
    ['a shared number before another name', { shared: ['+4930222'] }, 'sharedIdentifier'],
    ['another name', {}, 'nameDiffers'],
    ['another name, where somebody else shares something', { shared: ['+1555'] }, 'nameDiffers'],
  ])('needs a decision because of %s, and is not resolved', (_name, change, outcome) => {
    expect(resolveSubject(contactMatches(change), 'Other', null)).toEqual({
      outcome,
      contact: null,
    });
  });

  it('is none when an officer has chosen one that is not found any more', () => {
    expect(resolveSubject(contactMatches(), null, { ...decision, contactId: 'c9' })).toEqual({
      outcome: 'noDataFound',
      contact: null,
    });
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

  it('receives no code on a number with an extension, which is a switchboard', () => {
    const behind = { number: '+4915111', receivesSms: true, extension: '12' };
    expect(smsNumberOf(person('c1', { phones: [behind] }))).toBeNull();
    const own = { number: '+4915122', receivesSms: true };
    expect(smsNumberOf(person('c1', { phones: [behind, own] }))).toBe('+4915122');
  });

  it('receives codes on the first number that receives text messages', () => {
    const phones = [
      { number: '+4930222', receivesSms: false },
      { number: '+4915111', receivesSms: true },
      { number: '+4915122', receivesSms: true },
    ];
    expect(smsNumberOf(person('c1', { phones }))).toBe('+4915111');
    expect(smsNumberOf(person('c1', { phones: phones.slice(0, 1) }))).toBeNull();
  });

  it.each([
    ['without a decision', null, false],
    ['by the decision for another method', { ...decision, method: 'oidc' as const }, false],
    ['by the decision to verify in person', { ...decision, method: 'officer' as const }, true],
  ])('without an email address is reachable or not %s', (_name, by, expected) => {
    const policy = { offered: ['sms'], isSmsSufficient: true } as const;
    expect(isReachable(person('c1', { emails: [] }), ['sms'], policy, by)).toBe(expected);
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
