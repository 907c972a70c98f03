import { OpusMute } from '../../src/core/sound/opus';
import { oggPage, oneByOne, refusal, run, type PageOptions } from '../helpers/sound-files';

/** The identification header: RFC 7845, section 5.1. */
function opusHead({ version = 1, skipped = 0, family = 0, more = [] as number[] } = {}): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head[8] = version;
  head[9] = 1;
  head.writeUInt16LE(skipped, 10);
  head.writeUInt32LE(48_000, 12);
  head[18] = family;
  return Buffer.concat([head, Buffer.from(more)]);
}
const tags = Buffer.from('OpusTags\0\0\0\0\0\0\0\0', 'latin1');
const start = (head = opusHead()): Buffer[] => [oggPage([head], { flags: 2 }), oggPage([tags])];
/** Flags of a page. */
const continued = 1;
const last = 4;

/** A packet of one frame: its configuration, and whether it is in stereo. */
const packet = (configuration: number, isStereo = false): Buffer =>
  Buffer.from([(configuration << 3) | (isStereo ? 4 : 0), 1, 2, 3]);
/** A frame of 20 ms of CELT at full band. */
const short = 31;
const samplesOfShort = 960;
const silentShort = Buffer.from([0xf8, 0xff, 0xfe]);
/** A long packet of 20 ms, which fills segments. */
const long = (length: number): Buffer => {
  const bytes = Buffer.alloc(length, 6);
  bytes[0] = 0xf8;
  return bytes;
};
const at = (packets: number, options: PageOptions = {}): PageOptions => ({
  ...options,
  position: BigInt(packets * samplesOfShort),
});

const everything = { from: 0, to: 1000 };
const nothing: never[] = [];
const mute = (...pages: Buffer[]): Buffer =>
  run(new OpusMute([everything]), Buffer.concat(pages)).bytes;
const problem = (...pages: Buffer[]): string | null => refusal(() => mute(...pages));
const durationMs = (...pages: Buffer[]): number =>
  run(new OpusMute(nothing), Buffer.concat(pages)).durationMs;

/** Milliseconds of the frames of each configuration: RFC 6716, table 2. */
const frames = [
  ...[10, 20, 40, 60].map((ms) => ({ ms, band: 'narrow', silk: true })),
  ...[10, 20, 40, 60].map((ms) => ({ ms, band: 'medium', silk: true })),
  ...[10, 20, 40, 60].map((ms) => ({ ms, band: 'wide', silk: true })),
  ...[10, 20].map((ms) => ({ ms, band: 'super-wide', silk: true })),
  ...[10, 20].map((ms) => ({ ms, band: 'full', silk: true })),
  ...['narrow', 'wide', 'super-wide', 'full'].flatMap((band) =>
    [2.5, 5, 10, 20].map((ms) => ({ ms, band, silk: false })),
  ),
];
/** The configuration of CELT by its band and the length of its frames. */
const celt = (wanted: string, wantedMs: number): number =>
  frames.findIndex(({ ms, band, silk }) => !silk && band === wanted && ms === wantedMs);

/** What a file of one packet becomes when it is silent, and how long it is. */
function silentOf(bytes: Buffer, samples: number): Buffer {
  const page = oggPage([bytes], { position: BigInt(samples), flags: last });
  const { bytes: done, durationMs: ms } = run(
    new OpusMute([everything]),
    Buffer.concat([...start(), page]),
  );
  expect(ms).toBe(samples / 48);
  const silent = done.subarray(Buffer.concat(start()).length);
  const made = silent.subarray(28);
  expect(silent.equals(oggPage([made], { position: BigInt(samples), flags: last }))).toBe(true);
  return made;
}
/** So many silent frames of CELT. */
function silentFrames(configuration: number, count: number, isStereo: boolean): Buffer {
  const head = (configuration << 3) | (isStereo ? 4 : 0);
  const silence = Array.from({ length: count }, () => [0xff, 0xfe]).flat();
  return Buffer.from(count === 1 ? [head, ...silence] : [head | 3, count, ...silence]);
}

