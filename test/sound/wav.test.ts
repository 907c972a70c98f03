import fc from 'fast-check';
import { PowerMeter } from '../../src/core/sound/energy';
import { RecordingMute } from '../../src/core/sound/mute';
import {
  beforeAndAfter,
  heard,
  itWithFfmpeg,
  likeness,
  muted,
  muteInPieces,
  peak,
  problemOf,
  record,
  recordTogether,
  silence,
  type SoundOptions,
} from '../helpers/sounds';

const passage = { from: 1500, to: 2250 };

/** Codings, their bytes of a sample, and the byte of which silence consists. */
const codings: [string, number, number][] = [
  ['pcm_u8', 1, 0x80],
  ['pcm_s16le', 2, 0],
  ['pcm_s24le', 3, 0],
  ['pcm_s32le', 4, 0],
  ['pcm_f32le', 4, 0],
  ['pcm_mulaw', 1, 0xff],
  ['pcm_alaw', 1, 0xd5],
];

/** Where the samples of a WAV file begin. */
const samplesAt = (file: Buffer): number => file.indexOf('data') + 8;

const chunk = (name: string, body: Uint8Array, length = body.length): Buffer => {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};
const wave = (chunks: Buffer[], form = 'RIFF'): Buffer => {
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return chunk(form, body);
};
/** A format chunk: its number, channels, samples a second, bytes of a frame and bits. */
const format = (
  tag: number,
  channels = 1,
  bits = 16,
  more: Uint8Array = Buffer.alloc(0),
): Buffer => {
  const fields = Buffer.alloc(16);
  fields.writeUInt16LE(tag, 0);
  fields.writeUInt16LE(channels, 2);
  fields.writeUInt32LE(1000, 4);
  fields.writeUInt32LE((1000 * channels * bits) / 8, 8);
  fields.writeUInt16LE((channels * bits) / 8, 12);
  fields.writeUInt16LE(bits, 14);
  return chunk('fmt ', Buffer.concat([fields, more]));
};
const extension = (tag: number, tail = '000000001000800000aa00389b71'): Buffer => {
  const fields = Buffer.alloc(10);
  fields.writeUInt16LE(22, 0);
  fields.writeUInt16LE(tag, 8);
  return Buffer.concat([fields, Buffer.from(tail, 'hex')]);
};
/** Four seconds of 16 bits that are nowhere silent. */
const loud = Buffer.alloc(8000, 0x55);
const data = chunk('data', loud);

const recordingOf = (coding: string, channels: 1 | 2): SoundOptions => ({
  ...{ rate: 8000, channels, coding: ['-c:a', coding], ending: 'wav' },
});

describe('a passage of a WAV file', () => {
  beforeAll(() =>
    recordTogether(codings.flatMap(([coding]) => [recordingOf(coding, 1), recordingOf(coding, 2)])),
  );

  for (const channels of [1, 2] as const)
    for (const [coding, bytes, silent] of codings)
      itWithFfmpeg(
        `is silent, and no other byte is changed: ${coding}, ${channels} channels`,
        () => {
          const given = record(recordingOf(coding, channels));
          const changed = muted(given, [passage]);
          const begin = samplesAt(given);
          const frame = bytes * channels;
          const from = begin + 1300 * 8 * frame;
          const to = begin + 2450 * 8 * frame;
          const wanted = Buffer.from(given).fill(silent, from, to);
          expect(wanted.equals(given)).toBe(false);
          expect(changed.equals(wanted)).toBe(true);
          const [before, after] = beforeAndAfter([given, changed], channels);
          const perMs = 8 * channels;
          expect(peak(before, perMs, 1300, 2450)).toBeGreaterThan(0.1);
          expect(peak(after, perMs, 1300, 2450)).toBeLessThan(silence);
          expect(likeness([before, after], perMs, 0, 1300)).toBe(Infinity);
          expect(likeness([before, after], perMs, 2450, 9999)).toBe(Infinity);
        },
      );

  for (const coding of ['pcm_mulaw', 'pcm_alaw'])
    itWithFfmpeg(`is measured as a player hears it: ${coding}`, () => {
      const given = record(recordingOf(coding, 2));
      given.subarray(samplesAt(given)).forEach((_, i, samples) => (samples[i] = (i >> 1) % 256));
      const samples = heard(given, 2);
      const meter = new PowerMeter([{ from: 0, to: 4000 }]);
      meter.push(given);
      const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
      expect(meter.end()).toBeCloseTo(power, 6);
    });

  it('is silent whichever way the file comes in pieces', () => {
    const given = wave([chunk('LIST', Buffer.from('INFOodd')), format(1, 2), data]);
    const whole = muted(given, [passage]);
    expect(whole.equals(given)).toBe(false);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1 }), (lengths) => {
        const { bytes } = muteInPieces(new RecordingMute([passage]), given, lengths);
        expect(bytes.equals(whole)).toBe(true);
      }),
    );
  });

  it('leaves what it is given as it is', () => {
    const given = wave([format(1), data]);
    const before = Buffer.from(given);
    muted(given, [passage]);
    expect(given.equals(before)).toBe(true);
  });
});

