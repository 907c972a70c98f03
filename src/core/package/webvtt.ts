/** A transcript as Speech and Text Analytics stores it, as far as it is read. */
export interface SourceTranscript {
  startTime?: number | null;
  transcripts?:
    | {
        phrases?:
          | {
              participantPurpose?: string | null;
              text?: string | null;
              startTimeMs?: number | null;
              duration?: { milliseconds?: number | null } | null;
            }[]
          | null;
        analytics?: { sentiment?: unknown; [field: string]: unknown } | null;
        [field: string]: unknown;
      }[]
    | null;
  [field: string]: unknown;
}

/** A transcript without the sentiment that was measured in it. */
export const withoutSentiment = (transcript: SourceTranscript): SourceTranscript => ({
  ...transcript,
  transcripts: (transcript.transcripts ?? []).map(({ analytics, ...rest }) => {
    if (!analytics) return rest;
    const { sentiment: _sentiment, ...others } = analytics;
    return { ...rest, analytics: others };
  }),
});

const speakers: Record<string, string> = { external: 'Customer', internal: 'Agent' };
const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** A WebVTT timestamp, https://www.w3.org/TR/webvtt1/#webvtt-timestamp */
function timestamp(milliseconds: number): string {
  const ms = Math.max(0, Math.round(milliseconds));
  const seconds = ms / 1000;
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${String(ms % 1000).padStart(3, '0')}`;
}

/** Cue text: what would be markup is escaped, and a line break would end the cue. */
const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/\s*[\r\n]+\s*/g, ' ');

/** A phrase of a transcript: when, in milliseconds from its start, who, and what. */
export interface Cue {
  from: number;
  to: number;
  who: string;
  text: string;
}

/**
 * The phrases of a transcript in order of time.
 * @param start from when they count, in milliseconds since 1970
 */
export function cuesOf(transcript: SourceTranscript, start = transcript.startTime ?? 0): Cue[] {
  return (
    (transcript.transcripts ?? [])
      .flatMap(({ phrases }) => phrases ?? [])
      .map(({ participantPurpose, text, startTimeMs, duration }) => {
        const begins = (startTimeMs ?? start) - start;
        const ends = begins + (duration?.milliseconds ?? 0);
        // What was said before the recording began is shown at its begin.
        const from = Math.max(begins, 0);
        const who = participantPurpose ?? '';
        const cue = {
          from,
          // A cue must end after it begins (WebVTT, section 3.1), also when both are rounded.
          to: Math.max(ends, from + 1),
          who: speakers[who] ?? who,
          text: text ?? '',
        };
        return { begins, cue };
      })
      .filter(({ cue }) => cue.text.trim() !== '')
      // What began before the recording keeps its order, too.
      .sort((a, b) => a.begins - b.begins)
      .map(({ cue }) => cue)
  );
}

/** A transcript as WebVTT, one cue for each phrase in order of time, with who speaks. */
export function webVtt(transcript: SourceTranscript): string {
  const cues = cuesOf(transcript).map(
    ({ from, to, who, text }) =>
      `${timestamp(from)} --> ${timestamp(to)}\n<v ${escaped(who)}>${escaped(text)}\n`,
  );
  return `WEBVTT\n\n${cues.join('\n')}`;
}
