import { countsOf, merged, outside, type Finding } from '../findings';
import { each } from '../steps';
import { findAddresses, type OtherNames } from './find-people';
import type { MailPeople } from './people';

/** What is masked in a mail. */
export interface MailMasking {
  /**
   * Card numbers and whatever else is masked in any text, wherever it stands, in order. It yields now and
   * then.
   * @param field name of the header field that holds the text, or nothing
   */
  find(text: string, field: string): Generator<void, Finding[]>;
  people: MailPeople;
  /** What becomes of parts that nobody can look into. */
  attachments: 'keep' | 'withhold';
}

/** How much of a long text is searched at once, and how much more is seen before and behind it. */
const windowSize = 16_384;
const seenBefore = 256;
const seenBehind = 4_096;

/** Finds what is masked in texts, and counts what was masked. */
export class TextSearch {
  /** How often something was masked, by the code of why and the field (`body` outside of the header). */
  readonly redactions: Record<string, Record<string, number>> = {};
  private field = '';

  constructor(
    private readonly masking: MailMasking,
    private readonly names: OtherNames,
  ) {}

  /** The same search in a header field. */
  of(field: string): TextSearch {
    const other = Object.create(this) as TextSearch;
    other.field = field;
    return other;
  }

  *count(findings: readonly Finding[]): Generator<void, void> {
    for (const [reason, times] of yield* countsOf(findings)) this.add(reason, times);
  }

  countOne(reason: string): void {
    this.add(reason, 1);
  }

  private add(reason: string, times: number): void {
    const fields = (this.redactions[reason] ??= {});
    const field = this.field || 'body';
    fields[field] = (fields[field] ?? 0) + times;
  }

  /**
   * What is masked in a text, in order. A long text is searched in windows, with pauses: something that
   * is longer than 4,096 characters may be cut.
   */
  *in(text: string): Generator<void, Finding[]> {
    if (text.length <= windowSize + seenBehind) return yield* this.inWindow(text);
    const found: Finding[] = [];
    for (let start = 0; start < text.length;) {
      const end = endOfWindow(text, start);
      const from = Math.max(0, start - seenBefore);
      const reached = found.at(-1)?.end ?? 0;
      const inWindow = yield* this.inWindow(text.slice(from, end + seenBehind));
      yield* each(inWindow, (finding) => {
        const moved = { ...finding, start: finding.start + from, end: finding.end + from };
        if (moved.start >= Math.max(start, reached) && moved.start < end) found.push(moved);
      });
      start = end;
      yield;
    }
    return found;
  }

  private *inWindow(text: string): Generator<void, Finding[]> {
    const { others, own } = yield* findAddresses(text, this.masking.people);
    yield;
    const found = yield* this.masking.find(text, this.field);
    yield;
    const names = this.names.find(text);
    return yield* outside(yield* merged([...found, ...others, ...names]), own);
  }
}

/** Where a window ends: behind a line or a word where there is one. */
function endOfWindow(text: string, start: number): number {
  const most = start + windowSize;
  if (most >= text.length) return text.length;
  const window = text.slice(start, most);
  for (const end of ['\n', ' '] as const) {
    const at = window.lastIndexOf(end);
    if (at > windowSize / 2) return start + at + 1;
  }
  return most;
}
