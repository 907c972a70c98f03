import { keepAttributes } from '../../src/core/redaction/attributes';
import { webVtt } from '../../src/core/package/webvtt';
import fc from 'fast-check';
import { availabilityHtml, availabilityReport } from '../../src/core/package/availability-report';
import type { SourceConversation } from '../../src/core/genesys/conversation';
import { flattenConversation, nameRows } from '../../src/core/package/conversation-row';
import { emptyCounts } from '../../src/core/package/items';
import { translator } from '../../src/core/i18n/translator';
import { loadLocales } from '../../src/adapters/locales';

const english = translator(loadLocales(null), 'en');

describe('the availability report', () => {
  const facts = {
    createdAt: '2026-11-23T12:00:00.000Z',
    searched: { from: '2019-11-23T00:00:00.000Z', to: '2026-11-23T12:00:00.000Z', windows: 83 },
    reach: '2021-11-23T12:00:00.000Z',
    indexedUntil: null,
    auditRetainedFrom: null,
    counts: emptyCounts(),
    attributesWithheld: 0,
    missing: [],
    organisation: 'main',
    otherOrganisations: [],
    visibleDivisions: [],
    unprotectedConversations: 0,
    leftOut: [],
  };

  it('says which organisations and divisions it speaks of, and what policy leaves out', () => {
    const { sentences } = availabilityReport(
      {
        ...facts,
        otherOrganisations: ['emea', 'apac'],
        visibleDivisions: ['Sales', 'Support'],
        unprotectedConversations: 3,
        leftOut: ['sentiment'],
      },
      english,
    );
    expect(sentences).toContain(
      'Searched: the organisation main. emea, apac are not part of this package. Each has to be asked by a request of its own.',
    );
    expect(sentences).toContain('Left out by policy: sentiment.');
    expect(sentences.join(' ')).toContain(
      '3 interactions could not be protected from deletion in the source',
    );
    expect(sentences.join(' ')).toContain(
      'Proven to be shown to this app: the divisions Sales, Support. Not provable',
    );
  });

  it('says it as a person would', () => {
    const counts = emptyCounts();
    counts.conversation.exported = 50;
    counts.audio.exported = 49;
    counts.audio.failed = 1;
    counts.transcript.exported = 25;
    counts.transcript.absent = 25;
    const transcript = {
      conversation: 1,
      kind: 'transcript' as const,
      status: 'absent' as const,
      reason: 'noTranscript',
    };
    const missing = [
      {
        conversation: 3,
        kind: 'audio' as const,
        status: 'failed' as const,
        reason: 'transferFailed',
      },
      ...Array.from({ length: 25 }, () => transcript),
    ];
    const auditRetainedFrom = '2025-11-23T12:00:00.000Z';
    const { sentences } = availabilityReport(
      {
        ...facts,
        counts,
        missing,
        attributesWithheld: 2,
        indexedUntil: '2026-11-23T10:00:00.000Z',
        auditRetainedFrom,
      },
      english,
    );
    expect(sentences).toEqual([
      'Conversations: 50 of 50 interactions.',
      'Audio: 49 of 50 recordings; 1 recording not transferred.',
      'Transcripts: 25 of 50 recordings; 25 recordings without a transcript in the source.',
      'Notes on the contact: 0 of 0 notes.',
      '2 attributes of participants were left out by policy.',
      'Conversations before 2021-11-23 cannot be searched in the source; the search covered 2019-11-23 to 2026-11-23.',
      'Conversations after 2026-11-23 10:00 UTC could not be searched yet.',
      "Changes to the contact's record before 2025-11-23 are not kept by the source.",
      'Not provable: whether the source holds more in divisions that it does not show to this app.',
    ]);
  });

  it('names every missing item, with a reason even when the code is unknown', () => {
    const missing = [
      { conversation: 3, kind: 'audio' as const, status: 'failed' as const, reason: '<new&code>' },
    ];
    const report = availabilityReport({ ...facts, missing }, english);
    expect(report.missing).toEqual([
      { conversation: 3, kind: 'audio', status: 'failed', reason: '<new&code>' },
    ]);
    expect(availabilityHtml(report, english)).toContain('missing (&lt;new&amp;code&gt;)');
  });

  it('is a page that loads nothing', () => {
    expect(availabilityHtml(availabilityReport(facts, english), english)).not.toMatch(
      /<script|src=|href=|url\(/,
    );
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

  it('are one cue for each phrase, in order of time, with who speaks', () => {
    expect(captions(phrase(3_661_007, 'Bye.', 'internal'), phrase(0, 'Hello.'))).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Customer>Hello.\n\n01:01:01.007 --> 01:01:02.507\n<v Agent>Bye.\n',
    );
  });

  it('let no text become markup or end its cue, whatever is said', () => {
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

  it('are there without a phrase, too', () => {
    expect(webVtt({})).toBe('WEBVTT\n\n');
  });
});

describe('attributes of participants', () => {
  const conversation = {
    participants: [
      { purpose: 'customer', attributes: { order: '1', card: '4111' } },
      { purpose: 'agent' },
    ],
  };
  it.each([
    [new Set<string>(), {}, ['order', 'card']],
    [new Set(['order']), { order: '1' }, ['card']],
    ['all' as const, { order: '1', card: '4111' }, []],
  ])('leave only what is allowed: %#', (allowed, kept, withheld) => {
    const result = keepAttributes(conversation, allowed);
    expect(result.conversation.participants?.[0]?.['attributes']).toEqual(kept);
    expect([...result.withheld]).toEqual(withheld);
    expect(conversation.participants[0]?.attributes).toEqual({ order: '1', card: '4111' });
  });
});

describe('flattening', () => {
  const noFiles = {
    audioFiles: 0,
    transcriptFiles: 0,
    emails: 0,
    messages: 0,
    attributesWithheld: 0,
  };
  it('joins several queues and agents, and falls back to codes where names are gone', () => {
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
    const whole = flattenConversation(
      7,
      conversation,
      details,
      { ...noFiles, audioFiles: 1 },
      'Europe/Berlin',
    );
    const bare = flattenConversation(8, conversation, null, noFiles, 'UTC');
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
