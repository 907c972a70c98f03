import { loudestChannel, PowerMeter } from '../../src/core/sound/energy';
import { chunk, oneByOne, refusal, wave, waveFormat } from '../helpers/sound-files';

/** A WAV file of 1,000 samples a second. */
const wav = (
  tag: number,
  bits: number,
  samples: Uint8Array | readonly number[],
  channels = 1,
): Buffer =>
  wave([
    chunk('fmt ', waveFormat({ tag, bits, channels })),
    chunk('data', Uint8Array.from(samples)),
  ]);

function power(pieces: readonly Uint8Array[], from = 0, to = 1000): number | null {
  const meter = new PowerMeter([{ from, to }]);
  for (const piece of pieces) meter.push(piece);
  return meter.end();
}

/** How far each code of mu-law is from silence, of 8,031 at most: ITU-T G.711, table 2a. */
const muLaw = (code: number): number => {
  const inverted = 0xff - (code | 0x80);
  const [segment, step] = [Math.floor(inverted / 16), inverted % 16];
  return 2 ** segment * (2 * step + 33) - 33;
};
/** How far each code of A-law is from silence, of 4,032 at most: ITU-T G.711, table 1a. */
const aLaw = (code: number): number => {
  const even = (code ^ 0x55) & 0x7f;
  const [segment, step] = [Math.floor(even / 16), even % 16];
  return segment === 0 ? 2 * step + 1 : 2 ** (segment - 1) * (2 * step + 33);
};

describe('the power of a sample', () => {
  it.each([
    ['no sound', 0xff, 0],
    ['no sound, negative', 0x7f, 0],
    ['the faintest', 0xfe, 2],
    ['the first of the second segment', 0xef, 33],
    ['the loudest', 0x80, 8031],
    ['the loudest, negative', 0x00, 8031],
  ])('is that of its code of mu-law: %s', (_name, code, size) => {
    expect(muLaw(code)).toBe(size);
    expect(power([wav(7, 8, [code])])).toBeCloseTo((size / 8192) ** 2, 9);
  });

  it.each([
    ['the faintest', 0xd5, 1],
    ['the faintest, negative', 0x55, 1],
    ['the last of the first segment', 0xda, 31],
    ['the first of the second segment', 0xc5, 33],
    ['the loudest', 0xaa, 4032],
    ['the loudest, negative', 0x2a, 4032],
  ])('is that of its code of A-law: %s', (_name, code, size) => {
    expect(aLaw(code)).toBe(size);
    expect(power([wav(6, 8, [code])])).toBeCloseTo((size / 4096) ** 2, 9);
  });

  it('is that of its code of G.711, for all codes', () => {
    for (let code = 0; code < 256; code += 1) {
      expect(power([wav(7, 8, [code])])).toBeCloseTo((muLaw(code) / 8192) ** 2, 9);
      expect(power([wav(6, 8, [code])])).toBeCloseTo((aLaw(code) / 4096) ** 2, 9);
    }
  });

  it.each<[bits: number, sample: number[], value: number]>([
    [8, [0], -1],
    [8, [128], 0],
    [8, [129], 1 / 128],
    [8, [64], -0.5],
    [16, [0, 0x80], -1],
    [16, [1, 0], 1 / 32_768],
    [16, [0, 0x20], 0.25],
    [16, [0xff, 0xff], -1 / 32_768],
    [24, [0, 0, 0x80], -1],
    [24, [0, 0, 0x20], 0.25],
    [24, [0, 0x80, 0], 1 / 256],
    [24, [0, 0x80, 0xff], -1 / 256],
    [32, [0, 0, 0, 0x80], -1],
    [32, [0, 0, 0, 0x20], 0.25],
    [32, [0, 0, 0xff, 0xff], -1 / 32_768],
  ])('is that of its number of %d bits: %j', (bits, sample, value) => {
    expect(power([wav(1, bits, sample)])).toBeCloseTo(value * value, 12);
  });

  it('is that of its number in floating point', () => {
    expect(power([wav(3, 32, new Uint8Array(Float32Array.of(0.25).buffer))])).toBe(0.0625);
    expect(power([wav(3, 64, new Uint8Array(Float64Array.of(-0.75).buffer))])).toBe(0.5625);
  });
});

describe('the power of passages', () => {
  /** Ten samples of 16 bits: n tenths of the greatest amplitude. */
  const numbers = (): Uint8Array =>
    new Uint8Array(Int16Array.from({ length: 10 }, (_, i) => Math.round(i * 3276.8)).buffer);

  it('is the mean of those samples alone', () => {
    const file = wav(1, 16, numbers());
    expect(power([file], 2, 4)).toBeCloseTo((0.04 + 0.09) / 2, 4);
    expect(power([file], 9, 10)).toBeCloseTo(0.81, 4);
    expect(power([file], -5, 2)).toBeCloseTo(0.01 / 2, 4);
    expect(power([file], -5, -1)).toBeNull();
    expect(power([file], 10, 99)).toBeNull();
    expect(power([file], 3, 3)).toBeNull();
  });

  it('is that of all passages, which may be in any order', () => {
    const meter = new PowerMeter([
      { from: 8, to: 9 },
      { from: 1, to: 2 },
    ]);
    meter.push(wav(1, 16, numbers()));
    expect(meter.end()).toBeCloseTo((0.64 + 0.01) / 2, 4);
  });

  it('is that of all channels', () => {
    expect(power([wav(1, 16, numbers(), 2)], 1, 2)).toBeCloseTo((0.04 + 0.09) / 2, 4);
  });

  it.each([2, 3, 5, 7, 11])('is the same when the file comes in pieces of %d bytes', (length) => {
    const noise = Uint8Array.from({ length: 240 }, (_, i) => (i * 97) % 251);
    for (const bits of [8, 16, 24, 32]) {
      const file = wav(1, bits, noise);
      const pieces = Array.from({ length: Math.ceil(file.length / length) }, (_, i) =>
        file.subarray(i * length, (i + 1) * length),
      );
      const whole = power([file], 7, 41);
      expect(whole).toBeGreaterThan(0.1);
      expect(power(pieces, 7, 41)).toBe(whole);
      expect(power(oneByOne(file), 7, 41)).toBe(whole);
    }
  });

  it('is not measured where a file has no samples or another form', () => {
    expect(refusal(() => power([wave([chunk('fmt ', waveFormat())])]))).toBe('malformed');
    expect(refusal(() => power([Buffer.from('OggS and what follows')]))).toBe('unknownForm');
  });
});

describe('the channel that is heard', () => {
  const loudest = (...powers: number[]): string | null =>
    loudestChannel(new Map(powers.map((one, i) => [`channel ${i}`, one])));

  it.each<[string, number[], string | null]>([
    ['is none of none', [], null],
    ['is none where there is one alone', [1], null],
    ['is the first when it is the loudest', [0.5, 0.01], 'channel 0'],
    ['is the last when it is the loudest', [0.01, 0.02, 0.5], 'channel 2'],
    ['is the one that is just ten times louder', [0.01, 0.1], 'channel 1'],
    ['is none where one is not quite ten times louder', [0.01, 0.0999], null],
    ['is the one that is just heard', [0, 1e-5], 'channel 1'],
    ['is none where nobody is heard', [0, 0.99e-5], null],
  ])('%s', (_name, powers, wanted) => {
    expect(loudest(...powers)).toBe(wanted);
  });
});
