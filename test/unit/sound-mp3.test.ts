import fc from 'fast-check';
import { Mp3Mute } from '../../src/core/sound/mp3';
import { mp3Frame, oneByOne, refusal, run, type Mp3Options } from '../helpers/sound-files';

/** Frames of MPEG 1 at 32 kHz, one channel: 1,152 samples, which are 36 ms. */
const first: Mp3Options = { second: 0xfb, hz: 2, rate: 9 };
/** Frames of MPEG 2 at 16 kHz, one channel: 576 samples, which are 36 ms. */
const second: Mp3Options = { second: 0xf3, hz: 2, rate: 8 };
const frameMs = 36;
const sideBytes = (options: Mp3Options): number =>
  options.second === second.second ? (options.mode === 0 ? 17 : 9) : options.mode === 0 ? 32 : 17;

const frames = (count: number, options: Mp3Options = first): Buffer[] =>
  Array.from({ length: count }, () => mp3Frame({ lengths: [100, 100, 100, 100], ...options }));
/** A passage that makes frames silent from one to another, that included. */
const ofFrames = (from: number, to: number, options = first): { from: number; to: number } => ({
  // 34 ms are more than the filter bank reaches back, and the granule before is heard, too.
  from: (options.second === second.second ? from + 1 : from) * frameMs + 34 + 200,
  to: (to + 1) * frameMs - 200,
});
/** A frame as it is when it has no sound: its main data has no bit, and none of it is left. */
const silent = (options: Mp3Options = first): Buffer => {
  const frame = mp3Frame({ ...options, lengths: [], fill: 0 });
  const side = 4 + ((options.second ?? 0) & 1 ? 0 : 2);
  frame.fill(0, side, side + sideBytes(options));
  return frame;
};
const mute = (passages: { from: number; to: number }[], ...parts: Uint8Array[]): Buffer =>
  run(new Mp3Mute(passages), Buffer.concat(parts)).bytes;
const everything = { from: 0, to: 9000 };

describe('a passage of an MP3 file', () => {
  /**
   * The granules that are heard in samples: those of their slots of 32 and of the fifteen slots before,
   * which the filter bank adds, and of each the granule before it, which overlaps.
   */
  function heardIn(from: number, to: number): number[] {
    const start = Math.floor(from / 32) - 15;
    const slots = Array.from(
      { length: Math.floor((to - 1) / 32) + 1 - start },
      (_, i) => start + i,
    );
    return slots.flatMap((slot) => [Math.floor(slot / 18) - 1, Math.floor(slot / 18)]);
  }
  /** Frames of a file that are changed. */
  function changed(given: Buffer[], passage: { from: number; to: number }): number[] {
    const bytes = mute([passage], ...given);
    const length = given[0]?.length ?? 0;
    return given.flatMap((frame, i) =>
      bytes.subarray(i * length, (i + 1) * length).equals(frame) ? [] : [i],
    );
  }

  it('empties the frames that are heard in it: MPEG 1', () => {
    const given = frames(24);
    for (let ms = 190; ms < 275; ms += 1)
      for (const length of [1, 40]) {
        const [from, to] = [Math.max(0, ms - 200) * 32, (ms + length + 200) * 32];
        const heard = heardIn(from, to).map((granule) => Math.floor(granule / 2));
        const wanted = [...new Set(heard)].filter((i) => i >= 0).toSorted((a, b) => a - b);
        expect(changed(given, { from: ms, to: ms + length })).toEqual(wanted);
      }
  });

  it('empties no frame that would change more than two frames around it: MPEG 2', () => {
    const given = frames(24, second);
    for (let ms = 190; ms < 275; ms += 1)
      for (const length of [1, 40]) {
        const [from, to] = [Math.max(0, ms - 200) * 16, (ms + length + 200) * 16];
        const heard = [...new Set(heardIn(from, to))].filter((frame) => {
          // Its own samples, those of the next one, and fifteen slots of the filter bank.
          const changes = [frame * 576, (frame + 2) * 576 + 480] as const;
          return frame >= 0 && changes[0] >= from - 2 * 576 && changes[1] <= to + 2 * 576;
        });
        const wanted = heard.toSorted((a, b) => a - b);
        expect(changed(given, { from: ms, to: ms + length })).toEqual(wanted);
      }
  });

  it.each<[string, Mp3Options]>([
    ['MPEG 1, one channel', first],
    ['MPEG 1, stereo', { ...first, mode: 0 }],
    ['MPEG 1, with check sums', { ...first, second: 0xfa }],
    ['MPEG 2, one channel', second],
    ['MPEG 2, stereo', { ...second, mode: 1 }],
  ])('leaves nothing in them but their headers: %s', (_name, options) => {
    const given = Buffer.concat(frames(5, options));
    const bytes = mute([everything], given);
    for (let i = 0; i < 5; i += 1) {
      const length = given.length / 5;
      const frame = Buffer.from(bytes.subarray(i * length, (i + 1) * length));
      expect([...frame.subarray(0, 4)]).toEqual([...given.subarray(0, 4)]);
      // The check sum that a frame may have is renewed.
      expect(frame.subarray(4, 6).some((byte) => byte !== 0)).toBe(options.second === 0xfa);
      expect(frame.subarray(6).every((byte) => byte === 0)).toBe(true);
    }
  });

  it('changes nothing that it is given', () => {
    const given = Buffer.concat(frames(5));
    const before = Buffer.from(given);
    expect(mute([everything], given).equals(before)).toBe(false);
    expect(given.equals(before)).toBe(true);
  });

  it('is one of several', () => {
    const given = frames(60);
    const bytes = mute([ofFrames(40, 52), ofFrames(10, 25)], ...given);
    const wanted = given.map((frame, i) =>
      (i >= 40 && i <= 52) || (i >= 10 && i <= 25) ? silent() : frame,
    );
    expect(bytes.equals(Buffer.concat(wanted))).toBe(true);
  });
});

