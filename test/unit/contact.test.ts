import {
  hasIdentifier,
  heldSinceOf,
  identifiersOf,
  nearlyHasIdentifier,
  subjectIdentifiersOf,
  withMerged,
  withoutShared,
  type Contact,
} from '../../src/core/subject/contact';
import type { Identifier } from '../../src/core/subject/identifiers';
import { contactWithAllIdentifiers } from '../helpers/contacts';
import { contactOf, email, phone } from '../helpers/evidence-source';

/** A contact with current and former identifiers of each kind, some of them given twice. */
const contact: Contact = {
  id: 'c1',
  firstName: 'Zoë',
  lastName: 'Müller',
  mergeSet: ['c1', 'c0'],
  phones: [
    { number: '+491511', receivesSms: true },
    { number: '+493022', receivesSms: false },
  ],
  emails: ['zoe@mail.example'],
  handles: [{ type: 'facebook', value: '777' }],
  former: [
    { type: 'phone', value: '+493022' },
    { type: 'phone', value: '+493033' },
    { type: 'email', value: 'zoe@mail.example' },
    { type: 'email', value: 'zoe@old.example' },
    { type: 'line', value: '888' },
  ],
  createdAt: '2024-01-01T00:00:00.000Z',
};
const other: Contact = {
  ...contact,
  id: 'c2',
  mergeSet: ['c2'],
  phones: [{ number: '+491511', receivesSms: true }],
  emails: ['z@work.example'],
  handles: [],
  former: [{ type: 'facebook', value: '777' }],
  createdAt: null,
};

describe('the identifiers of a contact', () => {
  it('are the current and the former ones, each once', () => {
    expect(subjectIdentifiersOf(contact)).toMatchObject({
      contactIds: ['c1', 'c0'],
      phones: ['+491511', '+493022', '+493033'],
      emails: ['zoe@mail.example', 'zoe@old.example'],
      handles: [
        { type: 'facebook', value: '777' },
        { type: 'line', value: '888' },
      ],
      since: '2024-01-01T00:00:00.000Z',
    });
    expect(subjectIdentifiersOf({ ...contact, mergeSet: [] }).contactIds).toEqual(['c1']);
  });

  it('are listed with their types, without the ids of contacts', () => {
    const listed = identifiersOf(contact).map(({ type, value }) => `${type} ${value}`);
    expect(new Set(listed)).toEqual(
      new Set([
        ...['phone +491511', 'phone +493022', 'phone +493033', 'email zoe@mail.example'],
        ...['email zoe@old.example', 'facebook 777', 'line 888'],
      ]),
    );
  });

  it('are listed with an extension only where there is one', () => {
    const phones = [
      { number: '+491511', receivesSms: true },
      { number: '+493022', receivesSms: false, extension: '12' },
    ];
    const listed = identifiersOf(contactOf({ phones, emails: [] }));
    expect(listed).toStrictEqual([phone('+491511'), phone('+493022', '12')]);
  });

  it.each([
    ['phone', '+491511', true],
    ['phone', '+493033', true],
    ['email', 'zoe@old.example', true],
    ['line', '888', true],
    ['facebook', '888', false],
    ['email', 'zoe+shop@mail.example', false],
    ['phone', '+4915112', false],
  ] as const)('contain the %s %s exactly: %s', (type, value, expected) => {
    expect(hasIdentifier(contact, { type, value })).toBe(expected);
  });

  it.each([
    ['email', 'zoe+shop@mail.example', true],
    ['email', 'zoe@mail.example', true],
    ['email', 'zoe+shop@mail2.example', false],
    ['phone', 'zoe@mail.example', false],
  ] as const)('nearly contain the %s %s: %s', (type, value, expected) => {
    expect(nearlyHasIdentifier(contact, { type, value })).toBe(expected);
  });

  it('nearly contain an address when one of several differs in its tag only', () => {
    const two = { ...contact, emails: ['z+a@x.example', 'other@x.example'] };
    expect(nearlyHasIdentifier(two, { type: 'email', value: 'z+b@x.example' })).toBe(true);
  });

  it('become former ones of the contact into which theirs is merged, unless it has them', () => {
    expect(withMerged(contact, other)).toMatchObject({
      ...contact,
      former: [...contact.former, { type: 'email', value: 'z@work.example' }],
    });
  });
});

