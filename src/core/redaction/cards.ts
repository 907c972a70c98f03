import { isFirstDigit, leastDigits, likelihoodOf, mostDigits } from './card-issuers';
import { namesCard, namesOther, wordsAfter, wordsBefore, wordsOf } from './card-words';
import { digitRuns, digitValue, gaps, type DigitRun, type Gap } from './digit-runs';
import { isParcelNumber, isPartOfOther } from './other-numbers';
import { readingsOf, type Part, type Reading } from './readings';
import { drain, each, sorted } from './steps';

/** What is known of a text besides the text itself. */
export interface TextContext {
  /** Name of the field that holds the text. */
  field?: string | undefined;
  /** Digits of the person's own identifiers: such a number is never a card's. */
  own?: ReadonlySet<string>;
}

/** A card number in a text: one part or, where markup stands between its digits, several. */
export type FoundCard = readonly Part[];

/** Check digit by the formula of Luhn (ISO/IEC 7812-1 annex B), of more and more digits. */
class CheckSum {
  private count = 0;
  /** The sums when the first digit counts once, and when it counts twice. */
  private once = 0;
  private twice = 0;

  add(digit: number): void {
    const double = digit > 4 ? digit * 2 - 9 : digit * 2;
    const isOdd = this.count % 2 === 1;
    this.once += isOdd ? double : digit;
    this.twice += isOdd ? digit : double;
    this.count += 1;
  }

  /** Whether the last digit is the check digit of the others. It counts once, and so does every second before it. */
  get isRight(): boolean {
    return (this.count % 2 === 1 ? this.once : this.twice) % 10 === 0;
  }
}

/** Whether the last digit of a number is its check digit. */
export function isCheckDigitRight(number: string): boolean {
  const sum = new CheckSum();
  for (const digit of number) sum.add(Number(digit));
  return sum.isRight;
}

/**
 * How the groups of a number are written: as on cards, all of one length, or otherwise. The less usual it
 * is, the fewer separators are taken for those of one number.
 */
type Shape = 'printed' | 'even' | 'uneven';

/** Some groups of a run that could be a card number. */
interface Candidate {
  run: DigitRun;
  first: number;
  last: number;
  shape: Shape;
  isRare: boolean;
}

const lengthOf = ({ starts, ends }: DigitRun, group: number): number =>
  (ends[group] ?? 0) - (starts[group] ?? 0);

/**
 * Whether groups end where they end on cards: after each fourth digit, after 4 and 10 (American Express,
 * Diners Club), after 6 (UnionPay), or after each digit, as in boxes of a form. Groups may stand together,
 * as they do with nothing but a tag between.
 */
class Borders {
  private digits = 0;
  private isInFours = true;
  private isInTens = true;
  private isAfterSix = true;
  private isInBoxes = true;

  /** Adds a group that another one follows. */
  add(length: number): void {
    this.digits += length;
    this.isInFours &&= this.digits % 4 === 0;
    this.isInTens &&= this.digits === 4 || this.digits === 10;
    this.isAfterSix &&= this.digits === 6;
    this.isInBoxes &&= length === 1;
  }

  arePrinted(last: number): boolean {
    const isShort = this.digits + last <= 15;
    const isInBoxes = this.isInBoxes && last === 1;
    return this.isInFours || (this.isInTens && isShort) || this.isAfterSix || isInBoxes;
  }
}

function shapeOf(run: DigitRun, first: number, last: number): Shape {
  const size = lengthOf(run, first);
  const borders = new Borders();
  let isEven = lengthOf(run, last) <= size;
  for (let group = first; group < last; group += 1) {
    borders.add(lengthOf(run, group));
    isEven &&= lengthOf(run, group) === size;
  }
  if (borders.arePrinted(lengthOf(run, last))) return 'printed';
  return isEven ? 'even' : 'uneven';
}

/** Separators that hold groups of one number apart, by how the groups are written. */
const taken: Record<Shape, readonly Gap[]> = {
  printed: [gaps.space, gaps.hyphen, gaps.wide, gaps.spacedHyphen, gaps.dot, gaps.lineBreak],
  even: [gaps.space, gaps.hyphen, gaps.wide, gaps.spacedHyphen],
  uneven: [gaps.space, gaps.hyphen, gaps.wide, gaps.spacedHyphen],
};

