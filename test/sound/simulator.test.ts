import { renderAudio, renderChannel } from '../../local/genesys/audio';
import type { OrgConversation, OrgRecording } from '../../local/genesys/organisation';
import {
  beforeAndAfter,
  heard,
  itWithFfmpeg,
  likeness,
  muted,
  peak,
  silence,
} from '../helpers/sounds';

const conversation = { id: 'c1', ownerId: 'o1' } as OrgConversation;
const recordingOf = (channels: 1 | 2): OrgRecording => ({
  id: 'r1',
  media: 'audio',
  fileState: 'AVAILABLE',
  isSensitive: false,
  channels,
  seconds: 15,
  transcript: [
    { who: 'agent', text: 'hello', at: 1 },
    { who: 'customer', text: 'my number', at: 5 },
  ],
});
const passage = { from: 5200, to: 6800 };

describe('a recording of the simulator', () => {
  for (const channels of [1, 2] as const)
    for (const format of ['WAV', 'MP3'] as const)
      itWithFfmpeg(`is silent in the passage alone: ${format}, ${channels} channels`, () => {
        const given = renderAudio(conversation, recordingOf(channels), format);
        const [before, after] = beforeAndAfter([given, muted(given, [passage])], channels);
        const perMs = 8 * channels;
        expect(after).toHaveLength(before.length);
        expect(peak(before, perMs, passage.from, passage.to)).toBeGreaterThan(0.05);
        expect(peak(after, perMs, passage.from, passage.to)).toBeLessThan(silence);
        const beyond = 200 + 2 * 72;
        expect(likeness([before, after], perMs, 0, passage.from - beyond)).toBe(Infinity);
        expect(likeness([before, after], perMs, passage.to + beyond, 15_000)).toBe(Infinity);
      });

  for (const format of ['WAV', 'MP3'] as const)
    itWithFfmpeg(`has one voice in each channel, when the transcript says so: ${format}`, () => {
      const loud = [0, 1].map((channel) => {
        const samples = heard(renderChannel(conversation, recordingOf(2), { format, channel }), 1);
        expect(samples.length / 8000).toBeCloseTo(15, 0);
        // Behind the first frames of a voice, and with time for the last one to end.
        return [peak(samples, 8, 1100, 3300), peak(samples, 8, 5100, 7300)].map(
          (one) => one > 0.05,
        );
      });
      expect(loud).toEqual([
        [false, true],
        [true, false],
      ]);
    });
});
