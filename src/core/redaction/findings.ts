import type { Range } from './mapped-text';
import { each, joined, Pace, sorted } from './steps';

/** A stretch of a text that is masked. */
export interface Finding {
  start: number;
  end: number;
  /** What stands there instead; nothing, where it goes on from an earlier stretch behind some markup. */
  mark: string;
  /** The code of why. */
  reason: string;
}

/** How often something was masked, by the code of why; once for each that was found. In steps. */
export function* countsOf(findings: readonly Finding[]): Generator<void, Map<string, number>> {
  const counts = new Map<string, number>();
  yield* each(findings, ({ mark, reason }) => {
    if (mark !== '') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  });
  return counts;
}

/**
 * Findings in order, none within another: those that overlap are one, which the first of them names, so
 * that nothing of any is left. In steps.
 */
export function* merged(findings: readonly Finding[]): Generator<void, Finding[]> {
  const result: Finding[] = [];
  const inOrder = yield* sorted(findings, (a, b) => a.start - b.start || b.end - a.end);
  yield* each(inOrder, (finding) => {
    const last = result.at(-1);
    if (finding.start === finding.end) return;
    if (last === undefined || finding.start >= last.end) {
      result.push({ ...finding });
      return;
    }
    last.end = Math.max(last.end, finding.end);
    // The rest of a finding gives way to one of its own.
    if (last.mark === '') Object.assign(last, { mark: finding.mark, reason: finding.reason });
  });
  return result;
}

/** Findings without the stretches that stay, in whatever they were found. Both are in order. In steps. */
export function* outside(
  findings: readonly Finding[],
  kept: readonly Range[],
): Generator<void, Finding[]> {
  const pieces: Finding[] = [];
  const pace = new Pace(200);
  let at = 0;
  for (const finding of findings) {
    while ((kept[at]?.end ?? Infinity) <= finding.start) at += 1;
    let { start } = finding;
    for (let i = at; ; i += 1) {
      const stays = kept[i];
      if (stays === undefined || stays.start >= finding.end) break;
      if (stays.start > start) pieces.push({ ...finding, start, end: stays.start });
      start = Math.max(start, stays.end);
      if (pace.isOver()) yield;
    }
    if (start < finding.end) pieces.push({ ...finding, start });
    if (pace.isOver()) yield;
  }
  return pieces;
}

/** A text with its findings replaced, which are in order and do not overlap. In steps. */
export function* withMarks(text: string, findings: readonly Finding[]): Generator<void, string> {
  let at = 0;
  const pieces: string[] = [];
  yield* each(findings, ({ start, end, mark }) => {
    pieces.push(text.slice(at, start), mark);
    at = end;
  });
  pieces.push(text.slice(at));
  return yield* joined(pieces);
}