/** Whether the separators between groups are those of one number. */
function areSeparators(between: readonly Gap[], shape: Shape): boolean {
  const kinds = new Set(between);
  if (![...kinds].every((kind) => taken[shape].includes(kind))) return false;
  // A line may be broken anywhere; else a number is written in one way.
  return kinds.size <= 1 || (shape === 'printed' && !kinds.has(gaps.dot));
}

const letter = /\p{L}/u;
const touchesLetter = (text: string, { run, first, last }: Candidate): boolean =>
  letter.test(text[(run.starts[first] ?? 0) - 1] ?? '') ||
  letter.test(text[run.ends[last] ?? 0] ?? '');

/** Whether a group goes on with a list of groups that each have a line and the same length. */
function isInList({ run, first, last }: Candidate): boolean {
  const isLine = (group: number): boolean => run.gaps[group] === gaps.lineBreak;
  if (first === last || !isLine(last)) return false;
  const size = lengthOf(run, first);
  return (
    (isLine(first) && lengthOf(run, first - 1) === size) ||
    (isLine(last + 1) && lengthOf(run, last + 1) === size)
  );
}

/** Most digits of a phone number (ITU-T E.164). */
const phoneDigits = 15;

/** Groups that are searched before a generator lets others go on. */
const groupsAtATime = 512;

/** Finds the card numbers of one text. */
class Search {
  private readonly digits: number[] = [];
  /** Whether the words before a run call it something else: asked once for all that is in it. */
  private named: { run: DigitRun; isOther: boolean } | null = null;

  constructor(
    private readonly text: string,
    private readonly context: TextContext,
  ) {}

  /** The candidates of a run that are card numbers. Every group begins some, whatever began before it. */
  *cardsOf(run: DigitRun): Generator<Candidate | null> {
    if (this.isParcel(run)) return;
    for (let first = this.phoneEnd(run); first < run.starts.length; first += 1) {
      if (first % groupsAtATime === groupsAtATime - 1) yield null;
      yield* this.cardsFrom(run, first);
    }
  }

  private *cardsFrom(run: DigitRun, first: number): Generator<Candidate> {
    const { digits, text } = this;
    digits.length = 0;
    if (!isFirstDigit(digitValue(text.charCodeAt(run.starts[first] ?? 0)))) return;
    const sum = new CheckSum();
    for (let last = first; last < run.starts.length; last += 1) {
      if (digits.length + lengthOf(run, last) > mostDigits) return;
      for (let at = run.starts[last] ?? 0; at < (run.ends[last] ?? 0); at += 1) {
        const digit = digitValue(text.charCodeAt(at));
        digits.push(digit);
        sum.add(digit);
      }
      if (digits.length < leastDigits || !sum.isRight) continue;
      const likelihood = likelihoodOf(Number(digits.slice(0, 6).join('')), digits.length);
      if (likelihood === null) continue;
      const isRare = likelihood === 'besideWord';
      const candidate = { run, first, last, shape: shapeOf(run, first, last), isRare };
      if (this.isCard(candidate)) yield candidate;
    }
  }

  private isCard(candidate: Candidate): boolean {
    const { text, digits } = this;
    const { run, first, last } = candidate;
    const { own } = this.context;
    if (digits.every((digit) => digit === digits[0])) return false;
    if (own?.has(digits.join(''))) return false;
    const start = run.starts[first] ?? 0;
    const end = run.ends[last] ?? 0;
    if (this.isDoubtful(candidate) && !this.isBesideWord(start, end)) return false;
    return !isPartOfOther(text, start, end);
  }

  /** Whether it takes a word for cards beside a number to take it for one. */
  private isDoubtful(candidate: Candidate): boolean {
    const { run, first, last, shape, isRare } = candidate;
    if (isRare || isInList(candidate)) return true;
    if (!areSeparators(run.gaps.slice(first + 1, last + 1), shape)) return true;
    if (shape === 'uneven' && touchesLetter(this.text, candidate)) return true;
    return this.isFraction(candidate) || this.isCalledOther(candidate);
  }

