import {
  beginsFrame,
  emptySide,
  granuleSamples,
  headerBytes,
  mainDataOf,
  readHeader,
  type FrameHeader,
} from '../../src/core/sound/mp3-frame';
import { crc16, mp3Frame, refusal, type Mp3Options } from '../helpers/sound-files';

const header = (second: number, third: number, fourth = 0xc0): FrameHeader =>
  readHeader(Uint8Array.of(0xff, second, third, fourth));
const third = (rate: number, hz: number, padding = 0): number =>
  (rate << 4) | (hz << 2) | (padding << 1);

/** The second byte of a frame of layer III without a check sum, by its version. */
const versions = { 'MPEG 1': 0xfb, 'MPEG 2': 0xf3, 'MPEG 2.5': 0xe3 };
type Version = keyof typeof versions;
/** The second byte and the mode of stereo. */
const stereo = { second: 0xfb, mode: 0 };

describe('the start of a frame', () => {
  it.each([
    [[0xff, 0xfb], true],
    [[0xff, 0xe0], true],
    [[0xff, 0xff], true],
    [[0xff, 0xdf], false],
    [[0xff, 0x7b], false],
    [[0xff, 0xc0], false],
    [[0xfe, 0xfb], false],
    [[0xff], false],
    [[], false],
  ])('has eleven bits that are set: %j', (bytes, begins) => {
    expect(beginsFrame(Uint8Array.from(bytes))).toBe(begins);
  });
});

