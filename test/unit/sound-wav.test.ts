import { WavMute } from '../../src/core/sound/wav';
import {
  chunk,
  oneByOne,
  refusal,
  run,
  wave,
  waveFormat,
  type FormatOptions,
} from '../helpers/sound-files';

/** A passage that has samples 100 to 500 of 1,000 a second, its margins included. */
const passage = { from: 300, to: 300 };
const [firstSilent, lastSilent] = [100, 500];
const loud = Buffer.alloc(1000, 0x55);
const format = (options: FormatOptions = {}): Buffer => chunk('fmt ', waveFormat(options));
const data = (length = loud.length): Buffer => chunk('data', loud, length);
const problem = (...chunks: Buffer[]): string | null =>
  refusal(() => run(new WavMute([passage]), wave(chunks)));

/** A file whose passage is silent in so many bytes, and no other byte is changed. */
function expectSilent(file: Buffer, from: number, to: number, silence = 0): void {
  const begin = file.indexOf('data') + 8;
  const wanted = Buffer.from(file);
  wanted.subarray(begin + from, begin + to).fill(silence);
  expect(wanted.equals(file)).toBe(false);
  for (const pieces of [[file], [file.subarray(0, 200), file.subarray(200)], oneByOne(file)]) {
    const { bytes } = run(new WavMute([passage]), ...pieces);
    expect(bytes.equals(wanted)).toBe(true);
  }
}

describe('silence in a WAV file', () => {
  it.each<[string, FormatOptions, number]>([
    ['8 bits', { bits: 8 }, 0x80],
    ['16 bits', { bits: 16 }, 0],
    ['24 bits', { bits: 24 }, 0],
    ['32 bits', { bits: 32 }, 0],
    ['floating point', { tag: 3, bits: 32 }, 0],
    ['double precision', { tag: 3, bits: 64 }, 0],
    ['A-law', { tag: 6, bits: 8 }, 0xd5],
    ['mu-law', { tag: 7, bits: 8 }, 0xff],
  ])('is what stands for no sound: %s', (_name, options, silence) => {
    for (const channels of [1, 2]) {
      const frame = ((options.bits ?? 0) / 8) * channels;
      const samples = chunk('data', Buffer.alloc(600 * frame, 0x55));
      const file = wave([format({ ...options, channels }), samples]);
      expectSilent(file, firstSilent * frame, lastSilent * frame, silence);
    }
  });

  it('is in each of several passages', () => {
    const file = wave([format({ bits: 8 }), data()]);
    const passages = [
      { from: 800, to: 800 },
      { from: -100, to: -50 },
    ];
    const begin = file.indexOf('data') + 8;
    const wanted = Buffer.from(file)
      .fill(0x80, begin, begin + 150)
      .fill(0x80, begin + 600, begin + 1000);
    expect(run(new WavMute(passages), file).bytes.equals(wanted)).toBe(true);
  });

  it('leaves bytes outside as they are, without a copy, and copies the others', () => {
    const file = wave([format({ bits: 8 }), data()]);
    const before = Buffer.from(file);
    const done = new WavMute([passage]).push(file);
    expect(file.equals(before)).toBe(true);
    expect(done.map(({ buffer }) => buffer === file.buffer)).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    const other = new WavMute([]).push(file);
    expect(other.map(({ buffer }) => buffer === file.buffer)).toEqual(Array(5).fill(true));
  });
});

