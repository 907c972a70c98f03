import fc from 'fast-check';
import { subjectIdentifiersOf, type Contact } from '../../src/core/subject/contact';
import { withAnswers, type Decision, type DecisionChange } from '../../src/core/subject/decision';
import type { Verdict } from '../../src/core/subject/verdicts';
import type { Identifier } from '../../src/core/subject/identifiers';
import { isReachable, smsNumberOf } from '../../src/core/subject/reachability';
import {
  identifiersInQuestion,
  resolveSubject,
  type ContactMatches,
} from '../../src/core/subject/resolve-contact';
import { identifierKey } from '../../src/core/subject/spellings';

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
  const decide = (change: DecisionChange = {}): Decision =>
    withAnswers(null, { contactIds: ['c1'], ...change }, 1, '2026-11-23T12:00:00Z');
  const answer = (value: string, verdict: 'include' | 'withhold') => ({
    identifiers: [{ key: identifierKey({ type: 'phone', value }), verdict }],
  });
  const decision = decide();

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

  it('is never searched by what only a contact has that is not chosen, whatever is answered on it', () => {
    const other = person('c2', {
      ...{ phones: [{ number: '+4915199', receivesSms: true }], emails: ['max@mail.example'] },
      handles: [],
    });
    const found = contactMatches({ candidates: [person('c1'), other] });
    const chosen = (contactIds: string[], verdict: 'include' | 'withhold' | null) =>
      resolveSubject(
        found,
        null,
        decide({ contactIds, ...(verdict === null ? {} : answer('+4915199', verdict)) }),
      ).contact;
    const whole = JSON.stringify(chosen(['c1'], null));
    expect(whole).not.toContain('+4915199');
    for (const verdict of ['include', 'withhold'] as const)
      expect(JSON.stringify(chosen(['c1'], verdict))).toBe(whole);
    expect(JSON.stringify(chosen(['c1', 'c2'], null))).toContain('+4915199');
  });

  it('is none when an officer has chosen one that is not found any more', () => {
    expect(resolveSubject(contactMatches(), null, decide({ contactIds: ['c9'] }))).toEqual({
      outcome: 'noDataFound',
      contact: null,
    });
  });

  it('is none when one of several that an officer has chosen is not found any more', () => {
    const chosen = decide({ contactIds: ['c1', 'c9'] });
    expect(resolveSubject(contactMatches(), null, chosen)).toEqual({
      outcome: 'noDataFound',
      contact: null,
    });
  });

  it.each<[string, Partial<ContactMatches>, string]>([
    ['the one contact that is clear', {}, 'found'],
    [
      'nobody of two',
      { candidates: [person('c1'), person('c2')], shared: ['+4930222'] },
      'ambiguousContact',
    ],
    ['nobody as long as a number is shared', { shared: ['+4930222'] }, 'sharedIdentifier'],
    ['nobody where nobody is found', { candidates: [] }, 'noDataFound'],
  ])('is %s, where an officer has answered other questions only', (_name, change, outcome) => {
    const answers = decide({ contactIds: [], method: 'officer', undecided: 'withhold' });
    const resolved = resolveSubject(contactMatches(change), null, answers);
    expect(resolved.outcome).toBe(outcome);
    expect(resolved.contact?.id ?? null).toBe(outcome === 'found' ? 'c1' : null);
  });

  describe('with a number that others have, too', () => {
    const found = contactMatches({
      candidates: [person('c1'), person('c2')],
      shared: ['+4930222'],
      isPartial: true,
    });
    const shared: Identifier = { type: 'phone', value: '+4930222' };
    const own = [{ number: '+4915111', receivesSms: true }];
    const both = [...own, { number: '+4930222', receivesSms: false }];

    it.each<[string, DecisionChange, Partial<Contact>, boolean]>([
      ['nobody has answered by', {}, { phones: own, undecided: [shared] }, true],
      ['is theirs', answer('+4930222', 'include'), { phones: both, confirmed: [shared] }, true],
      [
        'is not theirs',
        answer('+4930222', 'withhold'),
        { phones: own, notSearched: [{ ...shared, reason: 'shared' }] },
        false,
      ],
    ])('that %s can be chosen by an officer', (_name, change, expected, isDoubtful) => {
      const chosen = resolveSubject(found, 'Other', decide({ contactIds: ['c2'], ...change }));
      expect(chosen).toMatchObject({ outcome: 'found', contact: { id: 'c2', ...expected } });
      const contact = chosen.contact ?? person('none');
      expect([...(contact.undecided ?? []), ...(contact.confirmed ?? [])]).toEqual(
        isDoubtful ? [shared] : [],
      );
      const searched = subjectIdentifiersOf(contact);
      expect(searched.phones.includes('+4930222')).toBe(contact.notSearched === undefined);
      expect([...(searched.doubtful ?? [])]).toEqual(isDoubtful ? [identifierKey(shared)] : []);
    });
  });

  describe('with a number in two spellings', () => {
    const [today, before] = ['+525512345678', '+5215512345678'];
    const [first, second] = [today, before].map((number, i) =>
      person(`c${i + 1}`, { phones: [{ number, receivesSms: true }] }),
    );
    const found = contactMatches({ candidates: [first ?? person(''), second ?? person('')] });

    it.each([
      ['c1', today],
      ['c1', before],
      ['c2', today],
      ['c2', before],
    ])('%s shares it where it is shared in one of them: %s', (id, shared) => {
      const chosen = decide({ contactIds: [id] });
      const { contact } = resolveSubject({ ...found, shared: [shared] }, null, chosen);
      expect(contact?.undecided).toHaveLength(1);
      expect(contact?.phones).toEqual([]);
    });
  });

  describe('by what an officer has answered on identifiers and conversations', () => {
    const conversation = (verdict: Verdict): DecisionChange => ({
      conversations: [{ conversationId: 'x', verdict }],
    });
    const other = (verdict: Verdict): DecisionChange => ({
      contacts: [{ contactId: 'o', verdict }],
    });
    type Standing = 'own' | 'confirmed' | 'undecided' | 'excluded' | 'denied';
    const rows: [string, Verdict | null, DecisionChange, Standing, Standing][] = [
      ['nothing', null, {}, 'own', 'undecided'],
      ['that it is theirs', 'include', {}, 'own', 'confirmed'],
      ['that it is not', 'withhold', {}, 'denied', 'excluded'],
      [
        'that it is theirs, a call not',
        'include',
        conversation('withhold'),
        'confirmed',
        'confirmed',
      ],
      ['that it is theirs, a call too', 'include', conversation('include'), 'own', 'confirmed'],
      ['that it is not, but a call', 'withhold', conversation('include'), 'undecided', 'undecided'],
      ['that it is not, as a call', 'withhold', conversation('withhold'), 'denied', 'excluded'],
      ['that it is not, but a contact', 'withhold', other('include'), 'undecided', 'undecided'],
      ['only that a call is not', null, conversation('withhold'), 'own', 'undecided'],
    ];

    it.each(rows)('%s, has an identifier: %s', (_name, verdict, change, alone, shared) => {
      const answers = verdict === null ? {} : answer('+4930222', verdict);
      const by = decide({ ...answers, ...change });
      const standingIn = (values: string[]): Standing => {
        const { contact } = resolveSubject(contactMatches({ shared: values }), null, by);
        const isIn = (list: readonly { value: string }[] = []): boolean =>
          list.some(({ value }) => value === '+4930222');
        const left = contact?.notSearched?.find(({ value }) => value === '+4930222');
        if (left !== undefined) return left.reason === 'shared' ? 'excluded' : 'denied';
        if (isIn(contact?.undecided)) return 'undecided';
        return isIn(contact?.confirmed) ? 'confirmed' : 'own';
      };
      expect([standingIn([]), standingIn(['+4930222'])]).toEqual([alone, shared]);
    });
  });

  describe('of several candidates that are one person', () => {
    const first = person('c1', { mergeSet: ['c1', 'c0'], phones: [], emails: ['a@mail.example'] });
    const second = person('c2', {
      mergeSet: ['c2', 'c0', 'c3'],
      phones: [{ number: '+4915111', receivesSms: true }],
      emails: ['b@mail.example'],
      createdAt: '2024-01-01T00:00:00.000Z',
    });
    const found = contactMatches({ candidates: [first, second], shared: ['b@mail.example'] });

    it('is the first that was chosen, searched by the ids and identifiers of all', () => {
      const { contact } = resolveSubject(found, null, decide({ contactIds: ['c1', 'c2'] }));
      expect(contact).toMatchObject({
        id: 'c1',
        mergeSet: ['c1', 'c0', 'c2', 'c3'],
        // Written to and sent codes by what is on file of the first alone.
        phones: [],
        emails: ['a@mail.example'],
        former: [{ type: 'phone', value: '+4915111' }],
        undecided: [{ type: 'email', value: 'b@mail.example' }],
      });
      expect(smsNumberOf(contact ?? first)).toBeNull();
    });

    it('is written to by another one when that is named first', () => {
      const { contact } = resolveSubject(found, null, decide({ contactIds: ['c2', 'c1'] }));
      expect(contact).toMatchObject({ id: 'c2', mergeSet: ['c2', 'c0', 'c3', 'c1'] });
      expect(smsNumberOf(contact ?? first)).toBe('+4915111');
    });

    it('has had an identifier since the contact had it that brought it', () => {
      const { contact } = resolveSubject(found, null, decide({ contactIds: ['c1', 'c2'] }));
      const since = subjectIdentifiersOf(contact ?? first).heldSince;
      expect(since?.get(identifierKey({ type: 'phone', value: '+4915111' }))).toBe(
        '2024-01-01T00:00:00.000Z',
      );
    });
  });

  it('has identifiers in question: those given, then those of candidates, each once', () => {
    const given: Identifier[] = [
      { type: 'phone', value: '+4915999' },
      { type: 'email', value: 'zoe@mail.example' },
    ];
    const candidates = [
      person('c1', { former: [{ type: 'line', value: '888' }] }),
      person('c2', { phones: [{ number: '+4930333', receivesSms: true, extension: '7' }] }),
    ];
    expect(identifiersInQuestion(given, candidates)).toEqual([
      ...given,
      { type: 'phone', value: '+4915111' },
      { type: 'phone', value: '+4930222' },
      { type: 'line', value: '888' },
      { type: 'phone', value: '+4930333', extension: '7' },
    ]);
    expect(identifiersInQuestion([], [])).toEqual([]);
  });

  it('has an identifier in question once, as the request spells it', () => {
    const asked = { type: 'email' as const, value: 'zoe@googlemail.com' };
    const onFile = { phones: [], emails: ['zoe@gmail.com'] };
    const candidates = [person('c1', onFile), person('c2', onFile)];
    expect(identifiersInQuestion([asked], candidates)).toEqual([asked]);
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
    const numberBy = (by: Decision): string | null =>
      smsNumberOf(resolveSubject(found, null, by).contact ?? person('c1', { phones: [] }));
    expect(numberBy(decision)).toBeNull();
    expect(numberBy(decide(answer('+4915111', 'withhold')))).toBeNull();
    expect(numberBy(decide(answer('+4915111', 'include')))).toBe('+4915111');
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