describe('the header of a frame', () => {
  it.each<[Version, number[]]>([
    ['MPEG 1', [44_100, 48_000, 32_000]],
    ['MPEG 2', [22_050, 24_000, 16_000]],
    ['MPEG 2.5', [11_025, 12_000, 8000]],
  ])('says how many samples a second there are: %s', (version, rates) => {
    const read = rates.map((_, hz) => header(versions[version], third(1, hz)).samplesPerSecond);
    expect(read).toEqual(rates);
    expect(refusal(() => header(versions[version], third(1, 3)))).toBe('malformed');
  });

  it.each<[Version, number, number[]]>([
    [
      'MPEG 1',
      // 144,000 / 48,000 = 3 bytes for each kilobit per second.
      3,
      [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    ],
    ['MPEG 2', 3, [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]],
    ['MPEG 2.5', 6, [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]],
  ])('says how long the frame is by its bit rate: %s', (version, bytes, rates) => {
    for (const [i, rate] of rates.entries()) {
      expect(header(versions[version], third(i + 1, 1)).bytes).toBe(bytes * rate);
      expect(header(versions[version], third(i + 1, 1, 1)).bytes).toBe(bytes * rate + 1);
    }
  });

  it('counts whole bytes alone', () => {
    expect(header(0xfb, third(9, 0)).bytes).toBe(417);
    expect(header(0xf3, third(8, 0)).bytes).toBe(208);
    expect(header(0xe3, third(1, 0)).bytes).toBe(52);
  });

  it.each<[string, number, number, FrameHeader]>([
    ...(
      [
        ['MPEG 1, one channel', 0xfb, 0xc0, { granules: 2, channels: 1, main: 21 }],
        ['MPEG 1, stereo', 0xfb, 0x00, { granules: 2, channels: 2, main: 36 }],
        ['MPEG 1, joint stereo', 0xfb, 0x7f, { granules: 2, channels: 2, main: 36 }],
        ['MPEG 1, two channels', 0xfb, 0x80, { granules: 2, channels: 2, main: 36 }],
        ['MPEG 2, one channel', 0xf3, 0xff, { granules: 1, channels: 1, main: 13 }],
        ['MPEG 2, stereo', 0xf3, 0x40, { granules: 1, channels: 2, main: 21 }],
        ['MPEG 2.5, one channel', 0xe3, 0xc0, { granules: 1, channels: 1, main: 13 }],
        ['MPEG 2.5, stereo', 0xe3, 0x00, { granules: 1, channels: 2, main: 21 }],
      ] as const
    ).map(([name, second, fourth, fields]): [string, number, number, FrameHeader] => [
      name,
      second,
      fourth,
      {
        samplesPerSecond: second === 0xfb ? 48_000 : second === 0xf3 ? 24_000 : 12_000,
        hasCheckSum: false,
        side: 4,
        bytes: second === 0xfb ? 288 : second === 0xf3 ? 144 : 288,
        ...fields,
      },
    ]),
  ])('says what the frame consists of: %s', (_name, second, fourth, wanted) => {
    const rate = second === 0xfb ? 7 : 6;
    expect(header(second, third(rate, 1), fourth)).toEqual(wanted);
    // A check sum lies between header and side information.
    expect(header(second - 1, third(rate, 1), fourth)).toEqual({
      ...wanted,
      ...{ hasCheckSum: true, side: 6, main: wanted.main + 2 },
    });
  });

  it('has room for the side information of the shortest frame', () => {
    const shortest = header(0xf2, third(1, 1), 0);
    expect(shortest).toMatchObject({ bytes: 24, main: 23 });
  });

  it.each<[string, number[], string]>([
    ['of layer II', [0xff, 0xfd, 0x94, 0xc0], 'malformed'],
    ['of layer I', [0xff, 0xff, 0x94, 0xc0], 'malformed'],
    ['of the reserved layer', [0xff, 0xf9, 0x94, 0xc0], 'malformed'],
    ['of the reserved version', [0xff, 0xeb, 0x94, 0xc0], 'malformed'],
    ['of free format', [0xff, 0xfb, 0x04, 0xc0], 'unknownForm'],
    ['of free format, MPEG 2', [0xff, 0xf3, 0x04, 0xc0], 'unknownForm'],
    ['of the forbidden bit rate', [0xff, 0xfb, 0xf4, 0xc0], 'unknownForm'],
    ['of the forbidden bit rate, MPEG 2', [0xff, 0xf3, 0xf4, 0xc0], 'unknownForm'],
    ['that does not begin a frame', [0xff, 0x1b, 0x94, 0xc0], 'malformed'],
    ['that is missing', [], 'malformed'],
  ])('%s is refused', (_name, bytes, problem) => {
    expect(refusal(() => readHeader(Uint8Array.from(bytes)))).toBe(problem);
  });

  it('has four bytes, and a granule 576 samples', () => {
    expect([headerBytes, granuleSamples]).toEqual([4, 576]);
  });
});

describe('the main data of a frame', () => {
  const read = (options: Mp3Options): ReturnType<typeof mainDataOf> => {
    const frame = mp3Frame(options);
    return mainDataOf(frame, readHeader(frame));
  };

  it.each<[string, Mp3Options, { back: number; bits: number }]>([
    ['MPEG 1, one channel', { lengths: [1, 4094] }, { back: 0, bits: 4095 }],
    ['MPEG 1, one channel', { back: 511, lengths: [2048, 0] }, { back: 511, bits: 2048 }],
    ['MPEG 1, one channel', { back: 256, lengths: [0, 1365] }, { back: 256, bits: 1365 }],
    [
      'MPEG 1, stereo',
      { ...stereo, back: 341, lengths: [1, 20, 300, 4000] },
      { back: 341, bits: 4321 },
    ],
    [
      'MPEG 1, stereo',
      { ...stereo, back: 1, lengths: [4095, 4095, 4095, 4095] },
      { back: 1, bits: 16_380 },
    ],
    [
      'MPEG 1, stereo with a check sum',
      { second: 0xfa, mode: 1, back: 170, lengths: [8, 16, 32, 64] },
      { back: 170, bits: 120 },
    ],
    [
      'MPEG 2, one channel',
      { second: 0xf3, back: 255, lengths: [2730] },
      { back: 255, bits: 2730 },
    ],
    ['MPEG 2, one channel', { second: 0xf3, back: 85, lengths: [1365] }, { back: 85, bits: 1365 }],
    [
      'MPEG 2, stereo',
      { second: 0xf3, mode: 0, back: 128, lengths: [1000, 3000] },
      { back: 128, bits: 4000 },
    ],
    [
      'MPEG 2.5, stereo with a check sum',
      { second: 0xe2, mode: 0, back: 3, lengths: [7, 70] },
      { back: 3, bits: 77 },
    ],
  ])('is where the side information says: %s', (_name, options, wanted) => {
    expect(read(options)).toEqual(wanted);
  });
});

describe('a frame whose side information is emptied', () => {
  it.each<[string, Mp3Options, number[]]>([
    ['MPEG 1, one channel', {}, [0b1010_1010, 0b1000_0000]],
    ['MPEG 1, stereo', stereo, [0b1010_1010, 0b1000_0000]],
    ['MPEG 2, one channel', { second: 0xf3 }, [0b0101_0101, 0]],
    ['MPEG 2.5, stereo', { second: 0xe3, mode: 0 }, [0b0101_0101, 0]],
  ])('keeps where its main data begins, and nothing else: %s', (_name, options, kept) => {
    // Nine bits of 101010101, or eight of 01010101.
    const back = kept[1] === 0 ? 0x55 : 0x155;
    for (const isChecked of [false, true]) {
      const second = (options.second ?? 0xfb) - (isChecked ? 1 : 0);
      const given = mp3Frame({ ...options, second, back, lengths: [4095, 4095, 4095, 4095] });
      const read = readHeader(given);
      const frame = new Uint8Array(given);
      emptySide(frame, read);
      const side = [...kept, ...Array<number>(read.main - read.side - 2).fill(0)];
      expect([...frame.subarray(0, 4)]).toEqual([...given.subarray(0, 4)]);
      expect([...frame.subarray(read.side, read.main)]).toEqual(side);
      expect([...frame.subarray(read.main)]).toEqual([...given.subarray(read.main)]);
      if (isChecked)
        expect([...frame.subarray(4, 6)]).toEqual(crc16([...given.subarray(2, 4), ...side]));
      expect(mainDataOf(frame, read)).toEqual({ back, bits: 0 });
    }
  });

  it('has the check sum that the standard describes', () => {
    const given = mp3Frame({ second: 0xfa, back: 0 });
    const frame = new Uint8Array(given);
    emptySide(frame, readHeader(given));
    expect([...frame.subarray(4, 6)]).toEqual(crc16([0x94, 0xc0, ...Array<number>(17).fill(0)]));
    expect(crc16([...Buffer.from('123456789')])).toEqual([0xae, 0xe7]);
  });
});