describe('a silent packet', () => {
  it.each(frames.map((frame, configuration) => ({ ...frame, configuration })))(
    'is as long as the one of configuration $configuration, in a band of CELT: $band, $ms ms',
    ({ configuration, ms, band }) => {
      const heard = band === 'medium' ? 'wide' : band;
      const length = Math.min(ms, 20);
      for (const isStereo of [false, true]) {
        const wanted = silentFrames(celt(heard, length), ms / length, isStereo);
        expect(silentOf(packet(configuration, isStereo), ms * 48)).toEqual(wanted);
      }
    },
  );

  it.each([
    ['two of one length', [1, 7, 7], 2],
    ['two of two lengths', [2, 1, 7, 7], 2],
    ['one, by its number', [3, 1, 7], 1],
    ['six, by their number', [3, 6, 7, 7, 7, 7, 7, 7], 6],
    ['five of several lengths, with padding', [3, 5 | 0xc0, 1, 7], 5],
  ])('has as many frames as the one before: %s', (_name, [code = 0, ...rest], count) => {
    const bytes = Buffer.from([(short << 3) | code, ...rest]);
    expect(silentOf(bytes, count * 960)).toEqual(silentFrames(short, count, false));
  });

  it('has three frames for each of 60 ms', () => {
    expect(silentOf(Buffer.from([(3 << 3) | 1, 7, 7]), 5760)).toEqual(silentFrames(19, 6, false));
  });
});

describe('a packet of Opus', () => {
  it.each<[string, number[], string | null]>([
    ['of nothing', [], 'malformed'],
    ['without frames', [0xfb, 0], 'malformed'],
    ['without a number of frames', [0xfb], 'malformed'],
    ['of 120 ms', [0xfb, 6], null],
    ['of 140 ms', [0xfb, 7], 'malformed'],
    ['of 122.5 ms', [(28 << 3) | 3, 49], 'malformed'],
    ['of 120 ms in frames of 2.5 ms', [(28 << 3) | 3, 48], null],
  ])('%s: %s', (_name, bytes, wanted) => {
    expect(problem(...start(), oggPage([Buffer.from(bytes)], { position: 99_999n }))).toBe(wanted);
  });

  it.each(frames.map(({ ms }, configuration) => ({ configuration, ms })))(
    'has as many frames of $ms ms, of configuration $configuration, as last 120 ms, at most',
    ({ configuration, ms }) => {
      const withFrames = (count: number): string | null =>
        problem(
          ...start(),
          oggPage([Buffer.from([(configuration << 3) | 3, count])], { position: 99_999n }),
        );
      expect(withFrames(120 / ms)).toBeNull();
      expect(withFrames(120 / ms + 1)).toBe('malformed');
    },
  );
});

describe('the packets of a passage', () => {
  /** Numbers of the packets of 20 ms, from 0, that passages make silent in a file of a hundred. */
  function silentIn(passages: { from: number; to: number }[], skipped = 0): number[] {
    const pages = Array.from({ length: 100 }, (_, i) =>
      oggPage([packet(short)], at(i + 1, { number: i })),
    );
    const file = Buffer.concat([...start(opusHead({ skipped })), ...pages]);
    const { bytes } = run(new OpusMute(passages), file);
    const silent: number[] = [];
    let place = Buffer.concat(start()).length;
    for (const [i, page] of pages.entries()) {
      const isSilent = bytes[place + 27] === 3;
      const wanted = isSilent ? oggPage([silentShort], at(i + 1, { number: i })) : page;
      expect(bytes.subarray(place, place + wanted.length).equals(wanted)).toBe(true);
      if (isSilent) silent.push(i);
      place += wanted.length;
    }
    expect(place).toBe(bytes.length);
    return silent;
  }
  const numbers = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);

  it.each<[from: number, to: number, silent: number[]]>([
    // From 800 to 1,220 ms with its margins: a packet of 20 ms reaches 10 ms into what follows.
    [1000, 1020, numbers(39, 60)],
    [1010, 1020, numbers(40, 60)],
    [1009, 1021, numbers(39, 61)],
    [0, 20, numbers(0, 10)],
    [1790, 1800, numbers(79, 99)],
  ])('from %d to %d ms are silent, and those that reach into it', (from, to, silent) => {
    const measured = silentIn([{ from, to }]);
    expect(measured).toEqual(silent);
  });

  it('are counted from the first sample that is heard', () => {
    expect(silentIn([{ from: 1000, to: 1020 }], 1920)).toEqual(numbers(41, 62));
  });

  it('are those of each of several', () => {
    const passages = [
      { from: 1500, to: 1520 },
      { from: 500, to: 520 },
    ];
    expect(silentIn(passages)).toEqual([...numbers(14, 35), ...numbers(64, 85)]);
    expect(silentIn([])).toEqual([]);
  });

  it('are silent on a page with others, whose bytes stay', () => {
    const packets = Array.from({ length: 30 }, (_, i) => Buffer.from([0xf8, i, i]));
    const pages = (all: Buffer[]): Buffer =>
      Buffer.concat([...start(), oggPage(all, at(30, { flags: last }))]);
    const { bytes } = run(new OpusMute([{ from: 400, to: 410 }]), pages(packets));
    const wanted = packets.map((one, i) => (i < 9 ? one : silentShort));
    expect(bytes.equals(pages(wanted))).toBe(true);
  });
});