  /** Whether it is what stands behind the point of a decimal number, as in coordinates, or ends before one. */
  private isFraction({ run, first, last, shape }: Candidate): boolean {
    const isPoint = (group: number): boolean =>
      run.gaps[group] === gaps.dot && (run.starts[group] ?? 0) - (run.ends[group - 1] ?? 0) === 1;
    if (first === last) return isPoint(first) && lengthOf(run, first - 1) <= 3;
    return shape !== 'printed' && (isPoint(first) || isPoint(last + 1));
  }

  /**
   * Whether the words before a number call it something else, or those before the even groups that it is
   * some of. A number that is written in groups as on cards is taken for one all the same.
   */
  private isCalledOther({ run, first, last, shape }: Candidate): boolean {
    const isWhole = first === 0 && last === run.starts.length - 1;
    const isOne = first === last;
    if (isWhole || !this.isEven(run)) {
      if (first > 0 || (shape === 'printed' && !isOne)) return false;
    }
    return this.isNamedOther(run);
  }

  private isNamedOther(run: DigitRun): boolean {
    if (this.named?.run !== run)
      this.named = { run, isOther: namesOther(this.before(run.starts[0] ?? 0)) };
    return this.named.isOther;
  }

  /** Whether all groups of a run, which is no list of many numbers, are of one length but for the last. */
  private isEven(run: DigitRun): boolean {
    if (run.starts.length > mostDigits * 2) return false;
    const size = lengthOf(run, 0);
    return run.starts.every((_, group) =>
      group < run.starts.length - 1 ? lengthOf(run, group) === size : lengthOf(run, group) <= size,
    );
  }

  private isBesideWord(start: number, end: number): boolean {
    return namesCard(this.before(start), this.text.slice(end, end + wordsAfter));
  }

  /** What stands before a place, the name of the field included. */
  private before(at: number): string {
    const { field } = this.context;
    const near = this.text.slice(Math.max(0, at - wordsBefore), at);
    return field === undefined || at > wordsBefore ? near : `${wordsOf(field)}: ${near}`;
  }

  /** How many groups of a run are those of a phone number with its country. */
  private phoneEnd(run: DigitRun): number {
    const start = run.starts[0] ?? 0;
    if (!/(?:\+|tel:|sips?:)$/i.test(this.text.slice(Math.max(0, start - 5), start))) return 0;
    const digits = run.starts.reduce((sum, _, group) => sum + lengthOf(run, group), 0);
    return digits <= phoneDigits ? run.starts.length : 1;
  }

  private isParcel({ starts, ends }: DigitRun): boolean {
    // Longer than so many single digits with one sign between each two.
    if ((ends.at(-1) ?? 0) - (starts[0] ?? 0) > 43) return false;
    return isParcelNumber(this.text.slice(starts[0], ends.at(-1)).replaceAll(/\D/g, ''));
  }
}

/** The cards of a reading, each as what it covers. */
function* cardsIn(reading: Reading, context: TextContext): Generator<Part | null> {
  const search = new Search(reading.text, context);
  for (const run of digitRuns(reading.text, leastDigits)) {
    if (run === null) {
      yield null;
      continue;
    }
    let overlapping = new Overlapping();
    for (const candidate of search.cardsOf(run)) {
      if (candidate === null) {
        yield null;
        continue;
      }
      if (overlapping.add(candidate)) continue;
      yield* overlapping.chosen();
      overlapping = new Overlapping();
      overlapping.add(candidate);
    }
    yield* overlapping.chosen();
  }
}

/** Most candidates that lie over each other and are compared; more are in a list of digits alone. */
const mostCompared = 256;

/** Candidates of which each lies over one before it. They come in the order of their first groups. */
class Overlapping {
  private candidates: Candidate[] = [];
  private whole: Part | null = null;

