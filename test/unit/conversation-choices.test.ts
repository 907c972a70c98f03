import fc from 'fast-check';
import { withAnswers, type Decision } from '../../src/core/subject/decision';
import { verdictOn, type Verdict } from '../../src/core/subject/verdicts';
import {
  callsOf,
  changedIn,
  commonVerdict,
  covers,
  differingRows,
  nothingSaved,
  rowsByGroup,
  savedAnswersOf,
  tallyOf,
  verdictBy,
  type Choice,
} from '../../src/web/officer/conversation-choices';

type Row = Parameters<ReturnType<typeof verdictBy>>[0];

const row = (i: number, tiedBy: number[], otherContacts: string[] = []): Row => ({
  conversationId: `c${i}`,
  startedAt: '2026-01-02T03:04:05.000Z',
  channels: ['voice'],
  direction: 'inbound',
  queues: [],
  doubt: 'sharedIdentifier',
  tiedBy,
  otherContacts,
  ...{ verdict: null, own: null },
});

const rows: Row[] = [
  ...[row(1, [1]), row(2, [2]), row(3, [1, 2]), row(4, [])],
  ...[row(5, [1], ['a']), row(6, [2], ['a', 'b']), row(7, [], ['b'])],
];

const verdict = fc.constantFrom('include' as const, 'withhold' as const);
const choice: fc.Arbitrary<Choice> = fc.oneof(
  fc.record({ by: fc.constant('identifier' as const), identifier: fc.constantFrom(1, 2), verdict }),
  fc.record({ by: fc.constant('contact' as const), contactId: fc.constantFrom('a', 'b'), verdict }),
  fc.record({
    by: fc.constant('rows' as const),
    rows: fc.subarray(rows, { minLength: 1 }),
    verdict,
  }),
);

type Calls = ReturnType<typeof callsOf>;

/** What ties each row to the person, as the server knows it. */
const tiesOfRows = rows.map((one) => ({ ...one, tiedBy: one.tiedBy.map(String) }));

/** What the server has after calls, one after the other. */
function after(calls: Calls, before: Decision | null = null): Decision | null {
  const version = versionOf(before);
  return calls.reduce<Decision | null>((stored, answers, i) => {
    const identifiers = answers.identifiers?.map(({ identifier, verdict: given }) => ({
      key: String(identifier),
      verdict: given,
    }));
    const { contacts, conversations } = answers;
    const change = {
      ...(identifiers && { identifiers }),
      ...(contacts && { contacts }),
      ...(conversations && { conversations }),
      ...(answers.keepsOwn === true && { keepsOwn: tiesOfRows }),
    };
    return withAnswers(stored, change, version + i + 1, '');
  }, before);
}

const versionOf = (decision: Decision | null): number =>
  Math.max(
    0,
    ...[decision?.identifiers, decision?.contacts, decision?.conversations].flatMap((answers) =>
      Object.values(answers ?? {}).map(({ version }) => version),
    ),
  );
const verdictIn = (decision: Decision | null) => (one: Row) =>
  verdictOn({ ...one, tiedBy: one.tiedBy.map(String) }, decision);

/** The rows, and what is saved of groups, as the page reads them of a decision. */
const readOf = (decision: Decision | null) => ({
  all: rows.map((one): Row => ({
    ...one,
    verdict: verdictIn(decision)(one),
    own: decision?.conversations[one.conversationId]?.verdict ?? null,
  })),
  saved: savedAnswersOf({
    identifiers: [1, 2].map((number) => ({
      number,
      answer: decision?.identifiers[String(number)]?.verdict ?? null,
    })),
    doubtful: {
      byContact: ['a', 'b'].map((contactId) => ({
        contactId,
        answer: decision?.contacts[contactId]?.verdict ?? null,
      })),
    },
  } as unknown as Parameters<typeof savedAnswersOf>[0]),
});

/** Calls of officers before, by this page or by programs, each with any answers. */
const earlier = fc.array(
  fc.record({
    identifiers: fc.array(fc.record({ identifier: fc.constantFrom(1, 2), verdict })),
    contacts: fc.array(fc.record({ contactId: fc.constantFrom('a', 'b'), verdict })),
    conversations: fc.array(
      fc.record({ conversationId: fc.constantFrom(...rows.map((r) => r.conversationId)), verdict }),
    ),
  }),
  { maxLength: 4 },
);

const judged = (choices: readonly Choice[]) => ({
  rows,
  verdict: verdictBy(choices, nothingSaved),
});
const changed = (before: readonly Choice[], choice: Choice): number =>
  changedIn(judged(before), verdictBy([...before, choice], nothingSaved));

