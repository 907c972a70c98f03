import type { Speaker } from '../package/viewer-texts';
import type { Cue } from '../package/webvtt';

/** Who speaks when, from the phrases of a transcript: no sound is decoded for it. */

/** A stretch of time in milliseconds from the start of a recording. */
export interface Stretch {
  from: number;
  to: number;
}

const speakers: Readonly<Record<string, Speaker>> = { Customer: 'you', Agent: 'agent' };

/** Who says a phrase. */
export const speakerOf = ({ who }: Pick<Cue, 'who'>): Speaker => speakers[who] ?? 'other';

/** A shorter pause is none. */
const shortestPause = 400;

/** Stretches in order of time, those that touch or are hardly apart as one. */
export function joinedStretches(given: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const { from, to } of [...given].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last !== undefined && from - last.to < shortestPause) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

/** A lane for each who speaks: the person first. */
export function lanesOf(cues: readonly Cue[]): { speaker: Speaker; stretches: Stretch[] }[] {
  return (['you', 'agent', 'other'] as const).flatMap((speaker) => {
    const own = cues.filter((cue) => speakerOf(cue) === speaker);
    return own.length === 0 ? [] : [{ speaker, stretches: joinedStretches(own) }];
  });
}

/** Index of the phrase that began last; -1 before the first. @param cues in order of time */
export function cueAt(cues: readonly Cue[], now: number): number {
  let [low, high] = [0, cues.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.from ?? Infinity) <= now) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether something of a phrase is silent in the recording. */
export const isSilent = ({ from, to }: Stretch, silent: readonly Stretch[]): boolean =>
  silent.some((one) => one.from < to && one.to > from);
