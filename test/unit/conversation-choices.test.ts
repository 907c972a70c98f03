import fc from 'fast-check';
import { withAnswers, type Decision } from '../../src/core/subject/decision';
import { verdictOn } from '../../src/core/subject/verdicts';
import {
  callsOf,
  changedBy,
  commonVerdict,
  differingRows,
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
  verdict: null,
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

/** What the server has after the calls, one after the other. */
function saved(choices: readonly Choice[]): Decision | null {
  return callsOf(choices).reduce<Decision | null>((before, answers, i) => {
    const identifiers = answers.identifiers?.map(({ identifier, verdict: given }) => ({
      key: String(identifier),
      verdict: given,
    }));
    const { contacts, conversations } = answers;
    const change = {
      ...(identifiers && { identifiers }),
      ...(contacts && { contacts }),
      ...(conversations && { conversations }),
    };
    return withAnswers(before, change, i + 1, '');
  }, null);
}

describe('choices on doubtful conversations', () => {
  it('are saved as they are shown, whatever was chosen in which order', () => {
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 8 }), (choices) => {
        const shown = verdictBy(choices);
        const decision = saved(choices);
        const ties = (one: Row) => ({ ...one, tiedBy: one.tiedBy.map(String) });
        expect(rows.map((one) => verdictOn(ties(one), decision))).toEqual(rows.map(shown));
      }),
      { numRuns: 500 },
    );
  });

  it('keep rows that were chosen one by one, whichever groups are chosen after them', () => {
    const isOfRows = (one: Choice): boolean => one.by === 'rows';
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 8 }), (choices) => {
        const [shown, own] = [verdictBy(choices), verdictBy(choices.filter(isOfRows))];
        const kept = rows.filter((one) => own(one) !== null);
        expect(kept.map(shown)).toEqual(kept.map(own));
      }),
      { numRuns: 500 },
    );
  });

  it('change the rows that differ from their group only when these are chosen, too', () => {
    const [first, , third] = rows as [Row, Row, Row];
    const single: Choice = { by: 'rows', rows: [first], verdict: 'withhold' };
    const group: Choice = { by: 'identifier', identifier: 1, verdict: 'include' };
    expect(changedBy(group, [single], rows)).toBe(0);
    const choices = [single, group];
    expect([first, third].map(verdictBy(choices))).toEqual(['withhold', 'include']);
    const differing = differingRows(group, choices, rows);
    expect(differing).toEqual([first]);
    const these: Choice = { by: 'rows', rows: differing, verdict: 'include' };
    expect(changedBy(these, choices, rows)).toBe(1);
    expect([first, third].map(verdictBy([...choices, these]))).toEqual(['include', 'include']);
    expect(differingRows(group, [...choices, these], rows)).toEqual([]);
    // What was chosen for a group is changed by the next choice for it.
    expect(changedBy({ ...group, verdict: 'withhold' }, choices, rows)).toBe(1);
  });

  it('leave what is saved where nothing was chosen', () => {
    const [first] = rows;
    const decided = { ...(first as Row), verdict: 'withhold' as const };
    expect(verdictBy([])(decided)).toBe('withhold');
    expect(verdictBy([{ by: 'identifier', identifier: 1, verdict: 'include' }])(decided)).toBe(
      'include',
    );
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
    const tally = tallyOf(
      rows,
      verdictBy([{ by: 'contact', contactId: 'b', verdict: 'withhold' }]),
    );
    expect(tally).toEqual({ total: 7, included: 0, withheld: 2, undecided: 5 });
    expect(commonVerdict(tally)).toBeNull();
    expect(commonVerdict({ total: 2, included: 2, withheld: 0, undecided: 0 })).toBe('include');
    expect(commonVerdict({ total: 2, included: 0, withheld: 2, undecided: 0 })).toBe('withhold');
    expect(commonVerdict({ total: 0, included: 0, withheld: 0, undecided: 0 })).toBeNull();
  });
});
