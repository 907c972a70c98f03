/** A stretch of a recording in which somebody says something, in milliseconds from its start. */
export interface Passage {
  from: number;
  to: number;
}

/**
 * Why a passage of a recording cannot be made silent: its form is none of those that are known, or is not
 * as its rules say, or the passage is not where the recording has sound.
 */
export type SoundProblem = 'unknownForm' | 'malformed' | 'passageNotFound';

/** A recording in which a passage cannot be made silent. It holds nothing of the content. */
export class SoundError extends Error {
  constructor(readonly problem: SoundProblem) {
    super(problem);
  }
}

/** Milliseconds before and after what was said that are silent, too: words begin and end softly. */
export const marginMs = 200;

/** What makes passages of a recording silent while it runs through. It holds a few kilobytes of it. */
export interface SoundMute {
  /**
   * Takes the next bytes, which it does not change, and returns those that are finished.
   * @throws SoundError when the recording is not of the expected form
   */
  push(chunk: Uint8Array): Uint8Array[];
  /**
   * Returns the last bytes, and how long the recording was.
   * @throws SoundError when the recording ends too early
   */
  end(): { rest: Uint8Array[]; durationMs: number };
}

/** Stretches of samples, in order and apart from each other. */
export class Stretches {
  private readonly stretches: { from: number; to: number }[] = [];
  private at = 0;

  /** @param stretches of samples, `to` not included, in any order */
  constructor(stretches: readonly { from: number; to: number }[]) {
    for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
      const last = this.stretches.at(-1);
      if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
      else this.stretches.push({ from, to });
    }
  }

  /**
   * The parts of the stretches that lie in `from` to `to`.
   * @param from not before that of an earlier call
   */
  within(from: number, to: number): { from: number; to: number }[] {
    while ((this.stretches[this.at]?.to ?? Infinity) <= from) this.at += 1;
    const parts: { from: number; to: number }[] = [];
    for (const one of this.stretches.slice(this.at)) {
      if (one.from >= to) break;
      parts.push({ from: Math.max(one.from, from), to: Math.min(one.to, to) });
    }
    return parts;
  }
}

/** The samples of passages and of their margins. */
export const samplesOf = (
  passages: readonly Passage[],
  samplesPerSecond: number,
): { from: number; to: number }[] =>
  passages.map(({ from, to }) => ({
    from: Math.max(0, Math.floor(((from - marginMs) * samplesPerSecond) / 1000)),
    to: Math.max(0, Math.ceil(((to + marginMs) * samplesPerSecond) / 1000)),
  }));
