/** A stretch of a text that is masked. */
export interface Finding {
  start: number;
  end: number;
  /** What stands there instead; nothing, where it goes on from an earlier stretch behind some markup. */
  mark: string;
  /** The code of why. */
  reason: string;
}

/** Why something was masked, once for each that was found. */
export const reasonsOf = (findings: readonly Finding[]): string[] =>
  findings.filter(({ mark }) => mark !== '').map(({ reason }) => reason);

/**
 * Findings in order, none within another: those that overlap are one, which the first of them names, so
 * that nothing of any is left.
 */
export function merged(findings: readonly Finding[]): Finding[] {
  const result: Finding[] = [];
  for (const finding of findings.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (finding.start === finding.end) continue;
    if (last === undefined || finding.start >= last.end) {
      result.push({ ...finding });
      continue;
    }
    last.end = Math.max(last.end, finding.end);
    // The rest of a finding gives way to one of its own.
    if (last.mark === '') Object.assign(last, { mark: finding.mark, reason: finding.reason });
  }
  return result;
}

/** Findings without the stretches that stay, in whatever they were found. Both are in order. */
export function outside(
  findings: readonly Finding[],
  kept: readonly { start: number; end: number }[],
): Finding[] {
  if (kept.length === 0) return [...findings];
  let at = 0;
  return findings.flatMap((finding) => {
    while (at < kept.length && (kept[at]?.end ?? 0) <= finding.start) at += 1;
    const pieces: Finding[] = [];
    let { start } = finding;
    for (let i = at; i < kept.length && (kept[i]?.start ?? 0) < finding.end; i += 1) {
      const stays = kept[i];
      if (stays === undefined) break;
      if (stays.start > start) pieces.push({ ...finding, start, end: stays.start });
      start = Math.max(start, stays.end);
    }
    if (start < finding.end) pieces.push({ ...finding, start });
    return pieces;
  });
}

/** A text with its findings replaced, which are in order and do not overlap. */
export function withMarks(text: string, findings: readonly Finding[]): string {
  let at = 0;
  const pieces = findings.flatMap(({ start, end, mark }) => {
    const before = text.slice(at, start);
    at = end;
    return [before, mark];
  });
  return [...pieces, text.slice(at)].join('');
}