describe('the main data of an MP3 file', () => {
  /** Where main data is: of each frame, from its bit to the one where that of the next begins. */
  interface Laid {
    options: Mp3Options;
    begin: number;
  }
  interface Wish {
    rate: number;
    padding: 0 | 1;
    gap: number;
    size: number;
  }
  /** Frames whose main data begins in earlier ones, as far as their wishes can be granted. */
  function laid(form: Mp3Options, wishes: readonly Wish[]): Laid[] {
    const mostBack = form.second === first.second ? 511 : 255;
    const parts = (form.second === first.second ? 2 : 1) * (form.mode === 0 ? 2 : 1);
    let written = 0;
    let free = 0;
    return wishes.map(({ rate, padding, gap, size }) => {
      const own = mp3Frame({ ...form, rate, padding }).length - 4 - sideBytes(form);
      const begin = Math.min(written, Math.max(free, written - mostBack) + gap);
      const room = Math.min((written + own - begin) * 8, size, 4095 * parts);
      const lengths = Array.from({ length: parts }, (_, i) =>
        Math.max(0, Math.min(4095, room - i * 4095)),
      );
      const back = written - begin;
      written += own;
      free = begin + Math.ceil(room / 8);
      return { options: { ...form, rate, padding, back, lengths, fill: 0xff }, begin: begin * 8 };
    });
  }
  /** The main data of all frames one after the other. */
  function mainData(bytes: Buffer, all: readonly Laid[]): Buffer {
    let at = 0;
    return Buffer.concat(
      all.map(({ options }) => {
        const { length } = mp3Frame(options);
        at += length;
        return bytes.subarray(at - length + 4 + sideBytes(options), at);
      }),
    );
  }
  const wishes = fc.array(
    fc.record({
      rate: fc.integer({ min: 1, max: 14 }),
      padding: fc.constantFrom<(0 | 1)[]>(0, 1),
      gap: fc.oneof(fc.constant(0), fc.nat(40), fc.nat(500)),
      size: fc.oneof(fc.nat(40), fc.nat(3000), fc.constant(99_999)),
    }),
    { minLength: 30, maxLength: 34 },
  );

  it.each<[string, Mp3Options]>([
    ['MPEG 1, one channel', first],
    ['MPEG 1, stereo', { ...first, mode: 0 }],
    ['MPEG 2, one channel', second],
    ['MPEG 2, stereo', { ...second, mode: 0 }],
  ])('is erased up to where that of a frame begins which is heard: %s', (_name, form) => {
    fc.assert(
      fc.property(wishes, fc.array(fc.integer({ min: 1, max: 900 })), (wished, lengths) => {
        const all = laid(form, wished);
        const given = Buffer.concat(all.map(({ options }) => mp3Frame(options)));
        const [from, to] = [8, 20];
        const pieces: Buffer[] = [];
        let at = 0;
        for (const length of [...lengths, given.length]) {
          pieces.push(given.subarray(at, at + length));
          at += length;
        }
        const { bytes } = run(new Mp3Mute([ofFrames(from, to, form)]), ...pieces);
        const after = mainData(bytes, all);
        const wanted = mainData(given, all);
        for (let i = from; i <= to; i += 1) {
          const [begin = 0, end = 0] = [all[i]?.begin, all[i + 1]?.begin];
          wanted.fill(0, begin / 8, end / 8);
        }
        expect(after.equals(wanted)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  /** Frames of 525 bytes of main data: `begin` and `length` of what a frame has, in bits. */
  const frame = (back: number, length: number, fill = 0xff): Buffer =>
    mp3Frame({
      ...first,
      rate: 10,
      back,
      lengths: [Math.min(length, 4095), Math.max(0, length - 4095)],
      fill,
    });
  const own = frame(0, 0).length - 21;
  const problem = (passage: { from: number; to: number }, ...given: Buffer[]): string | null =>
    refusal(() => mute([passage], ...given));
  const later = (count: number): Buffer[] => Array.from({ length: count }, () => frame(0, 8));

  it('is whole in the frames up to its own', () => {
    const ofSecond = ofFrames(1, 15);
    expect(problem(ofSecond, frame(0, 8), frame(0, own * 8), ...later(15))).toBeNull();
    expect(problem(ofSecond, frame(0, 8), frame(0, own * 8 + 1), ...later(15))).toBe('malformed');
    expect(problem(ofSecond, frame(0, 8), frame(5, own * 8 + 40), ...later(15))).toBeNull();
    expect(problem(ofSecond, frame(0, 8), frame(5, own * 8 + 41), ...later(15))).toBe('malformed');
    expect(problem(everything, frame(0, own * 8))).toBeNull();
    expect(problem(everything, frame(0, own * 8 + 1))).toBe('malformed');
  });

  it('is that of one frame alone in a passage, and where one ends', () => {
    const shared = [frame(0, own * 8), frame(1, 8)];
    const next = [frame(0, own * 8 - 8), frame(1, 8)];
    for (const passage of [ofFrames(1, 15), ofFrames(0, 12)]) {
      expect(problem(passage, ...shared, ...later(15))).toBe('malformed');
      expect(problem(passage, ...next, ...later(15))).toBeNull();
    }
    const heard = [...later(20), ...shared, ...later(2)];
    expect(problem(ofFrames(2, 15), ...heard)).toBeNull();
    // The frame that a passage ends before.
    expect(problem(ofFrames(2, 19), ...heard)).toBeNull();
    expect(problem(ofFrames(2, 20), ...heard)).toBe('malformed');
  });

  it('is that of the frame that reaches furthest, where frames that are heard overlap', () => {
    // The second frame has 123 bytes; its data lies within that of the first.
    const small = mp3Frame({ ...first, rate: 1, back: 100, lengths: [8] });
    const given = [frame(0, own * 8), small];
    expect(problem(ofFrames(2, 14), ...given, frame(123, 8), ...later(15))).toBeNull();
    expect(problem(ofFrames(2, 14), ...given, frame(124, 8), ...later(15))).toBe('malformed');
    expect(problem(ofFrames(3, 15), ...given, frame(124, 8), ...later(15))).toBeNull();
  });

  it('may be lost before the first frame of a file that was cut', () => {
    const tag = Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1');
    const given = [frame(300, 2400), ...later(3)];
    const wanted = mute([everything], ...given);
    expect(mute([everything], tag, ...given).equals(Buffer.concat([tag, wanted]))).toBe(true);
    expect(wanted.subarray(23, 21 + own).every((byte) => byte === 0)).toBe(true);
  });

  it('is handed on with its frame as soon as no later one can reach it', () => {
    // Main data of 364 and 147 bytes at 48 kHz: 511 together.
    const [big, small] = [mp3Frame({ rate: 9, padding: 1 }), mp3Frame({ rate: 4 })];
    expect([big.length - 21, small.length - 21]).toEqual([364, 147]);
    const exact = new Mp3Mute([]);
    expect(exact.push(small)).toEqual([]);
    expect(exact.push(big)).toEqual([]);
    expect(exact.push(small).map(({ length }) => length)).toEqual([small.length]);
    const short = new Mp3Mute([]);
    expect([small, small, big].flatMap((one) => short.push(one))).toEqual([small]);
    expect(short.push(small)).toEqual([small]);
    expect(short.end().rest.map(({ length }) => length)).toEqual([big.length, small.length, 0]);
  });
});

describe('what is between the frames of an MP3 file', () => {
  const id3 = (length: number, flags = 0): Buffer => {
    const size = [21, 14, 7, 0].map((shift) => (length >> shift) & 0x7f);
    const footer = (flags & 0x10) === 0 ? 0 : 10;
    return Buffer.from([
      ...Buffer.from('ID3\x04\0'),
      flags,
      ...size,
      ...Buffer.alloc(length + footer, 0xff),
    ]);
  };
  const ape = (length: number, flags: number): Buffer => {
    const tag = Buffer.alloc(32 + length, 0xff);
    tag.write('APETAGEX');
    tag.writeUInt32LE(length, 12);
    tag.writeUInt32LE(flags, 20);
    return tag;
  };
  const tags: [string, () => Buffer][] = [
    ['an ID3 tag', () => id3(300)],
    ['an ID3 tag of nothing', () => id3(0)],
    ['a long ID3 tag', () => id3(0x4321)],
    ['an ID3 tag with a footer', () => id3(130, 0x10)],
    ['an ID3 tag with other flags', () => id3(130, 0xe0)],
    ['an ID3v1 tag', () => Buffer.from('TAG'.padEnd(128, '\xff'), 'latin1')],
    ['an extended ID3v1 tag', () => Buffer.from('TAG+'.padEnd(227, '\xff'), 'latin1')],
    ['an APE tag with a header', () => ape(77, 0xa000_0000)],
    ['an APE tag of nothing', () => ape(0, 0x2000_0000)],
    [
      'the footer of an APE tag',
      () => {
        const footer = ape(0, 0x8000_0000);
        footer.writeUInt32LE(99, 12);
        return footer;
      },
    ],
    ['a zero', () => Buffer.alloc(1)],
    ['zeros', () => Buffer.alloc(900)],
    ['several tags', () => Buffer.concat([id3(5), ape(40, 0x2000_0000), Buffer.alloc(3), id3(1)])],
  ];

  it.each(tags)('stays where it is: %s', (_name, tag) => {
    const given = frames(4);
    const wanted = given.map(() => silent());
    for (const place of [0, 2, 4]) {
      const file = Buffer.concat(given.toSpliced(place, 0, tag()));
      for (const pieces of [[file], file.length < 9000 ? oneByOne(file) : [file]]) {
        const { bytes, durationMs } = run(new Mp3Mute([everything]), ...pieces);
        expect(bytes.equals(Buffer.concat(wanted.toSpliced(place, 0, tag())))).toBe(true);
        expect(durationMs).toBe(4 * frameMs);
      }
    }
  });

  it.each(tags.slice(0, 9))('is refused where its end is missing: %s', (_name, tag) => {
    for (const cut of [1, tag().length - 3]) {
      const file = Buffer.concat([...frames(2), tag().subarray(0, -cut)]);
      expect(refusal(() => mute([], file))).toBe('malformed');
    }
  });

  it.each(['rubbish', 'TAX', 'APETAGEY', 'ID4', '\xfe', '\xff\x10\0\0'])(
    'is refused where it is none of these: %j',
    (rubbish) => {
      const bytes = Buffer.from(rubbish.padEnd(40), 'latin1');
      expect(refusal(() => new Mp3Mute([]).push(Buffer.concat([...frames(2), bytes])))).toBe(
        'malformed',
      );
    },
  );

  it('ends the main data before it', () => {
    const tag = id3(3);
    const options = { ...first, fill: 0xff };
    const back = mp3Frame({ ...options, back: 10, lengths: [100] });
    const plain = mp3Frame({ ...options, lengths: [100] });
    const heard = Array.from({ length: 14 }, () => plain);
    const problem = (passage: { from: number; to: number }): string | null =>
      refusal(() => mute([passage], ...heard, tag, back, ...heard));
    // The first frame behind the tag is the fifteenth.
    expect(problem(ofFrames(1, 12))).toBeNull();
    expect(problem(ofFrames(1, 13))).toBe('malformed');
    expect(problem(ofFrames(14, 27))).toBe('malformed');
    expect(problem(ofFrames(15, 27))).toBeNull();
    const erased = mute([ofFrames(1, 13)], ...heard, tag, ...heard);
    const wanted = heard.map((one, i) => (i === 0 ? one : silent()));
    expect(erased.equals(Buffer.concat([...wanted, tag, ...heard]))).toBe(true);
  });

  it('comes behind the frames before it', () => {
    const mp3 = new Mp3Mute([]);
    const [frame = Buffer.alloc(0)] = frames(1);
    expect(mp3.push(Buffer.concat([frame, id3(2)]))).toEqual([frame, id3(2)]);
  });
});

describe('the first frame of an MP3 file', () => {
  /** What encoders write in it: a table, of which the flags name the fields, and their delay. */
  function table(name: string, flags: number, encoder: string, delay: number): Buffer {
    const head = Buffer.alloc(8);
    head.write(name);
    head.writeUInt32BE(flags, 4);
    const lengths = [4, 4, 100, 4].filter((_, i) => ((flags >> i) & 1) !== 0);
    const fields = Buffer.alloc(
      lengths.reduce((sum, one) => sum + one, 0),
      0x33,
    );
    const tag = Buffer.alloc(24);
    tag.write(encoder);
    tag.writeUInt16BE((delay << 4) | 0x7, 21);
    return Buffer.concat([head, fields, tag]);
  }
  const large: Mp3Options = { ...first, rate: 14, fill: 0 };
  /** Samples that are left out of a file of four frames that have sound. */
  function skipped(frame: Buffer, options: Mp3Options = first): number {
    const { durationMs } = run(new Mp3Mute([]), Buffer.concat([frame, ...frames(4, options)]));
    const samples = options.second === second.second ? 576 : 1152;
    return 4 * samples - (durationMs * samples) / frameMs;
  }

  it.each([
    ['Xing', 0, 'LAME3.100', 576, 1105],
    ['Info', 0, 'LAME3.100', 0, 529],
    ['Info', 1, 'Lavf', 1105, 1634],
    ['Info', 2, 'Lavc58.91', 4095, 4624],
    ['Xing', 4, 'LAME', 16, 545],
    ['Xing', 8, 'LAME', 15, 544],
    ['Info', 0x0f, 'Lavf', 1, 530],
    ['Info', 0x0a, 'LAME', 576, 1105],
    ['Info', 0x0f, 'GOGO', 576, 0],
    ['Info', 0x0f, '', 576, 0],
  ])(
    'has no sound where it has a table: %s, %d, %j, %d',
    (name, flags, encoder, delay, samples) => {
      const main = table(name, flags, encoder, delay);
      expect(skipped(mp3Frame({ ...large, main }))).toBeCloseTo(samples, 6);
      expect(skipped(mp3Frame({ ...large, mode: 0, main }), { ...first, mode: 0 })).toBeCloseTo(
        samples,
        6,
      );
      const wide = { ...second, rate: 14, fill: 0, main };
      expect(skipped(mp3Frame(wide), second)).toBeCloseTo(samples, 6);
    },
  );

  it('may have its table where it would be without a check sum', () => {
    const main = table('Info', 3, 'LAME', 576);
    const checked = { ...large, second: 0xfa };
    expect(skipped(mp3Frame({ ...checked, main }))).toBeCloseTo(1105, 6);
    const frame = mp3Frame(checked);
    frame.set(main, 21);
    expect(skipped(frame)).toBeCloseTo(1105, 6);
  });

  it('has no sound where VBRI stands at its place', () => {
    const frame = mp3Frame(large);
    frame.write('VBRI', 36);
    expect(skipped(frame)).toBe(0);
    // One frame more that has sound.
    const other = mp3Frame(large);
    other.write('VBRX', 36);
    expect(skipped(other)).toBe(-1152);
  });

  it('stays as it is, and the samples that are left out move the passage', () => {
    const start = mp3Frame({ ...large, main: table('Info', 0, 'LAME', 1152 - 529) });
    const given = frames(40);
    const bytes = mute([ofFrames(10, 25)], start, ...given);
    const wanted = given.map((frame, i) => (i >= 11 && i <= 26 ? silent() : frame));
    expect(bytes.equals(Buffer.concat([start, ...wanted]))).toBe(true);
    const whole = mute([everything], start, ...given);
    expect(whole.subarray(0, start.length).equals(start)).toBe(true);
  });

  it('has its table alone: another frame has sound, whatever stands there', () => {
    const frame = mp3Frame({ ...large, main: table('Info', 0, 'LAME', 576) });
    const file = Buffer.concat([...frames(1), frame, ...frames(1)]);
    expect(run(new Mp3Mute([]), file).durationMs).toBe(3 * frameMs);
  });

  it('says no delay where it is too short for one', () => {
    // 145 bytes, of which 141 are before the name of the encoder.
    const short = mp3Frame({
      ...first,
      rate: 1,
      padding: 1,
      fill: 0,
      main: table('Info', 15, 'LAME', 9),
    });
    expect(short).toHaveLength(145);
    expect(skipped(short)).toBe(0);
    // 25 bytes, of which 21 are before the table.
    const options: Mp3Options = { second: 0xf3, mode: 0, hz: 1 };
    const shortest = mp3Frame({ ...options, rate: 1, padding: 1, main: Buffer.from('Info') });
    expect(shortest).toHaveLength(25);
    const file = Buffer.concat([shortest, ...frames(4, { ...options, rate: 8 })]);
    expect(run(new Mp3Mute([]), file).durationMs).toBe(4 * 24);
  });
});

describe('an MP3 file', () => {
  it.each<[string, Mp3Options, number]>([
    ['MPEG 1, 32 kHz', first, 36],
    ['MPEG 1, 48 kHz, stereo', { hz: 1, mode: 0 }, 24],
    ['MPEG 2, 16 kHz', second, 36],
    ['MPEG 2.5, 8 kHz', { second: 0xe3, hz: 2, rate: 2 }, 72],
  ])('is as long as its frames: %s', (_name, options, ms) => {
    expect(run(new Mp3Mute([]), Buffer.concat(frames(7, options))).durationMs).toBe(7 * ms);
  });

  it.each<[string, Mp3Options, string | null]>([
    ['another bit rate', { ...first, rate: 5 }, null],
    ['a check sum', { ...first, second: 0xfa }, null],
    ['another sample rate', { ...first, hz: 1 }, 'malformed'],
    ['another version', second, 'malformed'],
    ['two channels', { ...first, mode: 0 }, 'malformed'],
  ])('has frames of one kind: one with %s', (_name, options, wanted) => {
    const given = [...frames(2), ...frames(1, options), ...frames(1)];
    expect(refusal(() => mute([everything], ...given))).toBe(wanted);
  });

  it('may end within a frame that is heard', () => {
    const given = Buffer.concat(frames(20));
    const cut = given.subarray(0, -1);
    const ended = (passage: { from: number; to: number }): string | null =>
      refusal(() => mute([passage], cut));
    expect(mute([], cut).equals(cut)).toBe(true);
    expect(ended(ofFrames(2, 18))).toBeNull();
    expect(ended(ofFrames(2, 19))).toBe('malformed');
    const length = given.length / 20;
    expect(refusal(() => mute([], given.subarray(0, length * 19 + 2)))).toBeNull();
    expect(refusal(() => mute([], given.subarray(0, length * 19 + 1)))).toBe('malformed');
  });

  it.each<[string, () => Buffer[]]>([
    ['nothing', () => []],
    ['a tag alone', () => [Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1')]],
    ['a part of one frame', () => [mp3Frame(first).subarray(0, -1)]],
    [
      'a header at its end that no frame has',
      () => [...frames(2), Buffer.from([0xff, 0xfd, 0x94, 0xc0])],
    ],
    ['a part of a tag', () => [...frames(2), Buffer.from('TA')]],
  ])('is refused when it has %s', (_name, parts) => {
    expect(refusal(() => mute([], ...parts()))).toBe('malformed');
  });

  it('is silent to its end', () => {
    const given = frames(20, { ...first, fill: 0xff });
    const wanted = given.map((frame, i) => (i < 4 ? frame : silent()));
    const bytes = mute([{ ...ofFrames(4, 4), to: 9000 }], ...given);
    expect(bytes.equals(Buffer.concat(wanted))).toBe(true);
    expect(run(new Mp3Mute([]), Buffer.concat(given)).durationMs).toBe(20 * frameMs);
  });
});
