import fc from 'fast-check';
import type { SourceConversation, SourceParticipant } from '../../src/core/genesys/conversation';
import { subjectIdentifiersOf } from '../../src/core/subject/contact';
import {
  changesSubject,
  withAnswers,
  type Decision,
  type DecisionChange,
} from '../../src/core/subject/decision';
import { verdictOn, type Ties } from '../../src/core/subject/verdicts';
import {
  doubtfulConversation,
  doubtfulIndex,
  doubtfulPlaces,
  doubtfulSummary,
  tiesAmong,
  type DoubtfulFilter,
} from '../../src/core/subject/doubtful';
import { identifierKey } from '../../src/core/subject/spellings';
import { contactWithAllIdentifiers } from '../helpers/contacts';

const at = '2026-11-23T12:00:00.000Z';
const decide = (change: DecisionChange): Decision => withAnswers(null, change, 1, at);
const queue = (participantName: unknown, ...queueIds: string[]): SourceParticipant => ({
  purpose: 'acd',
  participantName,
  sessions: [{ segments: queueIds.map((queueId) => ({ queueId })) }],
});

describe('what an officer sees of a doubtful conversation', () => {
  const conversation: SourceConversation = {
    conversationId: 'x',
    conversationStart: '2024-01-01T00:00:00.000Z',
    originatingDirection: 'inbound',
    participants: [
      {
        purpose: 'customer',
        externalContactId: 'other',
        participantName: 'Eve Adams',
        sessions: [{ mediaType: 'voice', ani: 'tel:+491511234567' }],
      },
      {
        purpose: 'acd',
        participantName: 'Billing',
        sessions: [{ mediaType: 'voice', segments: [{ queueId: 'q1' }] }],
      },
      {
        purpose: 'acd',
        sessions: [{ segments: [{ queueId: 'q2' }, {}] }, { mediaType: 'callback' }],
      },
      { purpose: 'acd', participantName: 'Billing' },
      {
        purpose: 'agent',
        participantName: 'Ann Agent',
        sessions: [{ segments: [{ queueId: 'q3' }] }],
      },
    ],
  };
  const subject = subjectIdentifiersOf(contactWithAllIdentifiers);

  it('is when, how and where it came, and what ties it, without names of people', () => {
    expect(doubtfulConversation(conversation, subject, 'otherContact')).toEqual({
      conversationId: 'x',
      startedAt: '2024-01-01T00:00:00.000Z',
      channels: ['voice', 'callback'],
      direction: 'inbound',
      queues: ['Billing', 'q2'],
      doubt: 'otherContact',
      tiedBy: [identifierKey({ type: 'phone', value: '+491511234567' })],
      otherContacts: ['other'],
    });
  });

  it.each<[string, SourceParticipant[], string[]]>([
    ['by name', [queue('Billing', 'q1')], ['Billing']],
    ['by id where the name is empty', [queue('', 'q1')], ['q1']],
    ['by id where there is no name', [queue(undefined, 'q1')], ['q1']],
    ['by id where the name is no text', [queue(7, 'q1')], ['q1']],
    ['once by name and once by id', [queue('Billing', 'q1'), queue('', 'q1')], ['Billing', 'q1']],
    ['once, however often it came there', [queue('', 'q1'), queue('', 'q1', 'q1')], ['q1']],
    ['not at all where neither name nor sessions are known', [{ purpose: 'acd' }], []],
    ['not at all where a session has no segments', [{ purpose: 'acd', sessions: [{}] }], []],
    ['not at all where it reached none', [{ ...queue('Ann Agent', 'q1'), purpose: 'agent' }], []],
  ])('names a queue %s', (_name, participants, queues) => {
    const found = { ...conversation, participants };
    expect(doubtfulConversation(found, subject, 'otherContact').queues).toEqual(queues);
  });

  it.each([
    ['outbound', 'outbound'],
    ['sideways', null],
    [undefined, null],
  ])('has the direction %s as %s', (given, direction) => {
    const { originatingDirection: _direction, ...rest } = conversation;
    const found = { ...rest, ...(given === undefined ? {} : { originatingDirection: given }) };
    expect(doubtfulConversation(found, subject, 'otherContact').direction).toBe(direction);
  });
});