describe('choices on doubtful conversations', () => {
  it('are saved as they are shown, whatever was saved and chosen in which order', () => {
    fc.assert(
      fc.property(earlier, fc.array(choice, { maxLength: 8 }), (calls, choices) => {
        const before = after(calls);
        const { all, saved } = readOf(before);
        const shown = all.map(verdictBy(choices, saved));
        const decision = after(callsOf(choices), before);
        expect(all.map(verdictIn(decision))).toEqual(shown);
      }),
      { numRuns: 2000 },
    );
  });

  it('keep rows that were chosen one by one, now or before, whichever groups are chosen after them', () => {
    const isOfRows = (one: Choice): boolean => one.by === 'rows';
    fc.assert(
      fc.property(earlier, fc.array(choice, { maxLength: 8 }), (calls, choices) => {
        const before = after(calls);
        const { all, saved } = readOf(before);
        const ofRows = verdictBy(choices.filter(isOfRows), saved);
        const isChosen = (one: Row): boolean =>
          choices.some((each) => isOfRows(each) && covers(each, one));
        const kept = all.filter((one) => isChosen(one) || one.own === (one.verdict ?? undefined));
        const decision = after(callsOf(choices), before);
        expect(kept.map(verdictIn(decision))).toEqual(kept.map(ofRows));
      }),
      { numRuns: 500 },
    );
  });

  it('bring back no answer on a row that an answer on its group had overruled', () => {
    const before = after([
      {
        identifiers: [{ identifier: 2, verdict: 'include' }],
        conversations: [{ conversationId: 'c3', verdict: 'withhold' }],
      },
      { identifiers: [{ identifier: 1, verdict: 'include' }] },
    ]);
    const read = readOf(before);
    const third = read.all[2] as Row;
    expect([third.verdict, third.own]).toEqual(['include', 'withhold']);
    const choices: Choice[] = [{ by: 'identifier', identifier: 1, verdict: 'withhold' }];
    expect(verdictBy(choices, read.saved)(third)).toBe('include');
    expect(verdictIn(after(callsOf(choices), before))(third)).toBe('include');
  });

  it('say nothing of rows that nobody has chosen: their own answers stay by an option of the call', () => {
    const [first] = rows as [Row];
    const group: Choice = { by: 'identifier', identifier: 1, verdict: 'include' };
    const identifiers = [{ identifier: 1, verdict: 'include' }];
    const conversations = [{ conversationId: 'c1', verdict: 'withhold' }];
    expect(callsOf([group])).toEqual([{ identifiers, keepsOwn: true }]);
    const one: Choice = { by: 'rows', rows: [first], verdict: 'withhold' };
    expect(callsOf([group, one])).toEqual([{ identifiers, conversations, keepsOwn: true }]);
    expect(callsOf([one])).toEqual([{ conversations }]);
  });

  it('leave as it is what another officer has decided on a row since the page was read', () => {
    const own = (given: Verdict) => ({
      conversations: [{ conversationId: 'c1', verdict: given }],
    });
    const choices: Choice[] = [{ by: 'identifier', identifier: 1, verdict: 'include' }];
    const calls = callsOf(choices);
    // The page has read "include"; the other officer has left it out before the group is saved.
    const meanwhile = after([own('include'), own('withhold')]);
    expect(verdictIn(after(calls, meanwhile))(rows[0] as Row)).toBe('withhold');
  });

  it('change the rows that differ from their group only when these are chosen, too', () => {
    const [first, , third] = rows as [Row, Row, Row];
    const single: Choice = { by: 'rows', rows: [first], verdict: 'withhold' };
    const group: Choice = { by: 'identifier', identifier: 1, verdict: 'include' };
    expect(changed([single], group)).toBe(0);
    const choices = [single, group];
    expect([first, third].map(verdictBy(choices, nothingSaved))).toEqual(['withhold', 'include']);
    const differing = differingRows(group, choices, judged(choices));
    expect(differing).toEqual([first]);
    const these: Choice = { by: 'rows', rows: differing, verdict: 'include' };
    expect(changed(choices, these)).toBe(1);
    expect([first, third].map(verdictBy([...choices, these], nothingSaved))).toEqual([
      'include',
      'include',
    ]);
    const all = [...choices, these];
    expect(differingRows(group, all, judged(all))).toEqual([]);
    // What was chosen for a group is changed by the next choice for it.
    expect(changed(choices, { ...group, verdict: 'withhold' })).toBe(1);
  });

  it('leave what is saved where nothing was chosen', () => {
    const { all, saved } = readOf(
      after([{ identifiers: [{ identifier: 1, verdict: 'withhold' }] }]),
    );
    const [decided] = all as [Row];
    expect(verdictBy([], saved)(decided)).toBe('withhold');
    const group: Choice = { by: 'identifier', identifier: 1, verdict: 'include' };
    expect(verdictBy([group], saved)(decided)).toBe('include');
    expect(callsOf([])).toEqual([]);
  });

  it('go in several calls where there are more than one takes, wider ones first', () => {
    const many = Array.from({ length: 2500 }, (_, i) => row(i, [1], ['a']));
    const calls = callsOf([
      { by: 'contact', contactId: 'a', verdict: 'withhold' },
      { by: 'rows', rows: many, verdict: 'include' },
    ]);
    expect(
      calls.map(({ contacts, conversations }) => [contacts?.length ?? 0, conversations?.length]),
    ).toEqual([
      [1, 1000],
      [0, 1000],
      [0, 500],
    ]);
  });

  it('count, and say what a group has in common', () => {
    const tally = tallyOf(judged([{ by: 'contact', contactId: 'b', verdict: 'withhold' }]));
    expect(tally).toEqual({ total: 7, included: 0, withheld: 2, undecided: 5 });
    expect(commonVerdict(tally)).toBeNull();
    expect(commonVerdict({ total: 2, included: 2, withheld: 0, undecided: 0 })).toBe('include');
    expect(commonVerdict({ total: 2, included: 0, withheld: 2, undecided: 0 })).toBe('withhold');
    expect(commonVerdict({ total: 0, included: 0, withheld: 0, undecided: 0 })).toBeNull();
  });

  it('are found by group in one pass, those that an answer on it covers and no others', () => {
    const rowsOf = rowsByGroup(rows);
    fc.assert(
      fc.property(choice, (group) => {
        const covered = rows.filter((one) => covers(group, one));
        expect([...rowsOf(group)].sort()).toEqual([...covered].sort());
      }),
    );
    expect(rowsOf({ by: 'contact', contactId: 'nobody', verdict: 'include' })).toEqual([]);
  });
});
