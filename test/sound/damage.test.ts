import fc from 'fast-check';
import { RecordingMute } from '../../src/core/sound/mute';
import { SoundError } from '../../src/core/sound/sound';
import { itWithFfmpeg, muteInPieces, record } from '../helpers/sounds';

const passages = [
  { from: 300, to: 500 },
  { from: 900, to: 1000 },
];
const made: [string, string, string[]][] = [
  ['WAV', 'wav', ['-c:a', 'pcm_s16le']],
  ['MP3', 'mp3', ['-c:a', 'libmp3lame', '-b:a', '24k']],
  ['Ogg Opus', 'ogg', ['-c:a', 'libopus', '-b:a', '24k']],
];

/** What may happen to a file on its way: bytes that are others, gone, doubled or new. */
const damage = fc.array(
  fc.record({
    kind: fc.constantFrom('change', 'cut', 'double', 'insert', 'end'),
    // Most of what decides is at the start.
    at: fc.oneof(fc.nat(400), fc.nat(60_000)),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function damaged(
  file: Buffer,
  changes: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): Buffer {
  return changes.reduce((bytes, { kind, at, bytes: other }) => {
    const place = at % (bytes.length + 1);
    const [before, behind] = [bytes.subarray(0, place), bytes.subarray(place)];
    switch (kind) {
      case 'change':
        return Buffer.concat([before, other, behind.subarray(other.length)]);
      case 'cut':
        return Buffer.concat([before, behind.subarray(other.length)]);
      case 'double':
        return Buffer.concat([before, behind.subarray(0, other.length), behind]);
      case 'insert':
        return Buffer.concat([before, other, behind]);
      default:
        return before;
    }
  }, file);
}

describe('a damaged recording', () => {
  for (const [name, ending, coding] of made)
    itWithFfmpeg(`is muted or refused, and nothing else: ${name}`, () => {
      const given = record({ rate: 16_000, channels: 1, seconds: 2, coding, ending });
      let refused = 0;
      fc.assert(
        fc.property(damage, fc.integer({ min: 1, max: 9000 }), (changes, length) => {
          const file = damaged(given, changes);
          try {
            const { bytes } = muteInPieces(new RecordingMute(passages), file, [length]);
            // Silent packets of Opus are shorter than others; nothing else loses a byte.
            expect(bytes.length).toBeLessThanOrEqual(file.length);
            if (ending !== 'ogg') expect(bytes).toHaveLength(file.length);
          } catch (error) {
            if (!(error instanceof SoundError)) throw error;
            refused += 1;
          }
        }),
        { numRuns: 200 },
      );
      expect(refused).toBeGreaterThan(0);
    });
});