describe('the name of a contact', () => {
  it.each([
    ['Zoë', 'Müller', ['Zoë Müller']],
    ['Zoë', null, ['Zoë']],
    [null, 'Müller', ['Müller']],
    ['', 'Müller', ['Müller']],
    [' Zoë', 'Müller ', ['Zoë Müller']],
    [null, null, []],
    ['', '', []],
    [' ', null, []],
  ])('of the parts %j and %j is one whole, or none: %j', (firstName, lastName, expected) => {
    expect(subjectIdentifiersOf(contactOf({ firstName, lastName })).names).toEqual(expected);
  });

  it('is that of the contact into which others are merged', () => {
    const merged = contactOf({ id: 'c2', firstName: 'Zoe', lastName: 'Meier' });
    expect(subjectIdentifiersOf(withMerged(contactOf(), merged)).names).toEqual(['Zoë Müller']);
  });
});

describe('the time since when a contact has had an identifier', () => {
  const created = '2024-01-01T00:00:00.000Z';
  const [early, late] = ['2021-05-01T00:00:00.000Z', '2022-05-01T00:00:00.000Z'];
  const mailbox = email('zoe@mail.example');
  const tagged = ['zoe+a@mail.example', 'zoe+b@mail.example'] as const;

  it('is that of its record where the source says nothing else', () => {
    const held = contactOf({ createdAt: created });
    expect(heldSinceOf(held, mailbox)).toBe(created);
    expect(heldSinceOf(held, phone('+4915112345666'))).toBe(created);
  });

  it('is the one that the source states of this identifier, whatever its record says', () => {
    const heldSince = [
      { ...phone('+4915112345666'), at: early },
      { ...mailbox, at: late },
    ];
    const held = contactOf({ createdAt: created, heldSince });
    expect(heldSinceOf(held, mailbox)).toBe(late);
    expect(heldSinceOf(held, phone('+4915112345666'))).toBe(early);
  });

  it('is not that of nearly the same identifier where the contact has the exact one', () => {
    const heldSince = [
      { ...email(tagged[0]), at: early },
      { ...mailbox, at: late },
    ];
    const held = contactOf({ emails: [tagged[0], mailbox.value], heldSince });
    expect(heldSinceOf(held, mailbox)).toBe(late);
  });

  it.each([
    [early, late, early],
    [late, early, early],
    // By the clock, not by the letters: this is half past ten of the evening before.
    ['2021-01-01T00:30:00+02:00', '2020-12-31T23:00:00Z', '2021-01-01T00:30:00+02:00'],
    ['2020-12-31T23:00:00Z', '2021-01-01T00:30:00+02:00', '2021-01-01T00:30:00+02:00'],
  ])('is the earlier of %s and %s where it has two that are nearly it', (first, second, since) => {
    const heldSince = [
      { ...email(tagged[0]), at: first },
      { ...email(tagged[1]), at: second },
    ];
    expect(heldSinceOf(contactOf({ emails: [...tagged], heldSince }), mailbox)).toBe(since);
  });

  it('is that of the number with an extension, of which no contact has the exact one', () => {
    const phones = [{ number: '+4930123456', receivesSms: false, extension: '7' }];
    const heldSince = [{ ...phone('+4930123456', '7'), at: early }];
    const held = contactOf({ phones, heldSince });
    expect(heldSinceOf(held, phone('+4930123456', '7'))).toBe(early);
    expect(heldSinceOf(held, phone('+4930123456'))).toBe(early);
  });

  it('is unknown of one that the contact has not, and where the source does not say', () => {
    expect(heldSinceOf(contactOf({ createdAt: created }), email('ana@mail.example'))).toBeNull();
    expect(heldSinceOf(contactOf({ createdAt: created }), phone('+4930555101'))).toBeNull();
    expect(heldSinceOf(contactOf({ createdAt: null }), mailbox)).toBeNull();
  });

  it('is not stated of any identifier by a source that states none', () => {
    const permanent = new Map([['email:zoe@mail.example', null]]);
    expect(subjectIdentifiersOf(contactOf(), 'permanent').heldSince).toEqual(permanent);
    expect(subjectIdentifiersOf(contactOf(), 'changing').heldSince).toEqual(new Map());
  });
});

