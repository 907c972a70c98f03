import fc from 'fast-check';
import {
  changesSubject,
  doubts,
  isDoubt,
  verdictOnIdentifier,
  withAnswers,
  type Decision,
  type DecisionChange,
} from '../../src/core/subject/decision';
import { verdictOn, type Ties, type Verdict } from '../../src/core/subject/verdicts';
import type { WithheldParts } from '../../src/core/subject/withheld-parts';
import type { Identifier } from '../../src/core/subject/identifiers';

const at = '2026-11-23T12:00:00.000Z';
const later = '2026-11-24T12:00:00.000Z';

/** Decisions one after the other, numbered from 1. */
const decide = (...changes: DecisionChange[]): Decision | null =>
  changes.reduce<Decision | null>(
    (before, change, i) => withAnswers(before, change, i + 1, at),
    null,
  );
const identifier = (key: string, verdict: Verdict): DecisionChange => ({
  identifiers: [{ key, verdict }],
});
const contact = (contactId: string, verdict: Verdict): DecisionChange => ({
  contacts: [{ contactId, verdict }],
});
const conversation = (verdict: Verdict): DecisionChange => ({
  conversations: [{ conversationId: 'x', verdict }],
});
const rights = (...kinds: WithheldParts['kinds']): DecisionChange => ({
  rightsOfOthers: { kinds, conversations: [] },
});
const ties = (change: Partial<Ties> = {}): Ties => ({
  conversationId: 'x',
  tiedBy: ['phone a'],
  otherContacts: [],
  ...change,
});

describe('answers that keep those on conversations by themselves', () => {
  const all = [ties({ tiedBy: ['phone a', 'phone b'] })];
  const own = conversation('include');
  const keeping = (change: DecisionChange): DecisionChange => ({ ...change, keepsOwn: all });
  const verdictAfter = (...changes: DecisionChange[]): Verdict | null =>
    verdictOn(all[0] as Ties, decide(...changes));

  it.each<[string, DecisionChange[], Verdict]>([
    ['leave one that counts', [own, keeping(identifier('phone a', 'withhold'))], 'include'],
    [
      'leave one that counts again after the group',
      [identifier('phone a', 'withhold'), own, keeping(identifier('phone b', 'withhold'))],
      'include',
    ],
    [
      'leave one that the group has come to agree with',
      [own, identifier('phone a', 'include'), keeping(identifier('phone a', 'withhold'))],
      'include',
    ],
    [
      'bring none back that was overruled',
      [
        { ...identifier('phone b', 'include'), ...conversation('withhold') },
        identifier('phone a', 'include'),
        keeping(identifier('phone a', 'withhold')),
      ],
      'include',
    ],
    [
      'count less than one that is given with them',
      [own, keeping({ ...identifier('phone a', 'include'), ...conversation('withhold') })],
      'withhold',
    ],
  ])('%s', (_, changes, expected) => {
    expect(verdictAfter(...changes)).toBe(expected);
  });

  it('change nothing where no verdict would change', () => {
    const before = decide(own, identifier('phone a', 'include'));
    const again = withAnswers(before, keeping(identifier('phone a', 'include')), 2, at);
    expect(again).toEqual(before);
  });

  it('pass over a conversation without one, and keep that of the next', () => {
    const without = ties({ conversationId: 'w' });
    const before = decide(own);
    const change = { ...identifier('phone a', 'withhold'), keepsOwn: [without, ties()] };
    const after = withAnswers(before, change, 2, later);
    expect(after.conversations).toEqual({ x: { verdict: 'include', version: 2 } });
    expect(verdictOn(without, after)).toBe('withhold');
  });
});