  /** @returns false for one that lies over none */
  add(candidate: Candidate): boolean {
    const { start, end } = partOf(candidate);
    if (this.whole !== null && start >= this.whole.end) return false;
    this.whole ??= { start, end };
    this.whole.end = Math.max(this.whole.end, end);
    if (this.candidates.length <= mostCompared) this.candidates.push(candidate);
    return true;
  }

  chosen(): Part[] {
    if (this.whole === null) return [];
    return this.candidates.length > mostCompared ? [this.whole] : chosen(this.candidates);
  }
}

const partOf = ({ run, first, last }: Candidate): Part => ({
  start: run.starts[first] ?? 0,
  end: run.ends[last] ?? 0,
});

/** Which candidates go before which: the less likely ones come last. */
const ranks: readonly ((candidate: Candidate) => boolean)[] = [
  ({ shape, isRare }) => shape === 'printed' && !isRare,
  ({ shape, isRare }) => shape === 'even' && !isRare,
  ({ shape, isRare }) => shape === 'uneven' && !isRare,
  ({ isRare }) => isRare,
];

/**
 * What is masked of a run. Candidates may overlap: one that is written as on cards goes before another,
 * and of equals all are masked, so that no digit of a card stays.
 * @param candidates in the order of their first groups
 */
function chosen(candidates: readonly Candidate[]): Part[] {
  let parts: Part[] = [];
  for (const hasRank of ranks)
    parts = united([...parts, ...outside(candidates.filter(hasRank).map(partOf), parts)]);
  return parts;
}

/** Parts that overlap none of others. */
const outside = (parts: readonly Part[], others: readonly Part[]): Part[] =>
  parts.filter(({ start, end }) =>
    others.every((other) => other.end <= start || end <= other.start),
  );

/** Parts in order, of which those that overlap are one. */
function united(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && part.start < last.end) last.end = Math.max(last.end, part.end);
    else result.push({ ...part });
  }
  return result;
}

/**
 * Searches a text for the numbers of payment cards: as it stands, as the text that HTML shows, and as
 * what an address (URL) means. It yields now and then, so that whoever searches a long text can let
 * others go on.
 * @returns the cards in order; none overlaps another
 */
export function* searchCards(
  text: string,
  context: TextContext = {},
): Generator<void, FoundCard[]> {
  const found: Part[][] = [];
  for (const reading of readingsOf(text)) {
    if (reading === null) {
      yield;
      continue;
    }
    for (const part of cardsIn(reading, context)) {
      if (part === null) yield;
      else found.push(reading.sourceOf(part));
    }
  }
  return yield* withoutOverlap(found);
}

/** Cards that two readings have found are one. */
function* withoutOverlap(cards: readonly Part[][]): Generator<void, FoundCard[]> {
  const startOf = (card: readonly Part[]): number => card[0]?.start ?? 0;
  const endOf = (card: readonly Part[]): number => card.at(-1)?.end ?? 0;
  const result: Part[][] = [];
  const inOrder = yield* sorted(cards, (a, b) => startOf(a) - startOf(b));
  yield* each(inOrder, (card) => {
    const last = result.at(-1);
    if (last !== undefined && startOf(card) < endOf(last))
      last.splice(0, last.length, ...united([...last, ...card]));
    else result.push([...card]);
  });
  return result;
}

/**
 * The numbers of payment cards in a text.
 * @see searchCards
 */
export const findCards = (text: string, context?: TextContext): FoundCard[] =>
  drain(searchCards(text, context));

/**
 * Whether a number of JSON is a card's. Beyond 2^53 the digits that it was written with are lost: those
 * of an issuer decide alone.
 */
export function isCardValue(value: number, context: TextContext = {}): boolean {
  if (!Number.isInteger(value) || value < 1e12) return false;
  const digits = String(value);
  if (Number.isSafeInteger(value)) return findCards(digits, context).length > 0;
  if (context.own?.has(digits)) return false;
  const before = wordsOf(context.field ?? '');
  const likelihood = likelihoodOf(Number(digits.slice(0, 6)), digits.length);
  return (
    likelihood !== null && (namesCard(before, '') || (likelihood === 'card' && !namesOther(before)))
  );
}