describe('a WAV file', () => {
  const hint = chunk('LIST', Buffer.from('INFOICMT\x05\0\0\0hello\0', 'latin1'));
  const large = Buffer.alloc(28);
  large.writeBigUInt64LE(8000n, 8);
  const past = chunk('cue ', Buffer.from([1, 2, 3]));
  it.each<[string, Buffer]>([
    [
      'with chunks before, between and behind',
      wave([hint, past, format(1), past, hint, data, hint]),
    ],
    ['of WAVE_FORMAT_EXTENSIBLE', wave([format(0xfffe, 1, 16, extension(1)), data])],
    ['of which the length was not known', wave([format(1), chunk('data', loud, 0xffff_ffff)])],
    ['of which the length was left at 0', wave([format(1), chunk('data', loud, 0)])],
    [
      'of RF64',
      wave([chunk('ds64', large), format(1), chunk('data', loud, 0xffff_ffff), hint], 'RF64'),
    ],
    ['that is cut off behind the passage', wave([format(1), data]).subarray(0, 7000)],
  ])('%s is silent in the passage alone', (_name, given) => {
    const begin = samplesAt(given);
    const wanted = Buffer.from(given).fill(0, begin + 2600, begin + 4900);
    expect(muted(given, [passage]).equals(wanted)).toBe(true);
  });

  it.each<[string, Buffer, string]>([
    ['of another coding', wave([format(2, 1, 8), data]), 'unknownForm'],
    ['of 12 bits', wave([format(1, 2, 12), data]), 'unknownForm'],
    [
      'with another GUID',
      wave([format(0xfffe, 1, 16, extension(1, '11'.repeat(14))), data]),
      'unknownForm',
    ],
    [
      'with a GUID that is cut off',
      wave([format(0xfffe, 1, 16, Buffer.alloc(4)), data]),
      'malformed',
    ],
    ['without channels', wave([format(1, 0), data]), 'malformed'],
    ['with a short format', wave([chunk('fmt ', Buffer.alloc(8)), data]), 'malformed'],
    ['with two formats', wave([format(1), format(1, 2), data]), 'malformed'],
    ['with its samples before the format', wave([data, format(1)]), 'malformed'],
    ['with two chunks of samples', wave([format(1), data, data]), 'malformed'],
    ['with a list of samples', wave([format(1), chunk('wavl', loud)]), 'unknownForm'],
    ['without samples', wave([format(1)]), 'malformed'],
    ['of AVI', Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI '), data]), 'unknownForm'],
    ['that is cut off in its head', wave([format(1), data]).subarray(0, 30), 'malformed'],
    ['that ends before the passage', wave([format(1), data]).subarray(0, 2000), 'passageNotFound'],
    ['with another name', Buffer.from('\x1a\x45\xdf\xa3 of WebM', 'latin1'), 'unknownForm'],
  ])('%s is refused', (_name, given, problem) => {
    expect(problemOf(given, [passage])).toBe(problem);
  });

  it('is refused where the passage is before its start', () => {
    expect(problemOf(wave([format(1), data]), [{ from: -900, to: -100 }])).toBe('passageNotFound');
    expect(problemOf(wave([format(1), data]), [{ from: -900, to: 100 }])).toBeNull();
  });
});