describe('a decision', () => {
  it.each<[string, DecisionChange, string[]]>([
    ['but what was answered', { contactIds: ['c1'] }, ['c1']],
    ['at all where nothing was', {}, []],
  ])('begins with nothing %s', (_name, change, contactIds) => {
    expect(withAnswers(null, change, 1, at)).toStrictEqual({
      contactIds,
      identifiers: {},
      contacts: {},
      conversations: {},
      method: null,
      codeTo: null,
      inviteTo: null,
      undecided: 'wait',
      at,
    });
  });

  it.each<[string, DecisionChange, Partial<Decision>]>([
    ['other contacts, in place of those before', { contactIds: ['c2'] }, { contactIds: ['c2'] }],
    ['a method', { method: 'oidc' }, { method: 'oidc' }],
    ['the methods on file again', { method: null }, { method: null }],
    ['where codes go to', { codeTo: 'phone b' }, { codeTo: 'phone b' }],
    ['that codes go to what is on file', { codeTo: null }, { codeTo: null }],
    ['who is invited', { inviteTo: 'email b' }, { inviteTo: 'email b' }],
    ['that who is on file is invited', { inviteTo: null }, { inviteTo: null }],
    ['to go on without what is open', { undecided: 'withhold' }, { undecided: 'withhold' }],
    [
      'an identifier, beside those before',
      identifier('phone b', 'withhold'),
      {
        identifiers: {
          'phone a': { verdict: 'include', version: 1 },
          'phone b': { verdict: 'withhold', version: 2 },
        },
      },
    ],
    [
      'the same identifier otherwise',
      identifier('phone a', 'withhold'),
      { identifiers: { 'phone a': { verdict: 'withhold', version: 2 } } },
    ],
    [
      'a contact in conversations',
      contact('o2', 'include'),
      {
        contacts: {
          o1: { verdict: 'withhold', version: 1 },
          o2: { verdict: 'include', version: 2 },
        },
      },
    ],
    [
      'a conversation',
      conversation('include'),
      { conversations: { x: { verdict: 'include', version: 2 } } },
    ],
    ['nothing', {}, {}],
  ])('takes %s, and keeps the rest', (_name, change, expected) => {
    const before = withAnswers(
      null,
      {
        contactIds: ['c1'],
        ...identifier('phone a', 'include'),
        ...contact('o1', 'withhold'),
        method: 'sms',
        codeTo: 'phone a',
        inviteTo: 'email a',
      },
      1,
      at,
    );
    const unchanged = structuredClone(before);
    expect(withAnswers(before, change, 2, later)).toEqual({ ...before, ...expected, at: later });
    expect(before).toEqual(unchanged);
  });
});

describe('what is withheld for the rights of others', () => {
  const of = (...changes: DecisionChange[]): WithheldParts | undefined =>
    decide(...changes)?.rightsOfOthers;
  const first: WithheldParts = { kinds: ['notes'], conversations: ['x'] };
  const second: WithheldParts = { kinds: ['emails'], conversations: ['y'] };
  const nothing: WithheldParts = { kinds: [], conversations: [] };

  it.each<[string, DecisionChange[], WithheldParts]>([
    ['is what the first answer says', [{ rightsOfOthers: first }], first],
    [
      'is added to a decision that had withheld nothing',
      [{ contactIds: ['c1'] }, { rightsOfOthers: first }],
      first,
    ],
    [
      'stays as it was with answers on something else',
      [{ rightsOfOthers: first }, conversation('include'), { method: 'officer' }],
      first,
    ],
    [
      'gives way to a later answer as a whole',
      [{ rightsOfOthers: first }, { rightsOfOthers: second }],
      second,
    ],
    [
      'can be taken back altogether',
      [{ rightsOfOthers: first }, { rightsOfOthers: nothing }],
      nothing,
    ],
  ])('%s', (_name, changes, expected) => {
    expect(of(...changes)).toEqual(expected);
  });

  it('is absent as long as no officer has withheld anything', () => {
    expect(decide({ contactIds: ['c1'] }, { method: 'officer' })).not.toHaveProperty(
      'rightsOfOthers',
    );
  });
});

