import { policySchema } from '../../src/core/redaction/policy';
import { Sanitiser } from '../../src/core/redaction/sanitiser';
import {
  looksIntoSound,
  soundPlanInSteps,
  soundRuleOf,
  type SoundPlan,
} from '../../src/core/redaction/spoken';
import { drain } from '../../src/core/redaction/steps';
import type { SourceTranscript } from '../../src/core/package/webvtt';

const start = Date.parse('2026-01-02T03:04:05Z');
const times = { startTime: null, endTime: null };
type Words = [word: string, at: number, ms: number][];

/** A phrase from the first second on, of five seconds. */
const phrase = (text: string, words: Words = [], change: object = {}): object => ({
  participantPurpose: 'external',
  text,
  startTimeMs: start + 1000,
  duration: { milliseconds: 5000 },
  words: words.map(([word, at, ms]) => ({
    word,
    startTimeMs: start + at,
    duration: { milliseconds: ms },
  })),
  ...change,
});

const planFor = (phrases: object[], policy: object = {}): SoundPlan => {
  const parsed = policySchema.parse({ version: 1, ...policy });
  const sanitiser = new Sanitiser(parsed, (id) => `agent-${id}`);
  const raw = { startTime: start, transcripts: [{ phrases }] } as SourceTranscript;
  const masked = sanitiser.document(raw);
  return drain(soundPlanInSteps(parsed, sanitiser, { raw, masked, times }));
};

/** What is silent, in milliseconds from the start of the transcript; otherwise what becomes of it. */
const outcome = ({ kind, reason, passages }: SoundPlan): unknown =>
  kind === 'muted' ? passages.map(({ from, to }) => [from - start, to - start]) : (reason ?? kind);

const card = '4111 1111 1111 1111';
const digits: Words = [
  ['it', 1000, 100],
  ['is', 1200, 100],
  ['4111', 2000, 300],
  ['1111', 2400, 300],
  ['1111', 2800, 300],
  ['1111', 3200, 300],
  ['yes', 4000, 200],
];
const spoken = `it is ${card} yes`;

