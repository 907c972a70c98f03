import { loudestChannel, PowerMeter } from '../../src/core/sound/energy';
import { SoundError } from '../../src/core/sound/sound';

/** A WAV file of 1,000 samples a second. */
function wav(tag: number, bits: number, samples: Buffer, channels = 1): Buffer {
  const fields = Buffer.alloc(24);
  fields.write('fmt ');
  fields.writeUInt32LE(16, 4);
  fields.writeUInt16LE(tag, 8);
  fields.writeUInt16LE(channels, 10);
  fields.writeUInt32LE(1000, 12);
  fields.writeUInt16LE((channels * bits) / 8, 20);
  fields.writeUInt16LE(bits, 22);
  const head = Buffer.alloc(8);
  head.write('data');
  head.writeUInt32LE(samples.length, 4);
  return Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), fields, head, samples]);
}

const repeated = (one: number[], count = 100): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => Buffer.from(one)));
const float = (value: number, bytes: 4 | 8): number[] => {
  const one = Buffer.alloc(bytes);
  if (bytes === 4) one.writeFloatLE(value);
  else one.writeDoubleLE(value);
  return [...one];
};

function power(file: Buffer, pieces: number, passages = [{ from: 0, to: 100 }]): number | null {
  const meter = new PowerMeter(passages);
  for (let at = 0; at < file.length; at += pieces) meter.push(file.subarray(at, at + pieces));
  return meter.end();
}

describe('the power of a channel', () => {
  /** Samples of half the greatest amplitude, in every coding: G.711 by the tables of the recommendation. */
  it.each<[string, number, number, number[]]>([
    ['8 bits', 1, 8, [192]],
    ['16 bits', 1, 16, [0, 0x40]],
    ['24 bits', 1, 24, [0, 0, 0xc0]],
    ['32 bits', 1, 32, [0, 0, 0, 0x40]],
    ['floating point', 3, 32, float(0.5, 4)],
    ['double precision', 3, 64, float(-0.5, 8)],
    ['mu-law', 7, 8, [0x8f]],
    ['A-law', 6, 8, [0xba]],
  ])('is that of its samples: %s', (_name, tag, bits, sample) => {
    for (const pieces of [7, 1000]) {
      const measured = power(wav(tag, bits, repeated(sample)), pieces) ?? 0;
      // G.711 has no code for one half: its codes are near it.
      expect(Math.abs(measured - 0.25)).toBeLessThan(bits === 8 && tag > 1 ? 0.012 : 1e-9);
    }
  });

  it('is that of the passages alone', () => {
    const file = wav(1, 8, Buffer.concat([repeated([128]), repeated([255]), repeated([128])]));
    expect(power(file, 999)).toBe(0);
    expect(power(file, 999, [{ from: 120, to: 180 }])).toBeGreaterThan(0.9);
    expect(power(file, 999, [{ from: 50, to: 150 }])).toBeCloseTo(0.49, 1);
    expect(power(file, 999, [{ from: 900, to: 950 }])).toBeNull();
  });

  it('is not measured in what is no WAV', () => {
    expect(() => power(Buffer.from('no file of sound at all'), 99)).toThrow(SoundError);
  });
});

describe('the loudest channel', () => {
  it.each<[string, [string, number][], string | null]>([
    [
      'is the one that is ten times louder',
      [
        ['0', 0.001],
        ['1', 0.01],
      ],
      '1',
    ],
    [
      'is none where both are nearly as loud',
      [
        ['0', 0.0011],
        ['1', 0.01],
      ],
      null,
    ],
    [
      'is none where nobody is heard',
      [
        ['0', 0],
        ['1', 9e-6],
      ],
      null,
    ],
    ['is none where there is one', [['0', 0.5]], null],
    [
      'is none of three where two are loud',
      [
        ['0', 0.5],
        ['1', 0.4],
        ['2', 0],
      ],
      null,
    ],
  ])('%s', (_name, powers, wanted) => {
    expect(loudestChannel(new Map(powers))).toBe(wanted);
  });
});