describe('the verdict on a doubtful conversation', () => {
  it.each<[string, DecisionChange[], Partial<Ties>, Verdict | null]>([
    ['without a decision', [], {}, null],
    [
      'with an answer on another conversation',
      [conversation('include')],
      { conversationId: 'y' },
      null,
    ],
    ['with an answer on itself', [conversation('include')], {}, 'include'],
    ['with an answer on itself that leaves it out', [conversation('withhold')], {}, 'withhold'],
    ['by the identifier that ties it', [identifier('phone a', 'include')], {}, 'include'],
    ['by an identifier that is not theirs', [identifier('phone a', 'withhold')], {}, 'withhold'],
    ['by another identifier', [identifier('phone b', 'include')], {}, null],
    [
      'by one of two identifiers that is theirs',
      [{ identifiers: [...both('phone a', 'withhold'), ...both('phone b', 'include')] }],
      { tiedBy: ['phone a', 'phone b'] },
      'include',
    ],
    [
      'by one of two identifiers that is not theirs',
      [identifier('phone a', 'withhold')],
      { tiedBy: ['phone a', 'phone b'] },
      null,
    ],
    [
      'by two identifiers of which none is theirs',
      [{ identifiers: [...both('phone a', 'withhold'), ...both('phone b', 'withhold')] }],
      { tiedBy: ['phone a', 'phone b'] },
      'withhold',
    ],
    ['by nothing that ties it', [identifier('phone a', 'withhold')], { tiedBy: [] }, null],
    [
      'of another contact, by an identifier',
      [identifier('phone a', 'include')],
      { otherContacts: ['o1'] },
      null,
    ],
    [
      'of another contact, by an identifier that is not theirs',
      [identifier('phone a', 'withhold')],
      { otherContacts: ['o1'] },
      null,
    ],
    ['by its other contact', [contact('o1', 'include')], { otherContacts: ['o1'] }, 'include'],
    [
      'by its other contact, who is not them',
      [contact('o1', 'withhold')],
      { otherContacts: ['o1'] },
      'withhold',
    ],
    ['by a contact that it does not carry', [contact('o1', 'include')], {}, null],
    [
      'by one of two other contacts that is them',
      [contact('o1', 'include')],
      { otherContacts: ['o1', 'o2'] },
      null,
    ],
    [
      'by one of two other contacts that is not them',
      [contact('o2', 'withhold'), contact('o1', 'include')],
      { otherContacts: ['o1', 'o2'] },
      'withhold',
    ],
    [
      'by two other contacts, who are them',
      [contact('o1', 'include'), contact('o2', 'include')],
      { otherContacts: ['o1', 'o2'] },
      'include',
    ],
    [
      'by itself and later by its identifier',
      [conversation('include'), identifier('phone a', 'withhold')],
      {},
      'withhold',
    ],
    [
      'by its identifier and later by itself',
      [identifier('phone a', 'withhold'), conversation('include')],
      {},
      'include',
    ],
    [
      'by itself and by its identifier at once',
      [{ ...conversation('include'), ...identifier('phone a', 'withhold') }],
      {},
      'include',
    ],
    [
      'by itself and later by its contact',
      [conversation('include'), contact('o1', 'withhold')],
      { otherContacts: ['o1'] },
      'withhold',
    ],
    [
      'by itself and by its contact at once',
      [{ ...conversation('withhold'), ...contact('o1', 'include') }],
      { otherContacts: ['o1'] },
      'withhold',
    ],
    [
      'by itself and later by an identifier, where it carries another contact',
      [conversation('withhold'), identifier('phone a', 'include')],
      { otherContacts: ['o1'] },
      'withhold',
    ],
    [
      'by itself, and then by the first of two contacts and an older answer on the second',
      [contact('o1', 'include'), conversation('withhold'), contact('o2', 'include')],
      { otherContacts: ['o1', 'o2'] },
      'include',
    ],
  ])('%s is right', (_name, changes, change, expected) => {
    expect(verdictOn(ties(change), decide(...changes))).toBe(expected);
  });

  it('that carries another contact is never given by answers on identifiers', () => {
    const keys = fc.constantFrom('phone a', 'phone b', 'email c');
    const verdict = fc.constantFrom<Verdict>('include', 'withhold');
    const answers = fc.array(fc.record({ key: keys, verdict }));
    fc.assert(
      fc.property(answers, fc.uniqueArray(keys), (identifiers, tiedBy) => {
        const decision = decide({ identifiers });
        expect(verdictOn(ties({ tiedBy, otherContacts: ['o1'] }), decision)).toBeNull();
      }),
    );
  });
});

