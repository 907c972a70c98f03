import {
  mutedRecording,
  noteRedaction,
  notExamined,
  type Redactions,
} from '../core/redaction/redactions';
import { looksIntoSound, type Span } from '../core/redaction/spoken';
import type { Policy } from '../core/redaction/policy';
import { RecordingMute } from '../core/sound/mute';
import { SoundError, type Passage } from '../core/sound/sound';
import type { ExportSettings, RecordingTimes, Source } from '../ports';
import type { RecordingResult, WantedRecording } from './recording-exporter';

/** A recording and what becomes of its sound. */
export type RecordingSound = Pick<WantedRecording, 'item' | 'conversationId' | 'sound'> & {
  /** When it began and ended, where the answer that delivers it has said so. */
  times?: RecordingTimes | undefined;
};

/** What muting uses. */
export interface SoundServices {
  source: Pick<Source, 'recordingTimes'>;
  settings: { export: Pick<ExportSettings, 'audioFormat' | 'policy'> };
}

/** Passages in the time of a recording, and how long it should be, where that is known. */
export interface SoundWork {
  passages: Passage[];
  lengthMs: number | null;
}

/** Whether plans are made for recordings of calls at all. */
export const plansSound = (policy: Policy): boolean =>
  policy.callAudio !== 'transcriptOnly' &&
  (looksIntoSound(policy) || policy.callAudio === 'customerChannel');

/** Whether a policy wants the channels of calls apart. */
export const channelIn = ({ callAudio }: Policy): 'merged' | 'apart' =>
  callAudio === 'customerChannel' ? 'apart' : 'merged';

const timeOf = (iso: string | null): number | null => {
  const time = iso === null ? NaN : Date.parse(iso);
  return Number.isNaN(time) ? null : time;
};

/** A recording's times, and spans within it. */
export type SpanPlaces =
  | { kind: 'known'; passages: Passage[]; lengthMs: number | null }
  | { kind: 'settled'; result: RecordingResult };

/**
 * Where spans of time are in a recording: they count from its start, which the list of recordings may name,
 * and the recording itself does, which is asked for where it has not been yet.
 */
export async function placesIn(
  services: SoundServices,
  recording: RecordingSound,
  spans: readonly Span[],
): Promise<SpanPlaces> {
  const { sound } = recording;
  const times =
    timeOf(sound.startTime) === null
      ? (recording.times ?? (await askedTimes(services, recording)))
      : sound;
  if (times === null) return { kind: 'settled', result: { kind: 'notYet', cause: 'preparing' } };
  const start = timeOf(times.startTime);
  if (start === null)
    return { kind: 'settled', result: { kind: 'withheld', reason: 'passageNotFound' } };
  const end = timeOf(times.endTime);
  return {
    kind: 'known',
    passages: spans.map(({ from, to }) => ({ from: from - start, to: to - start })),
    lengthMs: end === null || end <= start ? null : end - start,
  };
}

function askedTimes(
  { source, settings }: SoundServices,
  { item, conversationId }: RecordingSound,
): Promise<RecordingTimes | null> {
  const { audioFormat, policy } = settings.export;
  const recordingId = item.sourceId ?? '';
  return source.recordingTimes(conversationId, recordingId, audioFormat, channelIn(policy));
}

/** Milliseconds, and a part of its length, by which a recording may be longer or shorter than it should be. */
const lengthTolerance = { ms: 2000, part: 0.01 };

/**
 * A recording with silent passages, as it comes.
 * @throws SoundError when they cannot be made silent, also after most of it has come
 */
export async function* mutedContent(
  content: AsyncIterable<Buffer>,
  { passages, lengthMs }: SoundWork,
): AsyncGenerator<Buffer> {
  const mute = new RecordingMute(passages);
  for await (const chunk of content) {
    const pieces = mute.push(chunk);
    // Frames of some hundred bytes are not encrypted one by one.
    if (pieces.length > 0) yield Buffer.concat(pieces);
  }
  const { rest, durationMs } = mute.end();
  // Sound that was left out, where a call was paused, moves all that follows.
  const allowed = lengthTolerance.ms + (lengthMs ?? 0) * lengthTolerance.part;
  if (lengthMs !== null && Math.abs(durationMs - lengthMs) > allowed)
    throw new SoundError('passageNotFound');
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** What becomes of a recording in which passages cannot be made silent. */
export const withheldFor = ({ problem }: SoundError): RecordingResult => ({
  kind: 'withheld',
  reason: problem === 'passageNotFound' ? 'passageNotFound' : 'soundNotMutable',
});

/** What the log says of the sound of a recording that is exported. */
export function soundRedactions({ item, sound }: RecordingSound, file: string): Redactions {
  const redactions: Redactions = {};
  const place = { file, field: 'sound' };
  switch (sound.kind) {
    case 'muted':
      for (const [reason, count] of Object.entries(sound.reasons))
        noteRedaction(redactions, reason, place, count);
      noteRedaction(redactions, mutedRecording, place);
      return redactions;
    case 'notExamined':
      noteRedaction(
        redactions,
        notExamined(item.kind === 'screen' ? 'screen' : 'recording'),
        place,
      );
      return redactions;
    case 'whole':
    case 'withheld':
      return redactions;
  }
}
