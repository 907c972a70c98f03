import fc from 'fast-check';
import type { Contact } from '../../src/core/subject/contact';
import { withAnswers, type Decision } from '../../src/core/subject/decision';
import {
  doubtfulIndex,
  doubtfulSummary,
  type DoubtfulConversation,
} from '../../src/core/subject/doubtful';
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
import { invitationGoesTo } from '../../src/core/subject/invitation';
import { maskedIdentifier, type Identifier } from '../../src/core/subject/identifiers';
import { compareName, maskedName } from '../../src/core/subject/names';
import { resolveSubject } from '../../src/core/subject/resolve-contact';
import { identifierKey } from '../../src/core/subject/spellings';
import type { RequestDetails } from '../../src/ports';
import { mailboxOf } from '../../src/services/messaging';

const contactOf = (change: Partial<Contact> = {}): Contact => ({
  id: 'c1',
  firstName: 'Zoë',
  lastName: 'Müller',
  mergeSet: ['c1'],
  phones: [{ number: '+4915112345666', receivesSms: true }],
  emails: ['zoe@mail.example'],
  handles: [],
  former: [],
  createdAt: '2020-01-01T00:00:00Z',
  ...change,
});
const email = (value: string): Identifier => ({ type: 'email', value });
const phone = (value: string, extension?: string): Identifier => ({
  type: 'phone',
  value,
  ...(extension === undefined ? {} : { extension }),
});
const sourceOf = (change: Partial<EvidenceSource> = {}): EvidenceSource => ({
  identifiers: [email('zoe@mail.example')],
  name: null,
  contactMatches: { candidates: [contactOf()], shared: [], isPartial: false, isNearMatch: false },
  decision: null,
  ...change,
});
const matchesOf = (candidates: Contact[], shared: string[] = []) => ({
  candidates,
  shared,
  isPartial: false,
  isNearMatch: false,
});
const decided = (change: Parameters<typeof withAnswers>[1]): Decision =>
  withAnswers(null, change, 1, '2026-11-23T12:00:00.000Z');

describe('the comparison of a name', () => {
  it.each([
    ['Zoë', 'Müller', 'MULLER, zoe', 'same'],
    ['Zoë', 'Müller', 'Zoë Schmidt', 'similar'],
    ['Zoë', 'Müller-Schmidt', 'Schmidt', 'similar'],
    ['Zoë', 'Müller', 'Anna Schmidt', 'differs'],
    // An initial that two names share says nothing.
    ['Z', 'Müller', 'Z Schmidt', 'differs'],
    ['Z', 'Müller', 'Z Müller', 'same'],
    ['李', '明', '李 华', 'similar'],
    ['Zoë', null, 'Zoe', 'same'],
    [null, null, 'Zoë', 'none'],
    ['', ' - ', 'Zoë', 'none'],
    [null, 'Müller', 'Null', 'differs'],
    ['Anna-Lena', null, 'Anna--Lena', 'same'],
    ['Zoë', 'Müller', null, 'none'],
    ['Zoë', 'Müller', ' ', 'none'],
  ])('of %j %j with %j is %s', (firstName, lastName, name, expected) => {
    expect(compareName(contactOf({ firstName, lastName }), name)).toBe(expected);
  });
});

describe('the comparison of an identifier', () => {
  it.each<[string, Partial<Contact>, Identifier, string]>([
    ['the same mailbox', {}, email('zoe@mail.example'), 'same'],
    ['another spelling', { emails: ['z.o.e@gmail.com'] }, email('zoe@googlemail.com'), 'same'],
    ['a tag', {}, email('zoe+shop@mail.example'), 'similar'],
    ['another mailbox', {}, email('zoe@other.example'), 'differs'],
    ['no mailbox', { emails: [] }, email('zoe@mail.example'), 'none'],
    ['the same number', {}, phone('+4915112345666'), 'same'],
    ['an extension in the request', {}, phone('+4915112345666', '12'), 'similar'],
    [
      'an extension on file',
      { phones: [{ number: '+4930123456', receivesSms: false, extension: '7' }] },
      phone('+4930123456'),
      'similar',
    ],
    ['another number', {}, phone('+4915112345667'), 'differs'],
    ['no number', { phones: [] }, phone('+4915112345666'), 'none'],
    ['a former one', { former: [phone('+4930555123')], phones: [] }, phone('+4930555123'), 'same'],
    ['an id at a network', {}, { type: 'facebook', value: '777' }, 'none'],
  ])('with %s', (_, change, identifier, expected) => {
    expect(compareIdentifier(contactOf(change), identifier)).toBe(expected);
  });
});

