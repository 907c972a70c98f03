import { NumberList } from './number-list';

/** Places in a source, from `start` to before `end`. */
export interface Range {
  start: number;
  end: number;
}

/** Replaces a stretch of a text: `start` and `end` count UTF-16 units. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/** Pieces that are put together at a time: all of a long text at once would take long. */
const piecesAtATime = 1_024;

/**
 * A text that was made from another one, its source, with the place of each letter in it. It is made of
 * runs: letters as they stand in the source, letters that stand for something longer, and letters that
 * the source does not have.
 */
export class MappedText {
  /** Letters in stretches, of which the last ones are not put together yet. */
  private readonly stretches: string[] = [];
  private pieces: string[] = [];
  private readonly textStarts = new NumberList();
  private readonly sourceStarts = new NumberList();
  private readonly sourceLengths = new NumberList();
  private length = 0;
  private joined: string | null = null;

  /** A stretch of the source as it stands there. */
  copy(text: string, sourceStart: number): void {
    this.add(text, sourceStart, text.length);
  }

  /** Letters that stand for a stretch of the source. */
  stand(text: string, { start, end }: Range): void {
    this.add(text, start, end - start);
  }

  /** Letters that separate two stretches of the source. */
  separate(text: string): void {
    const last = this.sourceStarts.length - 1;
    this.add(text, (this.sourceStarts.at(last) ?? 0) + (this.sourceLengths.at(last) ?? 0), 0);
  }

  get text(): string {
    return (this.joined ??= [...this.stretches, ...this.pieces].join(''));
  }

  /** The stretches of the source that a stretch of the text stands for, in order. */
  sourceOf({ start, end }: Range): Range[] {
    const found: Range[] = [];
    for (let i = this.runAt(start); i < this.textStarts.length; i += 1) {
      const textStart = this.textStarts.at(i) ?? 0;
      if (textStart >= end) break;
      const range = this.partOf(i, { start: start - textStart, end: end - textStart });
      const last = found.at(-1);
      if (range.start === range.end) continue;
      if (last?.end === range.start) last.end = range.end;
      else found.push(range);
    }
    return found;
  }

  /** Replacements in the source for a replacement in the text: what is masked stands in the first. */
  editsOf({ start, end, text }: TextEdit): TextEdit[] {
    return this.sourceOf({ start, end }).map((range, i) => ({
      ...range,
      text: i === 0 ? text : '',
    }));
  }

  private add(text: string, sourceStart: number, sourceLength: number): void {
    if (text === '') return;
    this.pieces.push(text);
    if (this.pieces.length === piecesAtATime) {
      this.stretches.push(this.pieces.join(''));
      this.pieces = [];
    }
    this.textStarts.push(this.length);
    this.sourceStarts.push(sourceStart);
    this.sourceLengths.push(sourceLength);
    this.length += text.length;
    this.joined = null;
  }

  private partOf(run: number, { start, end }: Range): Range {
    const length = (this.textStarts.at(run + 1) ?? this.length) - (this.textStarts.at(run) ?? 0);
    const source = this.sourceStarts.at(run) ?? 0;
    const sourceLength = this.sourceLengths.at(run) ?? 0;
    if (sourceLength !== length) return { start: source, end: source + sourceLength };
    return { start: source + Math.max(start, 0), end: source + Math.min(end, length) };
  }

  /** The run in which a letter stands. */
  private runAt(offset: number): number {
    let low = 0;
    let high = this.textStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.textStarts.at(middle) ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
