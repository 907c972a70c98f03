import {
  hasIdentifier,
  identifiersOf,
  nearlyHasIdentifier,
  subjectIdentifiersOf,
  withMerged,
  withoutShared,
  type Contact,
} from '../../src/core/subject/contact';
import type { Identifier } from '../../src/core/subject/identifiers';
import { contactWithAllIdentifiers } from '../helpers/contacts';

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

describe('a contact with another one merged into it', () => {
  const phone = (value: string, at: string) => ({ type: 'phone' as const, value, at });
  const bare = { phones: [], emails: [], handles: [], former: [], createdAt: null };
  const unsearched = (value: string) => ({ type: 'phone', value, reason: 'notReadable' as const });

  it.each([
    ['2020-01-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z'],
    ['2021-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
  ])('has had an identifier since the earlier of %s and %s', (first, second) => {
    const one = { ...contact, ...bare, heldSince: [phone('+491511', first)] };
    const two = { ...other, ...bare, heldSince: [phone('+491511', second)] };
    const expected = [phone('+491511', '2020-01-01T00:00:00.000Z')];
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

  it('is the same when nothing is shared', () => {
    expect(withoutShared(contact, leavingOut(['+1555']))).toEqual(contact);
    expect(withoutShared(contactWithAllIdentifiers, () => 'own')).toEqual(
      contactWithAllIdentifiers,
    );
  });
});
