import fc from 'fast-check';
import type { Contact } from '../../src/core/subject/contact';
import type { withAnswers } from '../../src/core/subject/decision';
import { doubtfulIndex, doubtfulSummary } from '../../src/core/subject/doubtful';
import {
  candidateViews,
  compareIdentifier,
  conversationView,
  decisionView,
  doubtfulView,
  identifierViews,
  IdentifierNumbers,
  noContactView,
  revealed,
  type EvidenceSource,
} from '../../src/core/subject/evidence';
import type { Identifier } from '../../src/core/subject/identifiers';
import type { Comparison } from '../../src/core/subject/names';
import { identifierKey } from '../../src/core/subject/spellings';
import {
  contactOf,
  decided,
  digitsOf,
  doubtful,
  email,
  mailbox,
  matchesOf,
  nameOf,
  number,
  phone,
  sourceOf,
} from '../helpers/evidence-source';

describe('the evidence', () => {
  const contact = fc
    .record({
      id: fc.uuid(),
      firstName: nameOf,
      lastName: nameOf,
      numbers: fc.array(number, { maxLength: 3 }),
      emails: fc.array(mailbox, { maxLength: 3 }),
      former: fc.array(
        fc.oneof(
          number.map((value) => phone(value)),
          mailbox.map(email),
        ),
      ),
      handles: fc.array(digitsOf(12).map((value) => ({ type: 'facebook' as const, value }))),
    })
    .map(({ numbers, ...others }): Contact => ({
      ...others,
      mergeSet: [others.id],
      phones: numbers.map((one) => ({ number: one, receivesSms: true })),
      createdAt: '2020-01-01T00:00:00.000Z',
    }));
  const source = fc.record({
    contacts: fc.array(contact, { maxLength: 4 }),
    given: fc.array(
      fc.oneof(
        mailbox.map(email),
        number.map((value) => phone(value)),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    name: nameOf,
  });
  const secretsOf = (contacts: readonly Contact[], given: readonly Identifier[]): string[] =>
    [
      ...given.map(({ value }) => value),
      ...contacts.flatMap((one) => [
        ...one.phones.map((each) => each.number),
        ...one.emails,
        ...one.former.map(({ value }) => value),
        ...one.handles.map(({ value }) => value),
        ...[one.firstName, one.lastName].flatMap((name) => name?.split(' ') ?? []),
      ]),
    ].flatMap((value) => [value, ...(value.includes('@') ? value.split(/[@.]/).slice(0, 2) : [])]);

  it('contains no name, number or mailbox, of whatever contacts', () => {
    fc.assert(
      fc.property(source, ({ contacts, given, name }) => {
        const shared = contacts.flatMap(({ emails }) => emails);
        const stored = sourceOf({
          identifiers: given,
          name,
          contactMatches: matchesOf(contacts, shared),
          decision: decided({ codeTo: given[0] ? identifierKey(given[0]) : null }),
        });
        const numbers = new IdentifierNumbers(stored);
        const keys = numbers.all.map(identifierKey);
        const conversation = doubtful('1', { tiedBy: keys });
        const text = JSON.stringify([
          candidateViews(stored, numbers),
          identifierViews(stored, numbers),
          decisionView(stored.decision, numbers),
          noContactView({ identifiers: counted(keys), subjects: 1 }, numbers),
          doubtfulView(
            doubtfulSummary(doubtfulIndex([conversation]), stored.decision),
            numbers,
            stored.decision,
          ),
          conversationView({ ...conversation, verdict: null }, numbers, stored.decision),
        ]);
        const shown = words(text);
        for (const secret of [...secretsOf(contacts, given), ...(name?.split(' ') ?? [])])
          expect(shown).not.toContain(secret);
      }),
    );
  });

  /** What stands between quotes and bullets, so that a short word is not found within a key. */
  const words = (text: string): string[] => text.split(/["•,@.\s]+/);
  const counted = (keys: readonly string[]) =>
    keys.map((key) => ({ key, conversations: 2, from: null, to: null }));

  it('numbers each line or mailbox once, those of the request first', () => {
    const candidates = [
      contactOf({ emails: ['z.oe@gmail.com', 'other@mail.example'] }),
      contactOf({ id: 'c2', emails: ['zoe+x@mail.example'], phones: [] }),
    ];
    const stored = sourceOf({
      identifiers: [email('zoe@mail.example'), email('zoe@gmail.com')],
      contactMatches: matchesOf(candidates, ['z.oe@gmail.com', '+4915112345666']),
      decision: decided({
        contactIds: ['c2'],
        identifiers: [{ key: identifierKey(email('zoe@googlemail.com')), verdict: 'include' }],
      }),
    });
    const numbers = new IdentifierNumbers(stored);
    expect(
      identifierViews(stored, numbers).map((one) => [
        one.number,
        one.masked,
        one.isGiven,
        one.isShared,
        one.candidates.join(),
        one.nearly.join(),
        one.answer,
      ]),
    ).toEqual([
      [1, 'z•••@m•••.example', true, false, '2', '2', null],
      [2, 'z•••@g•••.com', true, true, '1', '', 'include'],
      [3, '•••• 66', false, true, '1', '', null],
      [4, 'o•••@m•••.example', false, false, '1', '', null],
      [5, 'z•••@m•••.example', false, false, '2', '', null],
    ]);
    expect(candidateViews(stored, numbers)).toMatchObject([
      {
        number: 1,
        contactId: 'c1',
        matches: [
          { identifier: 1, verdict: 'differs' },
          { identifier: 2, verdict: 'same' },
        ],
        codeGoesTo: null,
        isChosen: false,
      },
      {
        number: 2,
        matches: [
          { identifier: 1, verdict: 'similar' },
          { identifier: 2, verdict: 'differs' },
        ],
        codeGoesTo: null,
        isChosen: true,
      },
    ]);
  });

  it('says how many records a candidate was merged from, and nobody chosen without a decision', () => {
    const merged = contactOf({ mergeSet: ['c1', 'old-1', 'old-2'] });
    const stored = sourceOf({ contactMatches: matchesOf([merged, contactOf({ id: 'c2' })]) });
    expect(candidateViews(stored, new IdentifierNumbers(stored))).toMatchObject([
      { mergedContacts: 2, isChosen: false },
      { mergedContacts: 1, isChosen: false },
    ]);
  });

  it('takes the one contact that is clear without an officer for the chosen one', () => {
    const chosen = (change: Partial<EvidenceSource>): boolean[] => {
      const stored = sourceOf(change);
      const views = candidateViews(stored, new IdentifierNumbers(stored));
      return views.map(({ isChosen }) => isChosen);
    };
    expect(chosen({})).toEqual([true]);
    // Answers to other questions choose nobody else.
    expect(chosen({ decision: decided({ undecided: 'withhold' }) })).toEqual([true]);
    expect(chosen({ name: 'Anna Schmidt' })).toEqual([false]);
    const two = matchesOf([contactOf(), contactOf({ id: 'c2' })]);
    expect(chosen({ contactMatches: two, decision: decided({ contactIds: ['c2'] }) })).toEqual([
      false,
      true,
    ]);
  });

  it('says which numbers have an extension in one of their spellings', () => {
    const switchboard = { number: '+4930123456', receivesSms: false, extension: '7' };
    const own = { number: '+4915112345666', receivesSms: true };
    const stored = sourceOf({
      identifiers: [phone('+4930123456'), phone('+4915112345666')],
      contactMatches: matchesOf([contactOf({ phones: [switchboard, own], emails: [] })]),
    });
    const views = identifierViews(stored, new IdentifierNumbers(stored));
    expect(views.map(({ masked, hasExtension }) => [masked, hasExtension])).toEqual([
      ['•••• 56', true],
      ['•••• 66', false],
    ]);
  });

  it('is what the request gives where no contact was looked for yet', () => {
    const identifiers = [email('zoe@mail.example'), phone('+4915112345666')];
    const stored = sourceOf({ identifiers, contactMatches: null });
    const numbers = new IdentifierNumbers(stored);
    expect(candidateViews(stored, numbers)).toEqual([]);
    expect(identifierViews(stored, numbers)).toEqual([
      {
        ...{ number: 1, type: 'email', masked: 'z•••@m•••.example', isGiven: true },
        ...{ isShared: false, hasExtension: false, candidates: [], nearly: [], answer: null },
      },
      {
        ...{ number: 2, type: 'phone', masked: '•••• 66', isGiven: true },
        ...{ isShared: false, hasExtension: false, candidates: [], nearly: [], answer: null },
      },
    ]);
    expect(revealed(stored, numbers)).toEqual({
      name: stored.name,
      candidates: [],
      identifiers: [
        { number: 1, type: 'email', value: 'zoe@mail.example' },
        { number: 2, type: 'phone', value: '+4915112345666' },
      ],
    });
  });

  it('gives an identifier by its number, and nothing by a number that there is not', () => {
    const numbers = new IdentifierNumbers(
      sourceOf({ identifiers: [email('zoe@mail.example'), phone('+4915112345666')] }),
    );
    expect([0, 1, 2, 3].map((number) => numbers.at(number)?.type ?? null)).toEqual([
      null,
      'email',
      'phone',
      null,
    ]);
  });

  it('gives the numbers of those that are in question, in their order', () => {
    const [first, second] = [email('zoe@mail.example'), phone('+4915112345666')];
    const numbers = new IdentifierNumbers(sourceOf({ identifiers: [first, second] }));
    const [one, two] = [identifierKey(first), identifierKey(second)];
    expect(numbers.ofAll([one, two])).toEqual([1, 2]);
    expect(numbers.ofAll([two, one])).toEqual([1, 2]);
    expect(numbers.ofAll(['phone:+4930555101', two])).toEqual([2]);
    expect(numbers.ofAll([])).toEqual([]);
  });

  it.each<[Identifier, Comparison]>([
    [phone('+4915112345666'), 'same'],
    [phone('+4915112345666', '7'), 'similar'],
    [phone('+4930555101'), 'differs'],
    [email('zoe@mail.example'), 'none'],
    [{ type: 'whatsapp', value: '+4915112345666' }, 'none'],
  ])('compares %j with what a contact has of its type: %s', (identifier, expected) => {
    expect(compareIdentifier(contactOf({ emails: [] }), identifier)).toBe(expected);
  });

  it('says since when a candidate has had what the request gives', () => {
    const at = '2022-05-01T00:00:00.000Z';
    const held = contactOf({ heldSince: [{ ...email('zoe@mail.example'), at }] });
    const identifiers = [email('zoe@mail.example'), phone('+4915112345666'), phone('+4930555101')];
    const stored = sourceOf({ identifiers, contactMatches: matchesOf([held]) });
    expect(candidateViews(stored, new IdentifierNumbers(stored))[0]?.matches).toEqual([
      { identifier: 1, verdict: 'same', since: at },
      { identifier: 2, verdict: 'same', since: held.createdAt },
      { identifier: 3, verdict: 'differs', since: null },
    ]);
  });

  it('names the mailboxes of a candidate by their numbers, in the order on file', () => {
    const emails = ['second@mail.example', 'zoe@mail.example'];
    const candidates = [contactOf({ emails }), contactOf({ id: 'c2', emails: [] })];
    const stored = sourceOf({ contactMatches: matchesOf(candidates) });
    // The request gives zoe@mail.example; the number of the contact comes before its mailboxes.
    expect(candidateViews(stored, new IdentifierNumbers(stored))).toMatchObject([
      { phones: 1, mailboxes: 2, mailboxNumbers: [3, 1] },
      { phones: 1, mailboxes: 0, mailboxNumbers: [] },
    ]);
  });

  it('leaves out what conversations were counted by when it is no longer in question', () => {
    const numbers = new IdentifierNumbers(sourceOf());
    const gone = { key: 'phone:+4930555101', conversations: 1, from: null, to: null };
    expect(noContactView({ identifiers: [gone], subjects: null }, numbers)).toEqual({
      identifiers: [],
      subjects: null,
    });
  });

  it('says where a code would go if the candidate were chosen, by the answers so far', () => {
    const [own, shared, extension] = ['+4915112345666', '+4930555101', '+4930555777'];
    const phones = [
      { number: extension, receivesSms: true, extension: '7' },
      { number: shared, receivesSms: true },
    ];
    const goesTo = (
      candidate: Partial<Contact>,
      change: Parameters<typeof withAnswers>[1] = {},
    ) => {
      const candidates = [contactOf(candidate), contactOf({ id: 'c2', phones: [] })];
      const stored = sourceOf({
        contactMatches: matchesOf(candidates, [shared]),
        decision: Object.keys(change).length === 0 ? null : decided(change),
      });
      return candidateViews(stored, new IdentifierNumbers(stored))[0]?.codeGoesTo;
    };
    const on = (value: string, verdict: 'include' | 'withhold') => ({
      identifiers: [{ key: identifierKey(phone(value)), verdict }],
    });
    const both = { phones: [...phones, { number: own, receivesSms: true }] };
    expect(goesTo({ phones })).toBeNull();
    expect(goesTo({ phones }, on(shared, 'include'))).toBe('•••• 01');
    expect(goesTo({ phones }, on(shared, 'withhold'))).toBeNull();
    expect(goesTo(both)).toBe('•••• 66');
    expect(goesTo(both, on(shared, 'include'))).toBe('•••• 01');
    expect(goesTo(both, on(own, 'withhold'))).toBeNull();
    // Also of a candidate that is not the one chosen.
    expect(goesTo(both, { contactIds: ['c2'] })).toBe('•••• 66');
  });

  it('counts what there is of a person without a contact record, by the number of the identifier', () => {
    const identifiers = [email('zoe@mail.example'), phone('+4915112345666')];
    const stored = sourceOf({ identifiers, contactMatches: matchesOf([]) });
    const numbers = new IdentifierNumbers(stored);
    const at = '2026-01-01T00:00:00.000Z';
    const found = [{ key: 'phone:+4915112345666', conversations: 3, from: at, to: at }];
    expect(noContactView({ identifiers: found, subjects: 2 }, numbers)).toEqual({
      identifiers: [{ identifier: 2, conversations: 3, from: at, to: at }],
      subjects: 2,
    });
    expect(noContactView(null, numbers)).toBeNull();
  });

  describe('of doubtful conversations', () => {
    const identifiers = [email('zoe@mail.example'), phone('+4915112345666')];
    const numbers = new IdentifierNumbers(sourceOf({ identifiers }));
    const [mailboxKey, phoneKey] = ['email:zoe@mail.example', 'phone:+4915112345666'];
    const summary = {
      ...{ total: 6, undecided: 3, included: 2, withheld: 1 },
      byIdentifier: [
        { identifier: phoneKey, total: 2, undecided: 1 },
        { identifier: 'phone:+4930555101', total: 1, undecided: 1 },
        { identifier: mailboxKey, total: 1, undecided: 0 },
      ],
      byContact: [
        { contactId: 'c8', total: 1, undecided: 0 },
        { contactId: 'c9', total: 2, undecided: 2 },
      ],
    };
    const answered = decided({ contacts: [{ contactId: 'c8', verdict: 'withhold' }] });

    it.each([
      ['with the answers on contacts', answered, 'withhold'],
      ['without an answer on them', decided({}), null],
      ['without a decision', null, null],
    ])('counts them by number and by contact, %s', (_case, decision, answer) => {
      expect(doubtfulView(summary, numbers, decision)).toEqual({
        ...{ total: 6, undecided: 3, included: 2, withheld: 1 },
        // What is no longer in question has no number.
        byIdentifier: [
          { identifier: 2, total: 2, undecided: 1 },
          { identifier: 1, total: 1, undecided: 0 },
        ],
        byContact: [
          { contactId: 'c8', total: 1, undecided: 0, answer },
          { contactId: 'c9', total: 2, undecided: 2, answer: null },
        ],
      });
    });

    const own = (conversationId: string) =>
      decided({ conversations: [{ conversationId, verdict: 'include' }] });
    it.each([
      ['its own answer', own('v1'), 'include'],
      ['no answer of another one', own('v2'), null],
      ['no answer where none is given', null, null],
    ])('shows one with what ties it by number, and %s', (_case, decision, expected) => {
      const conversation = doubtful('v1', {
        tiedBy: [phoneKey, 'phone:+4930555101', mailboxKey],
        otherContacts: ['c8', 'c9'],
        channels: ['voice', 'chat'],
        queues: ['Sales', 'Support'],
      });
      expect(conversationView({ ...conversation, verdict: 'withhold' }, numbers, decision)).toEqual(
        {
          conversationId: 'v1',
          startedAt: '2026-01-01T00:00:00.000Z',
          channels: ['voice', 'chat'],
          direction: 'inbound',
          queues: ['Sales', 'Support'],
          doubt: 'otherContact',
          tiedBy: [1, 2],
          otherContacts: ['c8', 'c9'],
          verdict: 'withhold',
          own: expected,
        },
      );
    });
  });

  it('names a decision by numbers', () => {
    const stored = sourceOf({
      identifiers: [email('zoe@mail.example'), phone('+4915112345666')],
      contactMatches: matchesOf([]),
    });
    const numbers = new IdentifierNumbers(stored);
    const decision = decided({
      method: 'sms',
      codeTo: 'phone:+4915112345666',
      inviteTo: 'email:gone@mail.example',
    });
    expect(decisionView(decision, numbers)).toEqual({
      contactIds: [],
      method: 'sms',
      codeTo: 2,
      inviteTo: null,
      undecided: 'wait',
      rightsOfOthers: { kinds: [], conversations: [] },
      at: '2026-11-23T12:00:00.000Z',
    });
    const parts = { kinds: ['notes' as const], conversations: ['c9'] };
    expect(decisionView(decided({ rightsOfOthers: parts }), numbers)?.rightsOfOthers).toEqual(
      parts,
    );
    expect(decisionView(null, numbers)).toBeNull();
  });

  it('is in clear only when it is revealed, in the spelling that is on file', () => {
    const candidates = [
      contactOf({
        emails: ['z.oe@gmail.com'],
        phones: [{ number: '+4930123456', receivesSms: false, extension: '7' }],
      }),
    ];
    const stored = sourceOf({
      identifiers: [email('zoe@gmail.com')],
      contactMatches: matchesOf(candidates),
    });
    const switchboard = { number: 2, type: 'phone', value: '+4930123456', extension: '7' };
    expect(revealed(stored, new IdentifierNumbers(stored))).toStrictEqual({
      name: stored.name,
      candidates: [
        {
          number: 1,
          contactId: 'c1',
          firstName: 'Zoë',
          lastName: 'Müller',
          identifiers: [switchboard, { number: 1, type: 'email', value: 'z.oe@gmail.com' }],
        },
      ],
      identifiers: [{ number: 1, type: 'email', value: 'zoe@gmail.com' }, switchboard],
    });
  });
});