describe('the passage of something that is masked', () => {
  it.each<[string, object[], unknown]>([
    ['is that of its words', [phrase(spoken, digits)], [[2000, 3500]]],
    [
      'is that of its words also where the text has other marks and cases',
      [phrase(`It is: ${card}. Yes!`, digits)],
      [[2000, 3500]],
    ],
    [
      'is that of one word',
      [
        phrase('4111111111111111 ok', [
          ['4111111111111111', 1500, 900],
          ['ok', 3000, 100],
        ]),
      ],
      [[1500, 2400]],
    ],
    ['is nothing where nothing is masked', [phrase('it is 4111', digits.slice(0, 3))], 'whole'],
    ['is the phrase without words', [phrase(spoken)], [[1000, 6000]]],
    [
      'is the phrase where the words are others',
      [
        phrase(spoken, [
          ['it', 1000, 100],
          ['four', 1200, 100],
        ]),
      ],
      [[1000, 6000]],
    ],
    [
      'is the phrase where a word is missing',
      [phrase(spoken, digits.slice(0, -1))],
      [[1000, 6000]],
    ],
    [
      'is the phrase where a word has no time',
      [
        phrase(
          spoken,
          digits.map(([word, at, ms], i) => [word, i === 3 ? NaN : at, ms]),
        ),
      ],
      [[1000, 6000]],
    ],
    [
      'is the phrase where a word has no length',
      [
        phrase(
          spoken,
          digits.map(([word, at, ms], i) => [word, at, i === 3 ? 0 : ms]),
        ),
      ],
      [[1000, 6000]],
    ],
    [
      'is phrase and words where they are apart',
      [
        phrase(
          spoken,
          digits.map(([word, at, ms]) => [word, at + 60_000, ms]),
        ),
      ],
      [[1000, 63_500]],
    ],
    [
      'is the words where the phrase has no time',
      [phrase(spoken, digits, { startTimeMs: null })],
      [[2000, 3500]],
    ],
    [
      'is not known without any time',
      [phrase(spoken, [], { startTimeMs: null })],
      'passageNotFound',
    ],
    [
      'is not known without the length of the phrase',
      [phrase(spoken, [], { duration: null })],
      'passageNotFound',
    ],
    [
      'counts from the transcript where there are offsets alone',
      [phrase(spoken, [], { startTimeMs: null, offset: { milliseconds: 700 } })],
      [[700, 5700]],
    ],
    [
      'is the phrase where only its decorated text has the number',
      [phrase('it is four one one one', [], { decoratedText: spoken })],
      [[1000, 6000]],
    ],
    [
      'is the phrase where only an alternative has the number',
      [phrase('it is four', [], { alternatives: [{ text: spoken }] })],
      [[1000, 6000]],
    ],
    [
      'is the phrase where only a word has the number',
      [phrase('it is four', [['4111111111111111', 1500, 900]])],
      [[1000, 6000]],
    ],
    [
      'is one for each number',
      [
        phrase(spoken, digits),
        phrase('no'),
        phrase(
          spoken,
          digits.map(([word, at, ms]) => [word, at + 9000, ms]),
          { startTimeMs: start + 10_000 },
        ),
      ],
      [
        [2000, 3500],
        [11_000, 12_500],
      ],
    ],
    [
      'is found where words are no objects',
      [phrase(spoken, [], { words: [1, null, 'x'] })],
      [[1000, 6000]],
    ],
    [
      'is the phrase where its words alone tell',
      [phrase('my card', digits), phrase('', digits, { text: undefined })],
      [
        [1000, 6000],
        [1000, 6000],
      ],
    ],
    [
      'is the phrase where no text but the decorated one tells',
      [phrase('', digits, { text: undefined, decoratedText: spoken })],
      [[2000, 3500]],
    ],
  ])('%s', (_name, phrases, wanted) => {
    expect(outcome(planFor(phrases))).toEqual(wanted);
  });

  it('is as policy says, by why it is masked', () => {
    const patterns = [{ name: 'pin', pattern: 'secret' }];
    const phrases = [
      phrase('my secret', [
        ['my', 1000, 100],
        ['secret', 2000, 500],
      ]),
      phrase(spoken, digits),
    ];
    const by = (rules: object): unknown =>
      outcome(planFor(phrases, { patterns, soundOfMaskedPassages: rules }));
    expect(by({})).toEqual([
      [2000, 2500],
      [2000, 3500],
    ]);
    expect(by({ patterns: 'keep' })).toEqual([[2000, 3500]]);
    expect(by({ cardNumbers: 'keep' })).toEqual([[2000, 2500]]);
    expect(by({ cardNumbers: 'keep', patterns: 'keep' })).toBe('whole');
    expect(by({ cardNumbers: 'keep', patterns: 'withhold' })).toBe('maskedInSound');
    expect(planFor(phrases, { patterns }).reasons).toEqual({ 'pattern:pin': 1, cardNumber: 1 });
  });

  it.each([
    ['agent', 'staff'],
    ['agentName', 'staff'],
    ['otherPerson', 'otherPeople'],
    ['otherPersonName', 'otherPeople'],
    ['pattern:agent', 'patterns'],
    ['cardNumber', 'cardNumbers'],
    // What is not known is under the strictest.
    ['unknown', 'cardNumbers'],
    ['unknown', 'patterns'],
    ['unknown', 'otherPeople'],
  ])('follows the rule of its reason: %s', (reason, field) => {
    const none = { cardNumbers: 'keep', patterns: 'keep', otherPeople: 'keep', staff: 'keep' };
    const soundOfMaskedPassages = { ...none, [field]: 'withhold' };
    const policy = policySchema.parse({ version: 1, soundOfMaskedPassages });
    expect(soundRuleOf(policy, reason)).toBe('withhold');
  });

  it('is not looked for where everything is kept', () => {
    const looks = (change: object): boolean =>
      looksIntoSound(policySchema.parse({ version: 1, ...change }));
    const kept = { cardNumbers: 'keep', patterns: 'keep', otherPeople: 'keep' };
    expect(looks({})).toBe(true);
    expect(looks({ soundOfMaskedPassages: kept })).toBe(false);
    expect(looks({ soundOfMaskedPassages: { ...kept, staff: 'mute' } })).toBe(true);
    expect(looks({ agents: 'name', soundOfMaskedPassages: { ...kept, staff: 'mute' } })).toBe(
      false,
    );
    expect(looks({ cardNumbers: 'keep', otherPeople: 'keep' })).toBe(false);
    const patterns = [{ name: 'pin', pattern: 'x' }];
    expect(looks({ cardNumbers: 'keep', otherPeople: 'keep', patterns })).toBe(true);
  });

  it("tells when the customer alone speaks, where the customer's channel is wanted", () => {
    const at = (from: number, purpose: string): object =>
      phrase('hello', [], { startTimeMs: start + from, participantPurpose: purpose });
    const phrases = [
      at(0, 'external'),
      at(6000, 'external'),
      at(7000, 'internal'),
      at(12_000, 'external'),
    ];
    expect(planFor(phrases).customer).toEqual([]);
    const { customer } = planFor(phrases, { callAudio: 'customerChannel' });
    expect(customer.map(({ from }) => from - start)).toEqual([0, 12_000]);
  });
});