describe('a contact with another one merged into it', () => {
  const phoneSince = (value: string, at: string) => ({ type: 'phone' as const, value, at });
  const bare = { phones: [], emails: [], handles: [], former: [], createdAt: null };
  const unsearched = (value: string) => ({ type: 'phone', value, reason: 'notReadable' as const });

  it.each([
    ['2020-01-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z'],
    ['2021-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
  ])('has had an identifier since the earlier of %s and %s', (first, second) => {
    const one = { ...contact, ...bare, heldSince: [phoneSince('+491511', first)] };
    const two = { ...other, ...bare, heldSince: [phoneSince('+491511', second)] };
    const expected = [phoneSince('+491511', '2020-01-01T00:00:00.000Z')];
    expect(withMerged(one, two).heldSince).toEqual(expected);
  });

  it('keeps what nothing was searched by, of both', () => {
    const one = { ...contact, notSearched: [unsearched('1')] };
    const two = { ...other, notSearched: [unsearched('2')] };
    expect(withMerged(one, two).notSearched).toEqual([unsearched('1'), unsearched('2')]);
    expect(withMerged(one, other).notSearched).toEqual([unsearched('1')]);
    expect(withMerged(contact, two).notSearched).toEqual([unsearched('2')]);
    expect(withMerged(contact, other)).not.toHaveProperty('notSearched');
  });

  it('knows a number of its own without the extension that the other has behind it', () => {
    const behind = { number: '+491511', receivesSms: false, extension: '12' };
    const one = { ...contact, ...bare, phones: [behind] };
    const two = { ...other, ...bare, phones: [{ number: '+491511', receivesSms: true }] };
    expect(withMerged(one, two).former).toEqual([{ type: 'phone', value: '+491511' }]);
    // The other way round it is known to be a switchboard's.
    expect(withMerged(two, one).former).toEqual([
      { type: 'phone', value: '+491511', extension: behind.extension },
    ]);
  });
});

describe('a contact without what others have, too', () => {
  const leavingOut =
    (values: readonly string[]) =>
    ({ value }: Identifier) =>
      values.includes(value) ? ('excluded' as const) : ('own' as const);

  it('is searched by what nobody has decided on, and is never written to by it', () => {
    const shared = ['+491511', 'zoe@mail.example', '777', '888'];
    const reduced = withoutShared(contact, ({ value }) =>
      shared.includes(value) ? 'undecided' : 'own',
    );
    expect(reduced).toMatchObject({
      phones: [{ number: '+493022', receivesSms: false }],
      emails: [],
      handles: [],
    });
    expect(reduced).not.toHaveProperty('notSearched');
    const { phones, emails, handles, doubtful } = subjectIdentifiersOf(reduced);
    expect(new Set(phones)).toEqual(new Set(subjectIdentifiersOf(contact).phones));
    expect(new Set(emails)).toEqual(new Set(subjectIdentifiersOf(contact).emails));
    expect(new Set(handles)).toEqual(new Set(subjectIdentifiersOf(contact).handles));
    expect(doubtful?.size).toBe(shared.length);
  });

  it('is written to by what an officer has confirmed, and doubtful by it', () => {
    const shared = ['+491511', 'zoe@old.example'];
    const reduced = withoutShared(contact, ({ value }) =>
      shared.includes(value) ? 'confirmed' : 'own',
    );
    expect(reduced).toMatchObject(contact);
    expect(subjectIdentifiersOf(reduced)).toEqual({
      ...subjectIdentifiersOf(contact),
      doubtful: new Set(['phone:+491511', 'email:zoe@old.example']),
    });
  });

  it('has lost exactly that, of each kind and of former ones', () => {
    const shared = ['+491511', 'zoe@mail.example', '777', '888'];
    expect(withoutShared(contact, leavingOut(shared))).toMatchObject({
      ...contact,
      phones: [{ number: '+493022', receivesSms: false }],
      emails: [],
      handles: [],
      former: [
        { type: 'phone', value: '+493022' },
        { type: 'phone', value: '+493033' },
        { type: 'email', value: 'zoe@old.example' },
      ],
    });
  });

  it('names what an officer has denied by that reason, whether or not it has an extension', () => {
    const phones = [
      { number: '+491511', receivesSms: true },
      { number: '+493022', receivesSms: false, extension: '12' },
      { number: '+493033', receivesSms: false, extension: '3' },
    ];
    const denied = ['+491511', '+493022'];
    const reduced = withoutShared(contactOf({ phones }), ({ value }) => {
      if (denied.includes(value)) return 'denied';
      return value === '+493033' ? 'excluded' : 'own';
    });
    expect(reduced).toStrictEqual({
      ...contactOf({ phones: [] }),
      notSearched: [
        { ...phone('+491511'), reason: 'notConfirmed' },
        { ...phone('+493022', '12'), reason: 'notConfirmed' },
        { ...phone('+493033', '3'), reason: 'extension' },
      ],
    });
  });

  it('is the same when nothing is shared', () => {
    expect(withoutShared(contact, leavingOut(['+1555']))).toEqual(contact);
    expect(withoutShared(contactWithAllIdentifiers, () => 'own')).toEqual(
      contactWithAllIdentifiers,
    );
  });
});