describe('a decision after another', () => {
  it.each<[string, DecisionChange | null, DecisionChange, boolean]>([
    ['that names nobody', null, { method: 'officer' }, false],
    ['that names a contact for the first time', null, { contactIds: ['c1'] }, true],
    ['that names the same contact', { contactIds: ['c1'] }, { contactIds: ['c1'] }, false],
    ['that names a further one', { contactIds: ['c1'] }, { contactIds: ['c1', 'c2'] }, true],
    [
      'that writes to another one first',
      { contactIds: ['c1', 'c2'] },
      { contactIds: ['c2', 'c1'] },
      true,
    ],
    ['on an identifier for the first time', null, identifier('phone a', 'include'), true],
    [
      'with the same answer again',
      identifier('phone a', 'include'),
      identifier('phone a', 'include'),
      false,
    ],
    [
      'with the opposite answer',
      identifier('phone a', 'include'),
      identifier('phone a', 'withhold'),
      true,
    ],
    [
      'on another identifier',
      identifier('phone a', 'include'),
      identifier('phone b', 'include'),
      true,
    ],
    ['on a conversation', { contactIds: ['c1'] }, conversation('include'), false],
    ['on a contact in conversations', { contactIds: ['c1'] }, contact('o1', 'withhold'), false],
    ['on how codes are sent', { contactIds: ['c1'] }, { method: 'sms', codeTo: 'phone a' }, false],
    ['that withholds a kind of data for the first time', null, rights('notes'), true],
    ['that says that no kind is withheld', null, rights(), false],
    ['that withholds the same kind', rights('notes'), rights('notes'), false],
    [
      'that names the same kinds in another order',
      rights('notes', 'emails'),
      rights('emails', 'notes'),
      false,
    ],
    ['that withholds another kind', rights('notes'), rights('emails'), true],
    ['that withholds a further kind', rights('notes'), rights('notes', 'emails'), true],
    ['that withholds no kind any more', rights('notes'), rights(), true],
    ['that leaves the withheld kinds alone', rights('notes'), { method: 'officer' }, false],
    [
      'that withholds conversations for the rights of others',
      rights('notes'),
      { rightsOfOthers: { kinds: ['notes'], conversations: ['x'] } },
      false,
    ],
  ])('%s', (_, first, second, isOther) => {
    const before = first && decide(first);
    expect(changesSubject(before, withAnswers(before, second, 2, later))).toBe(isOther);
  });

  it('asks for the same person whichever answer came first', () => {
    const [a, b] = [identifier('phone a', 'include'), identifier('phone b', 'withhold')];
    expect(changesSubject(decide(a, b), decide(b, a) as Decision)).toBe(false);
  });
});

describe('an answer', () => {
  it('on an identifier is found by its key, whatever its spelling; without one there is none', () => {
    const on = (value: string): Identifier => ({ type: 'email', value });
    const decision = decide(identifier('email:zoe@gmail.com', 'withhold'));
    expect(verdictOnIdentifier(on('z.oe@googlemail.com'), decision)).toBe('withhold');
    expect(verdictOnIdentifier(on('anna@gmail.com'), decision)).toBeNull();
    expect(verdictOnIdentifier(on('zoe@gmail.com'), null)).toBeNull();
  });

  it('is asked for on what is doubtful only', () => {
    expect(doubts.every(isDoubt)).toBe(true);
    expect(['theirs', 'notTheirs', ''].some(isDoubt)).toBe(false);
  });
});

function both(key: string, verdict: Verdict) {
  return [{ key, verdict }];
}
