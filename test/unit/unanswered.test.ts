import { withAnswers, type Decision } from '../../src/core/subject/decision';
import {
  decisionTimes,
  unansweredOf,
  withheldAs,
  type DecisionPolicy,
} from '../../src/core/subject/unanswered';

const facts = {
  receivedAt: '2026-03-02T09:00:00.000Z',
  verificationRequestedAt: null,
  verifiedAt: null,
  extendedAt: null,
};
const clock = { timeZone: 'UTC', holidays: new Set<string>(), isSuspendedByVerification: false };
const policy: DecisionPolicy = { doubtful: 'ask', atDeadline: 'wait', warningDays: 7 };
const now = new Date('2026-03-10T12:00:00.000Z');
const goOn = withAnswers(null, { undecided: 'withhold' }, 1, now.toISOString());
const wait = withAnswers(goOn, { undecided: 'wait' }, 2, now.toISOString());

describe('the wait for answers', () => {
  // The request is due when 2 April 2026 has ended.
  it.each([
    ['wait', '2026-03-27T00:00:00.000Z', null],
    ['release', '2026-03-26T00:00:00.000Z', '2026-03-27T00:00:00.000Z'],
  ] as const)('knows the deadline where the app is to %s', (atDeadline, remindAt, releaseAt) => {
    expect(decisionTimes(facts, { ...policy, atDeadline }, clock, now)).toEqual({
      remindAt: new Date(remindAt),
      releaseAt: releaseAt === null ? null : new Date(releaseAt),
    });
  });

  it('follows an extension of the period', () => {
    const extended = { ...facts, extendedAt: '2026-03-20T00:00:00.000Z' };
    const { releaseAt } = decisionTimes(extended, { ...policy, atDeadline: 'release' }, clock, now);
    expect(releaseAt).toEqual(new Date('2026-05-27T00:00:00.000Z'));
  });

  it.each<[string, Decision | null, Partial<DecisionPolicy>, string | null, string | null]>([
    ['goes on', null, {}, null, null],
    ['goes on after other answers', wait, {}, null, null],
    ['is over where nobody is asked', null, { doubtful: 'withhold' }, null, 'byPolicy'],
    [
      'is over where nobody is asked, whoever answers',
      goOn,
      { doubtful: 'withhold' },
      null,
      'byPolicy',
    ],
    ['is over when an officer says so', goOn, {}, null, 'notDecided'],
    ['goes on before the deadline', null, {}, '2026-03-10T12:00:00.001Z', null],
    ['is over because of the deadline', wait, {}, '2026-03-10T12:00:00.000Z', 'notDecidedInTime'],
    [
      'is over by an officer before the deadline',
      goOn,
      {},
      '2026-03-01T00:00:00.000Z',
      'notDecided',
    ],
  ])('%s', (_name, decision, change, releaseAt, expected) => {
    const times = { releaseAt: releaseAt === null ? null : new Date(releaseAt) };
    expect(unansweredOf(decision, { ...policy, ...change }, times, now)).toBe(expected);
  });
});

describe('a doubtful conversation', () => {
  it.each([
    ['include', null, null],
    ['include', 'byPolicy', null],
    ['include', 'notDecided', null],
    ['withhold', null, 'beforeContact'],
    ['withhold', 'notDecidedInTime', 'beforeContact'],
    [null, 'byPolicy', 'beforeContact'],
    [null, 'notDecided', 'notDecided'],
    [null, 'notDecidedInTime', 'notDecidedInTime'],
    [null, null, 'notDecided'],
  ] as const)(
    'with the verdict %s, where the wait is over as %s, is left out as %s',
    (verdict, unanswered, expected) => {
      expect(withheldAs('beforeContact', verdict, unanswered)).toBe(expected);
    },
  );
});
