import fc from 'fast-check';
import type { Contact } from '../../src/core/subject/contact';
import {
  candidateViews,
  compareIdentifier,
  conversationView,
  doubtfulView,
  identifierViews,
  IdentifierNumbers,
} from '../../src/core/subject/evidence';
import { maskedIdentifier, type Identifier } from '../../src/core/subject/identifiers';
import { invitationGoesTo } from '../../src/core/subject/invitation';
import { compareName, maskedName, maskedWords } from '../../src/core/subject/names';
import { resolveSubject } from '../../src/core/subject/resolve-contact';
import { identifierKey } from '../../src/core/subject/spellings';
import type { RequestDetails } from '../../src/ports';
import { mailboxOf } from '../../src/services/messaging';
import {
  contactOf,
  decided,
  doubtful,
  email,
  mailbox,
  matchesOf,
  nameOf,
  number,
  phone,
  sourceOf,
} from '../helpers/evidence-source';

describe('the comparison of a name', () => {
  it.each([
    ['Zoë', 'Müller', 'MULLER, zoe', 'same'],
    ['Zoë', 'Weiß', 'WEISS ZOE', 'same'],
    ['ZOË', 'WEIẞ', 'Zoe Weiss', 'same'],
    ['Zoë', 'Weiß', 'Anna Weiss', 'similar'],
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
    [{ type: 'twitter', value: 'zoe_123456_m' }, '••••'],
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

  it('of no name is none', () => {
    expect(maskedWords(null)).toBeNull();
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
