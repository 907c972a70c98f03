import fc from 'fast-check';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { partName } from '../../src/core/package/blob-names';
import { flattenConversation, nameRows } from '../../src/core/package/conversation-row';
import { webVtt, withoutSentiment } from '../../src/core/package/webvtt';

describe('part names', () => {
  it('have one length and sort in the order of the package', () => {
    const names = [
      partName(1, 1, 1),
      partName(1, 1, 2),
      partName(1, 1, 10_000),
      partName(1, 2, 1),
      partName(2, 1, 1),
      partName(2, 1, 10_000),
      partName(999_999, 9999, 99_999),
    ];
    expect([...names].sort()).toEqual(names);
    expect(new Set(names.map((name) => name.length)).size).toBe(1);
  });
});

describe('the row of a conversation', () => {
  const noFiles = {
    audioFiles: 0,
    transcriptFiles: 0,
    emails: 0,
    messages: 0,
    attributesWithheld: 0,
  };
  it('joins queues and agents, and falls back to ids where nothing names them', () => {
    const conversation: SourceConversation = {
      conversationId: 'x',
      conversationStart: '2024-01-01T10:00:00.000Z',
      conversationEnd: '2024-01-01T10:01:30.000Z',
      originatingDirection: 'inbound',
      participants: [
        { purpose: 'customer', sessions: [{ mediaType: 'voice' }] },
        {
          purpose: 'agent',
          userId: 'u1',
          sessions: [
            {
              segments: [
                { queueId: 'q1', wrapUpCode: 'w1' },
                { queueId: 'q2', wrapUpCode: 'w1' },
              ],
            },
          ],
        },
      ],
    };
    const details = {
      participants: [
        { purpose: 'acd', queueId: 'q1', queueName: 'Orders' },
        { purpose: 'agent', userId: 'u1', name: 'Ada', queueName: 'Orders' },
        { purpose: 'agent', name: 'Bela', queueName: 'Billing' },
      ],
    };
    const whole = flattenConversation(conversation, details, {
      number: 7,
      timeZone: 'Europe/Berlin',
      counts: { ...noFiles, audioFiles: 1 },
    });
    const bare = flattenConversation(conversation, null, {
      number: 8,
      timeZone: 'UTC',
      counts: noFiles,
    });
    const [first, second] = nameRows([whole, bare]);
    expect(first).toMatchObject({
      audioFiles: 1,
      number: 7,
      date: '2024-01-01',
      time: '10:00:00',
      startLocal: '2024-01-01T11:00:00+01:00',
      timeZone: 'Europe/Berlin',
      durationSeconds: 90,
      channel: 'voice',
      queue: 'Orders; Billing',
      agent: 'Ada; Bela',
      wrapUp: 'w1',
    });
    // Named by another conversation, or by its id.
    expect(second).toMatchObject({ queue: 'Orders; q2', agent: 'Ada', wrapUp: 'w1' });
  });
});

describe('captions', () => {
  const start = Date.UTC(2026, 10, 23, 12);
  const phrase = (at: number, text: string, participantPurpose = 'external') => ({
    participantPurpose,
    text,
    startTimeMs: start + at,
    duration: { milliseconds: 1500 },
  });
  const captions = (...phrases: ReturnType<typeof phrase>[]) =>
    webVtt({ startTime: start, transcripts: [{ phrases }] });

  it('have a cue for each phrase, in order of time, with the speaker', () => {
    expect(captions(phrase(3_661_007, 'Bye.', 'internal'), phrase(0, 'Hello.'))).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Customer>Hello.\n\n01:01:01.007 --> 01:01:02.507\n<v Agent>Bye.\n',
    );
  });

  it('escape text that would be markup or end its cue', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(100_000_000), (said, at) => {
        const cues = captions(phrase(at, `x${said}\n\n00:00:00.000 --> 99:00:00.000`))
          .split('\n\n')
          .slice(1);
        expect(cues).toHaveLength(1);
        expect(cues[0]?.split('\n')[1]?.replace('<v Customer>', '')).not.toMatch(/[<>]/);
      }),
    );
  });

  it('end after they begin, whatever the times are, also before the recording begins', () => {
    const time = fc.double({ min: -100_000, max: 100_000, noNaN: true });
    fc.assert(
      fc.property(time, time, (at, milliseconds) => {
        const early = {
          ...phrase(0, 'early'),
          startTimeMs: start + at,
          duration: { milliseconds },
        };
        const [from = '', to = ''] = /(\S+) --> (\S+)/.exec(captions(early))?.slice(1) ?? [];
        expect(from).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
        expect(to > from).toBe(true);
      }),
      { examples: [[-5000, 800]] },
    );
  });

  it('keep the order of what was said before the recording begins', () => {
    const said = captions(phrase(0, 'third'), phrase(-500, 'second'), phrase(-2_000, 'first'));
    expect(said.match(/first|second|third/g)).toEqual(['first', 'second', 'third']);
    expect(said).not.toMatch(/-\d/);
    expect(said).toContain('00:00:00.000 --> 00:00:00.001\n<v Customer>first');
    expect(said).toContain('00:00:00.000 --> 00:00:01.000\n<v Customer>second');
  });

  it('are valid without a phrase', () => {
    expect(webVtt({})).toBe('WEBVTT\n\n');
  });
});

describe('a transcript without sentiment', () => {
  it('keeps all else of it, and is another one', () => {
    const phrases = [{ participantPurpose: 'external', text: 'Hello', startTimeMs: 5 }];
    const topics = [{ name: 'Order' }];
    const transcript = {
      ...{ startTime: 1, conversationId: 'c' },
      transcripts: [
        { transcriptId: 't1', phrases, analytics: { sentiment: [{ sentiment: 0.4321 }], topics } },
        { transcriptId: 't2', phrases, analytics: { sentiment: [] } },
        { transcriptId: 't3', phrases, analytics: { topics } },
        { transcriptId: 't4', phrases, analytics: null },
        { transcriptId: 't5', phrases },
      ],
    };
    const before = structuredClone(transcript);
    expect(withoutSentiment(transcript)).toStrictEqual({
      ...{ startTime: 1, conversationId: 'c' },
      transcripts: [
        { transcriptId: 't1', phrases, analytics: { topics } },
        { transcriptId: 't2', phrases, analytics: {} },
        { transcriptId: 't3', phrases, analytics: { topics } },
        { transcriptId: 't4', phrases },
        { transcriptId: 't5', phrases },
      ],
    });
    expect(transcript).toStrictEqual(before);
  });
});
