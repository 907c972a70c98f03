import type { Finding } from './findings';
import { drain, lettersAtATime, Pace } from './steps';

const inNumber = /[\d.eE+-]/;

/**
 * What is masked in JSON (RFC 8259), so that it stays JSON: where a number was, a string stands. A text
 * may come in pieces, of which none ends behind a `\`.
 */
export class JsonMarks {
  /** Whether what comes next stands in a string. */
  private isInString = false;
  /** The next quote of the piece; -1 when there is none any more. */
  private quote = -1;
  private readonly pace = new Pace(lettersAtATime);

  /**
   * Findings in the next piece of a text, as they are to be written.
   * @param findings in order
   */
  *quoted(text: string, findings: readonly Finding[]): Generator<void, Finding[]> {
    const result: Finding[] = [];
    this.quote = text.indexOf('"');
    for (const finding of findings) {
      yield* this.readTo(text, finding.start);
      const last = result.at(-1);
      if (this.isInString) result.push(...this.withinStrings(text, finding));
      else if (last === undefined || finding.start >= last.end)
        result.push(yield* this.asString(text, finding));
      else if (finding.end > last.end) last.end = yield* this.numberEnd(text, finding.end);
      if (this.pace.isOver(32)) yield;
    }
    yield* this.readTo(text, text.length);
    return result;
  }

  /** A finding in a string, without the quotes in it and what stands between two strings. */
  private withinStrings(text: string, { start, end, mark, reason }: Finding): Finding[] {
    const parts: Pick<Finding, 'start' | 'end'>[] = [];
    let at = start;
    let isInside = true;
    for (let { quote } = this; quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) {
      if (isInside && drain(this.isEscaped(text, quote))) continue;
      if (isInside) parts.push({ start: at, end: quote });
      isInside = !isInside;
      at = quote + 1;
    }
    if (isInside) parts.push({ start: at, end });
    return parts
      .filter((part) => part.start < part.end)
      .map((part, i) => ({ ...part, mark: i === 0 ? mark : '', reason }));
  }

  private *readTo(text: string, to: number): Generator<void, void> {
    while (this.quote >= 0 && this.quote < to) {
      const at = this.quote;
      if (!this.isInString || !(yield* this.isEscaped(text, at)))
        this.isInString = !this.isInString;
      this.quote = text.indexOf('"', at + 1);
      if (this.pace.isOver(4)) yield;
    }
  }

  private *isEscaped(text: string, at: number): Generator<void, boolean> {
    let escapes = 0;
    while (text[at - 1 - escapes] === '\\') {
      escapes += 1;
      if (this.pace.isOver()) yield;
    }
    return escapes % 2 === 1;
  }

  private *numberEnd(text: string, from: number): Generator<void, number> {
    let end = from;
    while (inNumber.test(text[end] ?? '')) {
      end += 1;
      if (this.pace.isOver()) yield;
    }
    return end;
  }

  /** A string in place of the number that a finding is in. */
  private *asString(text: string, finding: Finding): Generator<void, Finding> {
    const { mark, reason } = finding;
    let start = finding.start;
    while (inNumber.test(text[start - 1] ?? '')) {
      start -= 1;
      if (this.pace.isOver()) yield;
    }
    const end = yield* this.numberEnd(text, finding.end);
    return { start, end, mark: mark && `"${mark}"`, reason };
  }
}