describe('the index of doubtful conversations', () => {
  const ties: Ties[] = [
    { conversationId: 'a', tiedBy: ['phone 1'], otherContacts: [] },
    { conversationId: 'b', tiedBy: ['phone 1', 'email 2'], otherContacts: [] },
    { conversationId: 'c', tiedBy: ['phone 1'], otherContacts: ['o1'] },
    { conversationId: 'd', tiedBy: [], otherContacts: ['o1', 'o2'] },
    { conversationId: 'e', tiedBy: ['email 2'], otherContacts: [] },
  ];
  const index = doubtfulIndex(ties);
  const decision = decide({
    identifiers: [{ key: 'email 2', verdict: 'include' }],
    contacts: [{ contactId: 'o2', verdict: 'withhold' }],
    conversations: [{ conversationId: 'a', verdict: 'withhold' }],
  });

  it('counts them by what is decided, by what ties them and by whom they carry', () => {
    expect(doubtfulSummary(index, null)).toEqual({
      ...{ total: 5, undecided: 5, included: 0, withheld: 0 },
      byIdentifier: [
        { identifier: 'phone 1', total: 2, undecided: 2 },
        { identifier: 'email 2', total: 2, undecided: 2 },
      ],
      byContact: [
        { contactId: 'o1', total: 2, undecided: 2 },
        { contactId: 'o2', total: 1, undecided: 1 },
      ],
    });
    expect(doubtfulSummary(index, decision)).toEqual({
      ...{ total: 5, undecided: 1, included: 2, withheld: 2 },
      byIdentifier: [
        { identifier: 'phone 1', total: 2, undecided: 0 },
        { identifier: 'email 2', total: 2, undecided: 0 },
      ],
      byContact: [
        { contactId: 'o1', total: 2, undecided: 1 },
        { contactId: 'o2', total: 1, undecided: 0 },
      ],
    });
    expect(doubtfulSummary(doubtfulIndex([]), decision)).toMatchObject({ total: 0, byContact: [] });
  });

  it.each<[string, DecisionChange, { undecided: number; included: number; withheld: number }]>([
    [
      'an answer that gives',
      { identifiers: [{ key: 'phone 1', verdict: 'include' }] },
      { undecided: 3, included: 2, withheld: 0 },
    ],
    [
      'an answer that withholds',
      { contacts: [{ contactId: 'o1', verdict: 'withhold' }] },
      { undecided: 3, included: 0, withheld: 2 },
    ],
    [
      'answers of both kinds',
      {
        identifiers: [{ key: 'email 2', verdict: 'include' }],
        conversations: [{ conversationId: 'c', verdict: 'withhold' }],
      },
      { undecided: 2, included: 2, withheld: 1 },
    ],
  ])('counts what is given apart from what is withheld, with %s', (_name, change, expected) => {
    expect(doubtfulSummary(index, decide(change))).toMatchObject({ total: 5, ...expected });
  });

  it('writes down once what many share, and each conversation by places in that', () => {
    expect(index).toEqual({
      identifiers: ['phone 1', 'email 2'],
      contacts: ['o1', 'o2'],
      conversations: [
        ['a', [0], []],
        ['b', [0, 1], []],
        ['c', [0], [0]],
        ['d', [], [0, 1]],
        ['e', [1], []],
      ],
    });
  });

  it.each([
    ['abcde', 'abcde'],
    ['db', 'bd'],
    ['c', 'c'],
    ['az', 'a'],
    ['z', ''],
    ['', ''],
  ])('gives the ties of those of %j that it knows, in its own order: %j', (ids, expected) => {
    const known = ties.filter(({ conversationId }) => expected.includes(conversationId));
    expect(tiesAmong(index, new Set(ids))).toEqual(known);
  });

  it.each<[DoubtfulFilter, string]>([
    [{}, 'abcde'],
    [{ verdict: 'undecided' }, 'c'],
    [{ verdict: 'include' }, 'be'],
    [{ verdict: 'withhold' }, 'ad'],
    [{ identifier: 'phone 1' }, 'ab'],
    [{ identifier: 'phone 1', verdict: 'include' }, 'b'],
    [{ identifier: 'phone 9' }, ''],
    [{ contact: 'o1' }, 'cd'],
    [{ contact: 'o1', verdict: 'undecided' }, 'c'],
    [{ contact: 'o9' }, ''],
  ])('lets %j through as %s', (filter, expected) => {
    const places = doubtfulPlaces(index, decision, filter).map(({ place }) => place);
    expect(places.map((place) => ties[place]?.conversationId).join('')).toBe(expected);
  });

  it('gives each conversation the verdict of the conversation itself', () => {
    const some = (...values: string[]) => fc.uniqueArray(fc.constantFrom(...values));
    const list = fc.array(fc.record({ tiedBy: some('p', 'q'), otherContacts: some('o', 'n') }));
    const verdict = fc.constantFrom('include', 'withhold');
    const answers = fc.record({
      identifiers: fc.array(fc.record({ key: fc.constantFrom('p', 'q'), verdict })),
      contacts: fc.array(fc.record({ contactId: fc.constantFrom('o', 'n'), verdict })),
    });
    fc.assert(
      fc.property(list, answers, (conversations, change) => {
        const all = conversations.map((one, i) => ({ ...one, conversationId: String(i) }));
        const by = decide(change);
        const told = doubtfulPlaces(doubtfulIndex(all), by, {}).map((one) => one.verdict);
        expect(told).toEqual(all.map((one) => verdictOn(one, by)));
      }),
    );
  });
});

describe('a decision', () => {
  const before = decide({
    contactIds: ['c1', 'c2'],
    identifiers: [{ key: 'phone 1', verdict: 'include' }],
  });

  it.each<[string, Decision | null, DecisionChange, boolean]>([
    ['on the first contact', null, { contactIds: ['c1'] }, true],
    ['on the first identifier', null, { identifiers: [{ key: 'p', verdict: 'withhold' }] }, true],
    ['on a method', null, { method: 'officer' }, false],
    ['on nothing', before, {}, false],
    ['on the same contacts', before, { contactIds: ['c1', 'c2'] }, false],
    ['on the contacts in another order', before, { contactIds: ['c2', 'c1'] }, true],
    ['on fewer contacts', before, { contactIds: ['c1'] }, true],
    [
      'on the same identifier',
      before,
      { identifiers: [{ key: 'phone 1', verdict: 'include' }] },
      false,
    ],
    [
      'on the identifier anew',
      before,
      { identifiers: [{ key: 'phone 1', verdict: 'withhold' }] },
      true,
    ],
    [
      'on another identifier',
      before,
      { identifiers: [{ key: 'phone 2', verdict: 'include' }] },
      true,
    ],
    [
      'on a conversation',
      before,
      { conversations: [{ conversationId: 'x', verdict: 'include' }] },
      false,
    ],
    [
      'on a contact in conversations',
      before,
      { contacts: [{ contactId: 'o', verdict: 'include' }] },
      false,
    ],
    ['to go on', before, { undecided: 'withhold' }, false],
  ])('%s changes who the person is, or not', (_name, known, change, expected) => {
    expect(changesSubject(known, withAnswers(known, change, 2, at))).toBe(expected);
  });
});