describe('since when a candidate has an identifier', () => {
  const sinceIn = (change: Partial<Contact>, identifier: Identifier): string | null | undefined => {
    const source = sourceOf({
      identifiers: [identifier],
      contactMatches: matchesOf([contactOf(change)]),
    });
    return candidateViews(source, new IdentifierNumbers(source))[0]?.matches[0]?.since;
  };
  const held = (identifier: Identifier, at: string) => ({ ...identifier, at });

  it('is what the source says, or when the record begins, of the earliest', () => {
    const mine = email('zoe@mail.example');
    expect(sinceIn({}, mine)).toBe('2020-01-01T00:00:00Z');
    const at = '2022-05-01T00:00:00Z';
    expect(sinceIn({ heldSince: [held(mine, at)] }, mine)).toBe(at);
    expect(sinceIn({ createdAt: null }, mine)).toBeNull();
    expect(sinceIn({}, email('zoe@other.example'))).toBeNull();
  });

  it('is of the nearly same one where there is no exact one', () => {
    const tagged = email('zoe+shop@mail.example');
    const [early, late] = ['2021-05-01T00:00:00Z', '2022-05-01T00:00:00Z'];
    const mine = email('zoe@mail.example');
    expect(sinceIn({ heldSince: [held(mine, late)] }, tagged)).toBe(late);
    const both = {
      emails: ['zoe@mail.example', 'zoe+shop@mail.example'],
      heldSince: [held(mine, early), held(tagged, late)],
    };
    expect(sinceIn(both, tagged)).toBe(late);
    expect(sinceIn(both, email('zoe+other@mail.example'))).toBe(early);
  });
});

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzäöüñ');
const word = fc.array(letter, { minLength: 5, maxLength: 12 }).map((all) => all.join(''));
const digitsOf = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const number = digitsOf(8).map((digits) => `+49151${digits}`);
const mailbox = fc
  .tuple(word, word, fc.constantFrom('example', 'com', 'co.uk'))
  .map(([name, domain, end]) => `${name}@${domain}.${end}`);
const nameOf = fc.option(
  fc.array(word, { minLength: 1, maxLength: 3 }).map((all) => all.join(' ')),
);

