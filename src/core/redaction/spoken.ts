import type { WithheldReason } from '../package/items';
import type { SourceTranscript } from '../package/webvtt';
import type { Fields } from './fields';
import type { Policy, SoundRule } from './policy';
import { wordsOf, type Sanitiser } from './sanitiser';

/** A stretch of time in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** What policy says of the sound of a recording, by what is masked in its transcript. */
export interface SoundPlan {
  /** Whether it is exported as it is, without passages, not at all, or as it is because nobody can tell. */
  kind: 'whole' | 'muted' | 'withheld' | 'notExamined';
  /** Of one that is withheld. */
  reason: WithheldReason | null;
  /** When it began and ended (ISO 8601), where the list of recordings says so. */
  startTime: string | null;
  endTime: string | null;
  /** What is to be silent. */
  passages: Span[];
  /** How often that is, by the code of why. */
  reasons: Record<string, number>;
  /** When the customer alone speaks, where that tells the customer's channel. */
  customer: Span[];
}

/** Plans by the ids of the recordings. */
export type SoundPlans = Record<string, SoundPlan>;

const planOf = (change: Partial<SoundPlan> & Pick<SoundPlan, 'kind'>): SoundPlan => ({
  reason: null,
  startTime: null,
  endTime: null,
  passages: [],
  reasons: {},
  customer: [],
  ...change,
});

/** Of a recording in which nothing is masked. */
export const wholePlan = planOf({ kind: 'whole' });

/** Of a recording that nobody can look into: it has no transcript. */
export const notExaminedPlan = planOf({ kind: 'notExamined' });

/** The rule for something that was masked, by the code of why. What is not known is under the strictest. */
export function soundRuleOf({ soundOfMaskedPassages: rules }: Policy, reason: string): SoundRule {
  if (/^agent(Name)?$/.test(reason)) return rules.staff;
  if (/^otherPerson(Name)?$/.test(reason)) return rules.otherPeople;
  if (reason.startsWith('pattern:')) return rules.patterns;
  if (reason === 'cardNumber') return rules.cardNumbers;
  const strict = [rules.cardNumbers, rules.patterns, rules.otherPeople];
  return (['withhold', 'mute'] as const).find((rule) => strict.includes(rule)) ?? 'keep';
}

/** Whether anything is looked for that would not be kept in recordings. */
export function looksIntoSound(policy: Policy): boolean {
  const { soundOfMaskedPassages: rules } = policy;
  return (
    (policy.cardNumbers === 'mask' && rules.cardNumbers !== 'keep') ||
    (policy.patterns.length > 0 && rules.patterns !== 'keep') ||
    (policy.otherPeople === 'mask' && rules.otherPeople !== 'keep') ||
    (policy.agents !== 'name' && rules.staff !== 'keep')
  );
}

const listOf = (value: unknown): Fields[] =>
  Array.isArray(value)
    ? value.map((one) => (typeof one === 'object' && one !== null ? (one as Fields) : {}))
    : [];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;
/** A time span as the source writes it: an object with a number of milliseconds. */
const millisecondsOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null ? numberOf((value as Fields)['milliseconds']) : null;

/** When something is said: its own time, or its offset from the start of the transcript. */
function startOf(said: Fields, transcriptStart: number | null): number | null {
  const own = numberOf(said['startTimeMs']);
  if (own !== null) return own;
  const offset = millisecondsOf(said['offset']) ?? numberOf(said['offsetMs']);
  return offset === null || transcriptStart === null ? null : transcriptStart + offset;
}

/** When something is said; null where its start or length is not known. */
function spanOf(said: Fields, transcriptStart: number | null): Span | null {
  const from = startOf(said, transcriptStart);
  const length = millisecondsOf(said['duration']) ?? numberOf(said['durationMs']);
  if (from === null || length === null || length <= 0) return null;
  return { from, to: from + length };
}

/** A phrase as the source gave it and as it is written, and when its transcript began. */
interface Phrase {
  raw: Fields;
  masked: Fields;
  transcriptStart: number | null;
}

function phrasesOf(raw: SourceTranscript, masked: SourceTranscript): Phrase[] {
  return (raw.transcripts ?? []).flatMap((transcript, i) => {
    const written = listOf(masked.transcripts?.[i]?.phrases);
    const transcriptStart = numberOf(transcript['startTime']) ?? numberOf(raw.startTime);
    return listOf(transcript.phrases).map((phrase, j) => ({
      raw: phrase,
      masked: written[j] ?? {},
      transcriptStart,
    }));
  });
}

const isLetterOrDigit = /[\p{L}\p{N}]/u;

/** Where each word stands in the text of its phrase; null when the words are not those of the text. */
function placesOf(text: string, words: readonly Fields[]): { start: number; end: number }[] | null {
  const searched = text.toLowerCase();
  const places: { start: number; end: number }[] = [];
  let at = 0;
  for (const { word } of words) {
    const wanted = textOf(word).toLowerCase();
    const start = wanted === '' ? -1 : searched.indexOf(wanted, at);
    if (start < 0 || isLetterOrDigit.test(searched.slice(at, start))) return null;
    at = start + wanted.length;
    places.push({ start, end: at });
  }
  return isLetterOrDigit.test(searched.slice(at)) ? null : places;
}