describe('the chunks of a WAV file', () => {
  const hint = chunk('LIST', Buffer.from('INFOodd'));
  const large = (length: number): Buffer => {
    const fields = Buffer.alloc(28);
    fields.writeBigUInt64LE(12n, 0);
    fields.writeBigUInt64LE(BigInt(length), 8);
    return chunk('ds64', fields);
  };
  const unknown = 0xffff_ffff;
  const odd = Buffer.alloc(501, 0x55);
  const eight = format({ bits: 8 });
  const whole = chunk('data', odd);

  it.each<[string, Buffer]>([
    ['in front, between and behind', wave([hint, hint, eight, hint, hint, whole, hint])],
    ['of no bytes', wave([chunk('cue ', Buffer.alloc(0)), eight, whole])],
    [
      'behind samples of RF64',
      wave([large(501), eight, chunk('data', odd, unknown), hint], 'RF64'),
    ],
    [
      'behind samples of BW64',
      wave([large(501), eight, chunk('data', odd, unknown), hint], 'BW64'),
    ],
    ['of RF64 that say their length', wave([large(9), eight, whole, hint], 'RF64')],
    ['of RF64 without lengths', wave([eight, chunk('data', odd, unknown)], 'RF64')],
    [
      'named ds64 in a file that is not large',
      wave([chunk('ds64', odd.subarray(0, 4)), eight, whole]),
    ],
    ['named ds64 with a length, there', wave([large(9), eight, chunk('data', odd, unknown)])],
    ['cut off', wave([eight, whole]).subarray(0, 480)],
    ['followed by a part of one', Buffer.concat([wave([eight, whole]), Buffer.from('LIST\x01')])],
  ])('are passed on: %s', (_name, file) => {
    expectSilent(file, firstSilent, lastSilent, 0x80);
  });

  it('end with the samples where they say how long they are', () => {
    const file = wave([eight, chunk('data', odd.subarray(0, 301)), chunk('LIST', odd)]);
    expectSilent(file, firstSilent, 301, 0x80);
    expectSilent(
      wave(
        [large(301), eight, chunk('data', odd.subarray(0, 301), unknown), chunk('a', odd)],
        'RF64',
      ),
      ...([firstSilent, 301, 0x80] as const),
    );
  });

  it.each([500, 501])('end there in RF64, too, with their padding: %d bytes', (length) => {
    const samples = chunk('data', odd.subarray(0, length));
    samples.writeUInt32LE(unknown, 4);
    const ended = (...more: Buffer[]): string | null =>
      refusal(() => run(new WavMute([]), wave([large(length), eight, samples, ...more], 'RF64')));
    expect(ended(hint)).toBeNull();
    expect(ended(samples)).toBe('malformed');
  });

  it.each([
    ['is not known', unknown],
    ['was left at 0', 0],
  ])('are all that follow where the length of the samples %s', (_name, length) => {
    const file = wave([eight, chunk('data', odd.subarray(0, 200), length), chunk('LIST', odd)]);
    expectSilent(file, firstSilent, lastSilent, 0x80);
  });

  it('are handed on as soon as they are whole, and none that is empty', () => {
    const mute = new WavMute([passage]);
    const push = (bytes: Buffer): number[] => mute.push(bytes).map(({ length }) => length);
    const file = wave([]);
    expect(push(file.subarray(0, 11))).toEqual([]);
    expect(push(file.subarray(11))).toEqual([12]);
    expect(push(eight.subarray(0, 7))).toEqual([]);
    expect(push(eight.subarray(7, 8))).toEqual([8]);
    expect(push(eight.subarray(8, 23))).toEqual([]);
    expect(push(eight.subarray(23))).toEqual([16]);
    expect(push(hint)).toEqual([8, 8]);
    expect(push(whole.subarray(0, 20))).toEqual([8, 12]);
    expect(push(Buffer.alloc(0))).toEqual([]);
    expect(push(whole.subarray(20))).toEqual([489, 1]);
    expect(push(Buffer.from('cue'))).toEqual([]);
    expect(mute.end().rest.map((rest) => Buffer.from(rest))).toEqual([Buffer.from('cue')]);
  });

  it.each<[string, () => string | null, string | null]>([
    ['without samples', () => problem(eight), 'malformed'],
    ['without anything', () => problem(), 'malformed'],
    ['with samples before their format', () => problem(data(), eight), 'malformed'],
    ['with samples twice', () => problem(eight, data(), data()), 'malformed'],
    ['with a list of samples', () => problem(eight, chunk('wavl', loud), data()), 'unknownForm'],
    ['with two formats', () => problem(eight, eight, data()), 'malformed'],
    ['with a format behind the samples', () => problem(eight, data(), eight), 'malformed'],
    ['with lengths behind the samples', () => problem(eight, data(), large(1000)), 'malformed'],
    [
      'with a format of 64 KiB',
      () => problem(chunk('fmt ', waveFormat({ more: Buffer.alloc(65_520) })), data()),
      null,
    ],
    [
      'with a longer format',
      () => problem(chunk('fmt ', waveFormat({ more: Buffer.alloc(65_521) })), data()),
      'malformed',
    ],
    [
      'with other chunks that are longer',
      () => problem(chunk('LIST', Buffer.alloc(65_538)), eight, data()),
      null,
    ],
    [
      'of RF64 with the shortest lengths',
      () =>
        refusal(() =>
          run(new WavMute([]), wave([chunk('ds64', Buffer.alloc(16)), eight, data()], 'RF64')),
        ),
      null,
    ],
    [
      'of RF64 with too few lengths',
      () =>
        refusal(() =>
          run(new WavMute([]), wave([chunk('ds64', Buffer.alloc(15)), eight, data()], 'RF64')),
        ),
      'malformed',
    ],
    [
      'of another form of RIFF',
      () => refusal(() => run(new WavMute([]), Buffer.from('RIFF\0\0\0\0AVI LIST'))),
      'unknownForm',
    ],
    [
      'of big endian RIFF',
      () => refusal(() => run(new WavMute([]), wave([eight, data()], 'RIFX'))),
      'unknownForm',
    ],
    ['of nothing', () => refusal(() => run(new WavMute([]))), 'malformed'],
  ])('are taken or refused: a file %s', (_name, work, wanted) => {
    expect(work()).toBe(wanted);
  });
});