describe('a masked value', () => {
  it.each<[Identifier, string]>([
    [phone('+4915112345666'), '•••• 66'],
    [phone('+493012345', '4711'), '•••• 45'],
    [email('zoe.mueller@mail.example'), 'z•••@m•••.example'],
    [email('z@a.co.uk'), 'z•••@a•••.uk'],
    [{ type: 'whatsapp', value: '+4915112345666' }, '•••• 66'],
    [{ type: 'facebook', value: '10158000777' }, '•••• 77'],
    [{ type: 'twitter', value: 'zoe_mueller' }, '••••'],
    [{ type: 'twitter', value: 'zoe77' }, '••••'],
  ])('of %j is %s', (identifier, expected) => {
    expect(maskedIdentifier(identifier)).toBe(expected);
  });

  it.each([
    ['Zoë', 'Müller', 'Z••• M•••'],
    ['Anna-Lena', 'von der Au', 'A••• L••• v••• d••• A•••'],
    ['Zoe\u0308', null, 'Z•••'],
    ['𝒵oe', null, '𝒵•••'],
    [null, '+4915112345666', '4•••'],
    [null, null, null],
    ['-', '', null],
  ])('of the names %j and %j is %j', (firstName, lastName, expected) => {
    expect(maskedName(contactOf({ firstName, lastName }))).toBe(expected);
  });

  it('never contains more of a number than its last two digits', () => {
    fc.assert(
      fc.property(number, (value) => {
        const masked = maskedIdentifier(phone(value));
        expect(masked.replace(/[^\d+]/g, '')).toBe(value.slice(-2));
      }),
    );
  });

  it('never contains more of a mailbox than two first letters and the last label', () => {
    fc.assert(
      fc.property(mailbox, (value) => {
        const [name = '', domain = ''] = value.split('@');
        const [first, second, last] = maskedIdentifier(email(value)).split(/•••@|•••\./);
        expect([first, second, last]).toEqual([name[0], domain[0], domain.split('.').at(-1)]);
      }),
    );
  });

  it('never contains more of a name than the first letter of each part, nor how long they are', () => {
    fc.assert(
      fc.property(nameOf, nameOf, (firstName, lastName) => {
        const masked = maskedName(contactOf({ firstName, lastName }));
        const parts = [firstName, lastName].flatMap((name) => name?.split(' ') ?? []);
        expect(masked?.split(' ') ?? []).toEqual(parts.map((part) => `${part[0] ?? ''}•••`));
      }),
    );
  });
});

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
        for (const secret of [...secretsOf(contacts, given), ...(name?.split(' ') ?? [])])
          expect(words(text)).not.toContain(secret);
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
        one.answer,
      ]),
    ).toEqual([
      [1, 'z•••@m•••.example', true, false, '2', null],
      [2, 'z•••@g•••.com', true, true, '1', 'include'],
      [3, '•••• 66', false, true, '1', null],
      [4, 'o•••@m•••.example', false, false, '1', null],
      [5, 'z•••@m•••.example', false, false, '2', null],
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
        ...{ isShared: false, hasExtension: false, candidates: [], answer: null },
      },
      {
        ...{ number: 2, type: 'phone', masked: '•••• 66', isGiven: true },
        ...{ isShared: false, hasExtension: false, candidates: [], answer: null },
      },
    ]);
    expect(revealed(stored, numbers)).toEqual({
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
    expect(revealed(stored, new IdentifierNumbers(stored))).toEqual({
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

function doubtful(id: string, change: Partial<DoubtfulConversation> = {}): DoubtfulConversation {
  return {
    conversationId: id,
    tiedBy: [],
    otherContacts: [],
    startedAt: '2026-01-01T00:00:00.000Z',
    channels: ['voice'],
    direction: 'inbound',
    queues: ['Sales'],
    doubt: 'otherContact',
    ...change,
  };
}

describe('the mailbox that the invitation goes to', () => {
  const given = email('second@mail.example');
  const all = ['first@mail.example', given.value, 'third@mail.example'].map(email);
  const verdict = fc.option(fc.constantFrom('include' as const, 'withhold' as const));

  it('is by the evidence and the answers the one that the app writes to', () => {
    fc.assert(
      fc.property(
        fc.subarray(all.map(({ value }) => value)),
        fc.subarray(all.map(({ value }) => value)),
        fc.tuple(verdict, verdict, verdict),
        fc.shuffledSubarray(all.map(({ value }) => value)),
        (onlyOfOther, shared, answers, emails) => {
          const candidates = [
            contactOf({ emails, phones: [] }),
            contactOf({ id: 'c2', emails: onlyOfOther, phones: [] }),
          ];
          const undecided = sourceOf({
            identifiers: [given],
            contactMatches: matchesOf(candidates, shared),
          });
          const numbers = new IdentifierNumbers(undecided);
          const views = identifierViews(undecided, numbers);
          const [candidate] = candidateViews(undecided, numbers);
          const answered = all.flatMap((one, i) => {
            const answer = answers[i] ?? null;
            return answer === null ? [] : [{ key: identifierKey(one), verdict: answer }];
          });
          const verdictOf = (number: number) =>
            answered.find(({ key }) => numbers.of(key) === number)?.verdict ?? null;
          const shown = invitationGoesTo(
            (candidate?.mailboxNumbers ?? []).flatMap((number) =>
              views
                .filter((one) => one.number === number)
                .map((one) => ({ ...one, verdict: verdictOf(number) })),
            ),
          );
          const decision = decided({ contactIds: ['c1'], identifiers: answered });
          const { contact } = resolveSubject(matchesOf(candidates, shared), null, decision);
          const details = { contact, identifiers: [given] } as unknown as RequestDetails;
          const written = mailboxOf(details, undefined);
          expect(shown === undefined ? '' : numbers.at(shown.number)?.value).toBe(written);
        },
      ),
    );
  });
});

describe('the doubtful conversations', () => {
  const [mail, line] = [email('zoe@mail.example'), phone('+4915112345666')];
  const [mailKey, lineKey] = [identifierKey(mail), identifierKey(line)];
  const numbers = new IdentifierNumbers(sourceOf({ identifiers: [mail, line] }));

  it('are counted by the numbers of identifiers', () => {
    const tally = { total: 2, undecided: 1 };
    const summary = { total: 4, undecided: 1, included: 1, withheld: 2 };
    expect(
      doubtfulView(
        {
          ...summary,
          byIdentifier: [
            { identifier: lineKey, ...tally },
            { identifier: 'email:unknown@mail.example', ...tally },
          ],
          byContact: [
            { contactId: 'x', ...tally },
            { contactId: 'y', ...tally },
          ],
        },
        numbers,
        decided({ contacts: [{ contactId: 'x', verdict: 'withhold' }] }),
      ),
    ).toEqual({
      ...summary,
      byIdentifier: [{ identifier: 2, ...tally }],
      byContact: [
        { contactId: 'x', ...tally, answer: 'withhold' },
        { contactId: 'y', ...tally, answer: null },
      ],
    });
  });

  it('name identifiers by their numbers, and say nothing else', () => {
    const conversation = doubtful('b', {
      tiedBy: [lineKey, mailKey, 'email:unknown@mail.example'],
      doubt: 'sharedIdentifier',
      otherContacts: ['c8', 'c9'],
    });
    const stored = { ...conversation, participants: 'Zoë', verdict: 'include' as const };
    const decision = decided({ conversations: [{ conversationId: 'b', verdict: 'withhold' }] });
    expect(conversationView(stored, numbers, null).own).toBeNull();
    expect(conversationView(stored, numbers, decision)).toEqual({
      conversationId: 'b',
      startedAt: '2026-01-01T00:00:00.000Z',
      channels: ['voice'],
      direction: 'inbound',
      queues: ['Sales'],
      doubt: 'sharedIdentifier',
      tiedBy: [1, 2],
      otherContacts: ['c8', 'c9'],
      verdict: 'include',
      own: 'withhold',
    });
  });
});
