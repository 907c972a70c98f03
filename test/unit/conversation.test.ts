import {
  channelOf,
  channelsOf,
  communicationIds,
  evaluationsOf,
  isAudioRecorded,
  isVoicemail,
  outsiders,
  surveysOf,
  type SourceConversation,
  type SourceParticipant,
} from '../../src/core/genesys/conversation';

const of = (
  participants: SourceParticipant[],
  change: Partial<SourceConversation> = {},
): SourceConversation => ({
  conversationId: 'x',
  conversationStart: '2024-01-01T00:00:00.000Z',
  participants,
  ...change,
});
const nobody = of([{ purpose: 'agent' }, { purpose: 'customer', sessions: [] }]);

describe('a conversation of the source', () => {
  const whole = of([
    { purpose: 'agent', sessions: [{ sessionId: 'a1' }, { sessionId: 'a2', mediaType: 'voice' }] },
    { purpose: 'customer', sessions: [{ sessionId: 's1', mediaType: 'message' }, {}] },
    { purpose: 'external', sessions: [{ sessionId: 's1' }, { sessionId: 's2' }] },
    { purpose: 'external' },
    { purpose: 'acd', sessions: [{ sessionId: 'a3', mediaType: 'voice' }] },
    {},
  ]);

  it('has the people outside the company', () => {
    expect(outsiders(whole)).toEqual([1, 2, 3].map((i) => whole.participants[i]));
    expect(outsiders(of([]))).toEqual([]);
  });

  it('has the channel of the first session that names one, and all channels once', () => {
    expect(channelOf(whole)).toBe('voice');
    expect([...channelsOf(whole)]).toEqual(['voice', 'message']);
    expect(channelOf(nobody)).toBe('unknown');
    expect([...channelsOf(nobody)]).toEqual([]);
  });

  it('stores transcripts under the sessions of people outside the company', () => {
    expect(communicationIds(whole)).toEqual(['s1', 's2']);
    expect(communicationIds(nobody)).toEqual([]);
  });

  it('has the evaluations that were not deleted and have an id', () => {
    const evaluations = [
      { evaluationId: 'e1' },
      { evaluationId: 'e2', deleted: true },
      { evaluationId: 'e3', deleted: false },
      {},
      { deleted: true },
    ];
    // Strictly: `toEqual` takes an id that is not there for none.
    expect(evaluationsOf(of([], { evaluations }))).toStrictEqual(['e1', 'e3']);
    expect(evaluationsOf(nobody)).toEqual([]);
  });

  it.each([
    ['Finished', undefined, true],
    ['FINISHED', undefined, true],
    ['Unfinished', undefined, false],
    ['FinishedLate', undefined, false],
    [undefined, undefined, false],
    [undefined, '2024-01-02T00:00:00.000Z', true],
  ])('has a survey of status %j, completed %j, as answered or not: %j', (status, at, expected) => {
    const survey = {
      surveyId: 'v1',
      ...(status === undefined ? {} : { surveyStatus: status }),
      ...(at === undefined ? {} : { surveyCompletedDate: at }),
    };
    expect(surveysOf(of([], { surveys: [survey] }))).toEqual([{ id: 'v1', isAnswered: expected }]);
  });

  it('has the surveys that were answered, by their ids', () => {
    const surveys = [
      { surveyId: 'v1', surveyStatus: 'Finished' },
      { surveyId: 'v2', surveyStatus: 'Pending' },
      { surveyStatus: 'Finished' },
      { surveyId: 'v3' },
    ];
    const answered = surveysOf(of([], { surveys })).filter(({ isAnswered }) => isAnswered);
    expect(answered.map(({ id }) => id)).toEqual(['v1']);
    expect(surveysOf(of([], { surveys })).map(({ id }) => id)).toEqual(
      surveys.flatMap(({ surveyId }) => surveyId ?? []),
    );
    expect(surveysOf(of([]))).toEqual([]);
  });

  it.each(['chat', 'email', 'message', 'internalmessage'])(
    'has no audio by a flag of the written channel %s',
    (mediaType) => {
      const session = { mediaType, recording: true };
      expect(isAudioRecorded(of([{ sessions: [session] }]))).toBe(false);
      const spoken = { mediaType: 'voice', recording: true };
      expect(isAudioRecorded(of([{ sessions: [session, spoken] }]))).toBe(true);
    },
  );

  it.each([
    [[true], true],
    [[false, true], true],
    [[false], false],
    [[undefined], false],
    [[], false],
  ])('with sessions recorded as %j is recorded: %s', (sessions, expected) => {
    const recorded = sessions.map((recording) => (recording === undefined ? {} : { recording }));
    expect(isAudioRecorded(of([{ sessions: recorded }]))).toBe(expected);
    expect(isAudioRecorded(nobody)).toBe(false);
  });

  it('is a voicemail when one of its participants is', () => {
    expect(isVoicemail(of([{ purpose: 'customer' }, { purpose: 'voicemail' }]))).toBe(true);
    expect(isVoicemail(whole)).toBe(false);
  });
});