describe('the format of a WAV file', () => {
  const guid = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  /** WAVE_FORMAT_EXTENSIBLE: its length, valid bits and speakers, and a GUID that names the coding. */
  const extended = (tag: number, tail: readonly number[] = guid, bits = 16): FormatOptions => ({
    ...{ tag: 0xfffe, bits },
    more: Buffer.from([22, 0, bits, 0, 4, 0, 0, 0, tag, 0, ...tail]),
  });
  const problemOf = (options: FormatOptions): string | null => problem(format(options), data());

  it('has codings with so many bits, and no other', () => {
    const taken: string[] = [];
    for (let tag = 0; tag < 10; tag += 1)
      for (const bits of [1, 4, 8, 12, 16, 20, 24, 32, 48, 64]) {
        const refused = problemOf({ tag, bits });
        if (refused === null) taken.push(`${tag}: ${bits}`);
        else expect(refused).toBe('unknownForm');
      }
    const pcm = ['1: 8', '1: 16', '1: 24', '1: 32'];
    expect(taken).toEqual([...pcm, '3: 32', '3: 64', '6: 8', '7: 8']);
  });

  it.each<[string, FormatOptions, string | null]>([
    ['one sample a second', { hz: 1 }, null],
    ['no sample a second', { hz: 0 }, 'malformed'],
    ['no channel', { channels: 0 }, 'malformed'],
    ['nine channels', { channels: 9 }, null],
    ['frames that are too long', { channels: 2, frameBytes: 5 }, 'malformed'],
    ['frames of one channel alone', { channels: 2, frameBytes: 2 }, 'malformed'],
    ['an extension of nothing', { more: Buffer.alloc(2) }, null],
    ['a coding named by a GUID', extended(1), null],
    ['another coding named by a GUID', extended(3, guid, 32), null],
    ['a coding that is not known, named by a GUID', extended(2), 'unknownForm'],
    ['a GUID that is cut off', extended(1, guid.slice(0, -1)), 'malformed'],
    ['a GUID that is missing', { tag: 0xfffe }, 'malformed'],
  ])('is taken or refused: %s', (_name, options, wanted) => {
    expect(problemOf(options)).toBe(wanted);
  });

  it('is refused where any byte of the GUID is another', () => {
    for (let i = 0; i < guid.length; i += 1) {
      const other = guid.map((byte, at) => (at === i ? byte ^ 1 : byte));
      expect(problemOf(extended(1, other))).toBe('unknownForm');
    }
  });

  it('has sixteen bytes at least', () => {
    expect(problem(chunk('fmt ', waveFormat().subarray(0, 15)), data())).toBe('malformed');
    expect(problem(chunk('fmt ', waveFormat().subarray(0, 16)), data())).toBeNull();
  });

  it('is that of a coding named by a GUID', () => {
    expectSilent(wave([format(extended(7, guid, 8)), data()]), firstSilent, lastSilent, 0xff);
  });
});

describe('the length of a WAV file', () => {
  const durationMs = (options: FormatOptions, bytes: number): number =>
    run(new WavMute([]), wave([format(options), chunk('data', loud.subarray(0, bytes))]))
      .durationMs;

  it.each<[FormatOptions, number, number]>([
    [{ bits: 8 }, 1000, 1000],
    [{ bits: 8, hz: 8000 }, 1000, 125],
    [{ bits: 16, hz: 8000 }, 1000, 62.5],
    [{ bits: 16, channels: 2 }, 1000, 250],
    [{ bits: 24 }, 1000, 333],
    [{ bits: 24 }, 2, 0],
  ])('is that of its whole samples: %j, %d bytes', (options, bytes, wanted) => {
    expect(durationMs(options, bytes)).toBe(wanted);
  });
});
