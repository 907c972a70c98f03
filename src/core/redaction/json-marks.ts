import type { Finding } from './findings';
import type { Range } from './mapped-text';
import { drain, lettersAtATime, Pace } from './steps';

const inNumber = /[\d.eE+-]/;
/** A value that stands in no string, or what stands in place of one. */
const value = /[^\s[\]{}:,"](?:[^[\]{}:,"]*[^\s[\]{}:,"])?/g;

/** A stretch of one string, or of one other value. */
interface Part extends Range {
  isInString: boolean;
}

/**
 * What is masked in JSON (RFC 8259), so that it stays JSON: where a number was, a string stands, and what
 * stands between two values stays. A text may come in pieces, of which none ends behind a `\`.
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
      yield* this.add(result, text, finding);
      if (this.pace.isOver(32)) yield;
    }
    yield* this.readTo(text, text.length);
    return result;
  }

  /** Adds a finding, which has its mark in the first value that it is in. */
  private *add(
    result: Finding[],
    text: string,
    { mark, reason, ...range }: Finding,
  ): Generator<void, void> {
    let isFirst = true;
    for (const { isInString, start, end } of this.partsOf(text, range)) {
      const last = result.at(-1);
      const shown = isFirst ? mark : '';
      if (isInString) result.push({ start, end, mark: shown, reason });
      else if (last !== undefined && start < last.end) {
        // The value is a string already, for what was found in it before.
        if (end > last.end) last.end = yield* this.numberEnd(text, end);
        continue;
      } else {
        const written = isFirst && mark === '' ? '' : `"${shown}"`;
        result.push({ ...(yield* this.wholeOf(text, { start, end })), mark: written, reason });
      }
      isFirst = false;
      if (this.pace.isOver(32)) yield;
    }
  }

  /** A finding without quotes of strings, and without what stands between two values. */
  private *partsOf(text: string, { start, end }: Range): Generator<Part> {
    let { isInString, quote } = this;
    for (let at = start; at < end;) {
      while (isInString && quote >= 0 && quote < end && drain(this.isEscaped(text, quote)))
        quote = text.indexOf('"', quote + 1);
      const stop = quote >= 0 && quote < end ? quote : end;
      if (isInString && at < stop) yield { isInString, start: at, end: stop };
      if (!isInString)
        for (const { index, 0: found } of text.slice(at, stop).matchAll(value))
          yield { isInString, start: at + index, end: at + index + found.length };
      isInString = !isInString;
      at = stop + 1;
      if (at < end) quote = text.indexOf('"', at);
    }
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

  /** The whole of the number that a stretch is in. */
  private *wholeOf(text: string, { start: from, end }: Range): Generator<void, Range> {
    let start = from;
    while (inNumber.test(text[start - 1] ?? '')) {
      start -= 1;
      if (this.pace.isOver()) yield;
    }
    return { start, end: yield* this.numberEnd(text, end) };
  }
}