describe('a packet that goes over pages', () => {
  const first = (packets: Uint8Array[], options: PageOptions = {}): Buffer =>
    oggPage(packets, { position: -1n, ...options });

  it('is silent where it ends, and nothing of it stays before', () => {
    const whole = long(600);
    const given = [
      oggPage([packet(short), whole.subarray(0, 255)], { ...at(1), table: [4, 255] }),
      first([whole.subarray(255, 510)], { flags: continued, table: [255] }),
      oggPage([whole.subarray(510), packet(short)], at(3, { flags: continued | last })),
    ];
    const wanted = [
      oggPage([silentShort], at(1)),
      first([]),
      oggPage([silentShort, silentShort], at(3, { flags: last })),
    ];
    const file = Buffer.concat([...start(), ...given]);
    for (const pieces of [[file], oneByOne(file)]) {
      const { bytes, durationMs: ms } = run(new OpusMute([everything]), ...pieces);
      expect(bytes.equals(Buffer.concat([...start(), ...wanted]))).toBe(true);
      expect(ms).toBe(60);
    }
  });

  it('says in its first byte how long it is', () => {
    // 60 ms of SILK, whose second part looks like 20 ms of CELT.
    const whole = Buffer.alloc(300, 0xf8);
    whole[0] = 3 << 3;
    const given = [
      first([whole.subarray(0, 255)], { table: [255] }),
      oggPage([whole.subarray(255)], at(3, { flags: continued | last })),
    ];
    const wanted = [first([]), oggPage([silentFrames(19, 3, false)], at(3, { flags: last }))];
    expect(mute(...start(), ...given).equals(Buffer.concat([...start(), ...wanted]))).toBe(true);
  });

  it('stays as it is outside a passage, whatever of a page is silent', () => {
    const whole = long(600);
    const heard = Array.from({ length: 30 }, () => packet(short));
    const table = [...heard.map(({ length }) => length), 255];
    const given = [
      oggPage([...heard, whole.subarray(0, 255)], { ...at(30), table }),
      oggPage([whole.subarray(255)], at(31, { flags: continued | last })),
    ];
    const { bytes } = run(
      new OpusMute([{ from: -100, to: -90 }]),
      Buffer.concat([...start(), ...given]),
    );
    const silent = heard.map((one, i) => (i < 6 ? silentShort : one));
    const changed = oggPage([...silent, whole.subarray(0, 255)], {
      ...at(30),
      table: [...silent.map(({ length }) => length), 255],
    });
    expect(bytes.equals(Buffer.concat([...start(), changed, given[1] ?? changed]))).toBe(true);
  });

  it('is handed on when it is whole, and no page before', () => {
    const whole = long(400);
    const reader = new OpusMute(nothing);
    const begun = oggPage([packet(short), whole.subarray(0, 255)], { ...at(1), table: [4, 255] });
    const ended = oggPage([whole.subarray(255)], at(2, { flags: continued | last }));
    expect(reader.push(Buffer.concat(start()))).toHaveLength(2);
    expect(reader.push(begun)).toEqual([]);
    expect(reader.push(ended).map((page) => Buffer.from(page))).toEqual([begun, ended]);
    expect(reader.end()).toEqual({ rest: [], durationMs: 40 });
  });

  it('goes over three pages and the one on which it ends, at most', () => {
    const over = (pages: number): Buffer[] => [
      first([long(255)], { table: [255] }),
      ...Array.from({ length: pages - 1 }, () =>
        first([Buffer.alloc(255)], { flags: continued, table: [255] }),
      ),
      oggPage([Buffer.alloc(1)], at(1, { flags: continued })),
    ];
    expect(problem(...start(), ...over(3))).toBeNull();
    expect(problem(...start(), ...over(4))).toBe('malformed');
  });

  it('may be that of the tags', () => {
    const whole = Buffer.concat([tags, Buffer.alloc(400)]);
    const given = [
      ...start().slice(0, 1),
      first([whole.subarray(0, 255)], { table: [255] }),
      oggPage([whole.subarray(255)], { flags: continued }),
    ];
    const heard = oggPage([packet(short)], at(1));
    const silent = oggPage([silentShort], at(1));
    expect(mute(...given, heard).equals(Buffer.concat([...given, silent]))).toBe(true);
  });

  it.each<[string, () => Buffer[]]>([
    ['never ends', () => [first([long(255)], { table: [255], flags: last })]],
    [
      'is followed by one that begins',
      () => [first([long(255)], { table: [255] }), oggPage([packet(short)], at(1))],
    ],
    ['never began', () => [oggPage([packet(short)], at(1, { flags: continued }))]],
  ])('is refused when it %s', (_name, pages) => {
    expect(problem(...start(), ...pages())).toBe('malformed');
  });
});