/** When the words between two places of a phrase's text are said; null where that is not known. */
function wordsSpan(
  { raw, transcriptStart }: Phrase,
  text: string,
  found: { start: number; end: number },
): Span | null {
  const words = listOf(raw['words']);
  const places = placesOf(text, words);
  const said = words.filter((_, i) => {
    const place = places?.[i];
    return place !== undefined && place.start < found.end && place.end > found.start;
  });
  if (said.length === 0) return null;
  const spans = said.map((word) => spanOf(word, transcriptStart));
  if (spans.some((span) => span === null)) return null;
  const known = spans.filter((span) => span !== null);
  return {
    from: Math.min(...known.map(({ from }) => from)),
    to: Math.max(...known.map(({ to }) => to)),
  };
}

/** Milliseconds by which words may be outside of their phrase. */
const tolerance = 1000;

/** When something of a phrase is said, as narrow as is known; null where not even the phrase's time is. */
function passageOf(
  phrase: Phrase,
  text: string,
  found: { start: number; end: number },
): Span | null {
  const whole = spanOf(phrase.raw, phrase.transcriptStart);
  const words = wordsSpan(phrase, text, found);
  if (words === null || whole === null) return words ?? whole;
  const isWithin = words.from >= whole.from - tolerance && words.to <= whole.to + tolerance;
  // Words that are not where their phrase is: nobody can tell which of the two is right.
  return isWithin
    ? words
    : { from: Math.min(words.from, whole.from), to: Math.max(words.to, whole.to) };
}

/** Something that was masked in a phrase: why, and when it is said, where that is known. */
interface Masked {
  reason: string;
  span: Span | null;
}

const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What was masked in a phrase. */
function maskedIn(phrase: Phrase, sanitiser: Sanitiser): Masked[] {
  const { raw, masked } = phrase;
  const result: Masked[] = [];
  const everything = { start: 0, end: Infinity };
  for (const field of ['text', 'decoratedText']) {
    const text = textOf(raw[field]);
    if (text === textOf(masked[field])) continue;
    const findings = sanitiser.find(text, field);
    for (const { start, end, reason } of findings)
      result.push({ reason, span: passageOf(phrase, text, { start, end }) });
    // Masked by something that does not say where.
    if (findings.length === 0)
      result.push({ reason: 'unknown', span: passageOf(phrase, text, everything) });
  }
  // Words and alternatives that are masked where the text is not: a number that was written as one word.
  const isText = result.length > 0;
  const rest = ['words', 'alternatives'].filter((field) => field in masked || !isText);
  const isChanged = rest.some((field) => !same(raw[field], masked[field]));
  if (isChanged) {
    const texts = [
      wordsOf(raw['words']).join(' '),
      JSON.stringify(rest.map((field) => raw[field])),
    ];
    const found = texts.flatMap((text) => sanitiser.find(text));
    const reasons = new Set(found.map(({ reason }) => reason));
    const span = spanOf(phrase.raw, phrase.transcriptStart);
    for (const reason of reasons.size === 0 ? ['unknown'] : reasons) result.push({ reason, span });
  }
  // The same words stand in several texts of a phrase.
  return result.filter((one, i) => result.findIndex((other) => same(one, other)) === i);
}

/** Stretches in which the customer speaks and nobody else does, of at most so many phrases. */
function customerSpans(phrases: readonly Phrase[], most = 100): Span[] {
  const spans = phrases.map(({ raw, transcriptStart }) => ({
    isCustomer: raw['participantPurpose'] === 'external',
    span: spanOf(raw, transcriptStart),
  }));
  const others = spans.filter(({ isCustomer }) => !isCustomer).map(({ span }) => span);
  return spans
    .filter(({ isCustomer }) => isCustomer)
    .map(({ span }) => span)
    .filter((span) => span !== null)
    .filter(({ from, to }) =>
      others.every((other) => other === null || other.to <= from || other.from >= to),
    )
    .slice(0, most);
}

/** A recording whose transcript was masked. */
export interface MaskedTranscript {
  raw: SourceTranscript;
  /** The same after the sanitiser. */
  masked: SourceTranscript;
  /** When the recording began and ended, where that is known already. */
  times: Pick<SoundPlan, 'startTime' | 'endTime'>;
}

/**
 * What becomes of the sound of a recording, by what was masked in its transcript. In steps, between which
 * whoever looks through a long transcript lets others go on.
 */
export function* soundPlanInSteps(
  policy: Policy,
  sanitiser: Sanitiser,
  { raw, masked, times }: MaskedTranscript,
): Generator<void, SoundPlan> {
  const phrases = phrasesOf(raw, masked);
  const customer = policy.callAudio === 'customerChannel' ? customerSpans(phrases) : [];
  const common = { ...times, customer };
  const passages: Span[] = [];
  const reasons: Record<string, number> = {};
  let isUnknown = false;
  for (const phrase of phrases) {
    yield;
    for (const { reason, span } of maskedIn(phrase, sanitiser)) {
      const rule = soundRuleOf(policy, reason);
      if (rule === 'keep') continue;
      if (rule === 'withhold')
        return planOf({ ...common, kind: 'withheld', reason: 'maskedInSound' });
      reasons[reason] = (reasons[reason] ?? 0) + 1;
      if (span === null) isUnknown = true;
      else passages.push(span);
    }
  }
  if (isUnknown) return planOf({ ...common, kind: 'withheld', reason: 'passageNotFound' });
  return passages.length === 0
    ? planOf({ ...common, kind: 'whole' })
    : planOf({ ...common, kind: 'muted', passages, reasons });
}