describe('the headers of an Opus file', () => {
  const sound = (): Buffer => oggPage([packet(short)], at(1, { flags: last }));

  it.each<[string, Buffer, string | null]>([
    ['of version 1', opusHead(), null],
    ['of a later version that is compatible', opusHead({ version: 15 }), null],
    ['of a later version that is not', opusHead({ version: 16 }), 'malformed'],
    ['that is too short', opusHead().subarray(0, 18), 'malformed'],
    ['that is too short to say its version', opusHead().subarray(0, 8), 'malformed'],
    ['of one stream in a family of channels', opusHead({ family: 1, more: [1, 0, 0] }), null],
    ['of two streams', opusHead({ family: 1, more: [2, 0, 0, 1] }), 'unknownForm'],
    ['of another family without its table', opusHead({ family: 255 }), 'unknownForm'],
    ['of another codec', Buffer.from('\x01vorbis'.padEnd(30), 'latin1'), 'unknownForm'],
    ['of nothing', Buffer.alloc(0), 'unknownForm'],
  ])('are known: one %s', (_name, head, wanted) => {
    expect(problem(...start(head), sound())).toBe(wanted);
  });

  it('are two', () => {
    expect(problem()).toBe('malformed');
    expect(problem(...start().slice(0, 1))).toBe('malformed');
    expect(durationMs(...start())).toBe(0);
    expect(problem(...start().slice(0, 1), sound())).toBe('malformed');
  });
});

describe('the stream of an Opus file', () => {
  const sound = (options: PageOptions): Buffer => oggPage([packet(short)], options);

  it.each<[string, () => Buffer[], string | null]>([
    ['is taken whole', () => [...start(), sound(at(1)), sound(at(2, { flags: last }))], null],
    ['is taken without a last page', () => [...start(), sound(at(1))], null],
    [
      'is refused when it does not begin with a first page',
      () => [oggPage([opusHead()]), oggPage([tags])],
      'unknownForm',
    ],
    [
      'is refused with a second first page',
      () => [...start(), sound(at(1, { flags: 2 }))],
      'unknownForm',
    ],
    [
      'is refused with pages of another',
      () => [...start(), sound(at(1, { serial: 2 }))],
      'unknownForm',
    ],
    [
      'is refused with a page behind its last',
      () => [...start(), sound(at(1, { flags: last })), sound(at(2))],
      'unknownForm',
    ],
    [
      'is refused when its last page is cut off',
      () => [...start(), sound(at(1)), sound(at(2)).subarray(0, 30)],
      'malformed',
    ],
  ])('%s', (_name, pages, wanted) => {
    expect(problem(...pages())).toBe(wanted);
  });
});

describe('the positions of an Opus file', () => {
  /** Pages of one packet at these positions; the last of them is the last page. */
  const placed = (positions: number[], skipped = 312, flags = last): Buffer[] => [
    ...start(opusHead({ skipped })),
    ...positions.map((position, i) =>
      oggPage([packet(short)], {
        position: BigInt(position),
        flags: i === positions.length - 1 ? flags : 0,
      }),
    ),
  ];

  it.each<[string, number[], number]>([
    ['from the start', [960, 1920], 1920 - 312],
    ['after its start, by any number of samples', [10_960, 11_920], 1920 - 312],
    ['with what is not heard left out', [648, 1608], 1920 - 312],
    ['to a sample before the end of its last packet', [960, 1910], 1910 - 312],
    ['to the start of its last packet', [960, 960], 960 - 312],
    ['in one page', [960], 648],
    ['in one page, to a sample before its end', [900], 588],
    ['in one page that began later', [2000], 648],
    ['of less than what is not heard', [300], 0],
  ])('say how long it is: %s', (_name, positions, samples) => {
    expect(durationMs(...placed(positions))).toBe(samples / 48);
  });

  it.each<[string, number[]]>([
    ['with a gap', [960, 1921, 2881]],
    ['too early', [960, 1919, 2879]],
    ['with a gap before the last page', [960, 1921]],
    ['before what is not heard', [647, 1607]],
    ['with a page that has none', [960, -1, 2880]],
    ['with a last page that has none', [960, -1]],
  ])('are refused %s', (_name, positions) => {
    expect(problem(...placed(positions))).toBe('malformed');
  });

  it('are less than those of its packets on its last page alone', () => {
    expect(problem(...placed([960, 1910], 312, 0))).toBe('malformed');
  });

  it('are those of pages on which a packet ends', () => {
    const whole = long(300);
    const pages = [
      oggPage([whole.subarray(0, 255)], { position: -1n, table: [255] }),
      oggPage([whole.subarray(255)], at(1, { flags: continued })),
      oggPage([], { position: -1n }),
      oggPage([packet(short)], at(2, { flags: last })),
    ];
    expect(durationMs(...start(), ...pages)).toBe(40);
  });
});
