import fc from 'fast-check';
import { RecordingMute } from '../../src/core/sound/mute';
import {
  heardTogether,
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

const passage = { from: 2000, to: 2750 };
const opus = (...more: string[]): string[] => ['-c:a', 'libopus', ...more];

const codings: Record<string, Omit<SoundOptions, 'ending'>> = {
  'telephone speech (SILK), 16 kbit/s': {
    ...{ sound: 'speech', rate: 8000, channels: 1 },
    coding: opus('-b:a', '16k', '-application', 'voip'),
  },
  'wide-band speech (SILK), frames of 60 ms': {
    ...{ sound: 'speech', rate: 16_000, channels: 1 },
    coding: opus('-b:a', '20k', '-application', 'voip', '-frame_duration', '60'),
  },
  'medium band, frames of 40 ms': {
    ...{ sound: 'speech', rate: 12_000, channels: 1 },
    coding: opus('-b:a', '14k', '-application', 'voip', '-frame_duration', '40'),
  },
  'SILK in stereo, frames of 10 ms': {
    ...{ sound: 'speech', rate: 16_000, channels: 2 },
    coding: opus('-b:a', '32k', '-application', 'voip', '-frame_duration', '10'),
  },
  'tones in SILK': {
    ...{ rate: 8000, channels: 1 },
    coding: opus('-b:a', '16k', '-application', 'voip'),
  },
  hybrid: {
    ...{ sound: 'speech', rate: 48_000, channels: 1 },
    coding: opus('-b:a', '32k', '-application', 'voip'),
  },
  'music (CELT), 96 kbit/s': { rate: 48_000, channels: 2, coding: opus('-b:a', '96k') },
  'CELT, frames of 2.5 ms': {
    ...{ rate: 48_000, channels: 1 },
    coding: opus('-b:a', '96k', '-application', 'lowdelay', '-frame_duration', '2.5'),
  },
  'CELT, frames of 5 ms': {
    ...{ rate: 48_000, channels: 2 },
    coding: opus('-b:a', '96k', '-application', 'lowdelay', '-frame_duration', '5'),
  },
  'CELT, frames of 10 ms': {
    ...{ sound: 'speech', rate: 48_000, channels: 2 },
    coding: opus('-b:a', '128k', '-application', 'lowdelay', '-frame_duration', '10'),
  },
  'packets of 120 ms': {
    ...{ sound: 'speech', rate: 48_000, channels: 2 },
    coding: opus('-b:a', '64k', '-frame_duration', '120'),
  },
  'constant bit rate': {
    ...{ sound: 'speech', rate: 48_000, channels: 1 },
    coding: opus('-b:a', '48k', '-vbr', 'off'),
  },
  'packets over several pages': {
    ...{ sound: 'speech', rate: 48_000, channels: 2 },
    coding: opus(
      '-b:a',
      '510k',
      '-vbr',
      'off',
      '-frame_duration',
      '60',
      '-page_duration',
      '5000000',
    ),
  },
};

const forms = Object.entries(codings).map(([name, coding]): [string, SoundOptions] => [
  name,
  { ...coding, seconds: 5, ending: 'ogg' },
]);
const overSeveralPages = new Map(forms).get('packets over several pages') as SoundOptions;

/** libopus, the reference; ffmpeg's own decoder is tried as well. */
const decoders = [['-c:a', 'libopus'], []];

describe('a passage of an Ogg Opus file', () => {
  beforeAll(() => recordTogether(forms.map(([, form]) => form)));

  for (const [name, form] of forms)
    itWithFfmpeg(`is silent, and what is beyond sounds as before: ${name}`, () => {
      const given = record(form);
      const changed = muted(given, [passage]);
      const perMs = 48 * form.channels;
      const all = decoders.flatMap((before) =>
        [given, changed].map((recording) => ({ recording, before })),
      );
      const samples = heardTogether(all, form.channels);
      expect(samples).toHaveLength(4);
      for (let i = 0; i < samples.length; i += 2) {
        const both = [samples[i], samples[i + 1]] as [Float32Array, Float32Array];
        expect(both[1]).toHaveLength(both[0].length);
        expect(peak(both[0], perMs, passage.from, passage.to)).toBeGreaterThan(0.1);
        const margins = [passage.from - 200, passage.to + 200] as const;
        expect(peak(both[1], perMs, ...margins)).toBeLessThan(silence);
        // A packet has up to 120 ms; before the first of them, nothing is changed.
        expect(likeness(both, perMs, 0, passage.from - 200 - 140)).toBe(Infinity);
        expect(likeness(both, perMs, passage.to + 400, 9999)).toBeGreaterThan(30);
      }
    });

  itWithFfmpeg('keeps pages, positions and packets before and behind', () => {
    const given = record(overSeveralPages);
    const changed = muted(given, [passage]);
    const pages = [given, changed].map(pagesOf);
    const [before = [], after = []] = pages;
    expect(after.map(({ position }) => position)).toEqual(before.map(({ position }) => position));
    // A packet of the passage began on one page and ended on the next.
    expect(before.some((page, i) => page.isContinued && !after[i]?.isContinued)).toBe(true);
    expect(after.map(({ number }) => number)).toEqual(before.map(({ number }) => number));
    const same = before.filter(({ bytes }, i) => after[i]?.bytes.equals(bytes));
    expect(same.length).toBeGreaterThan(3);
    expect(same.length).toBeLessThan(before.length);
  });

  itWithFfmpeg('is silent whichever way the file comes in pieces', () => {
    // Long enough for a page to end within the passage: each of its bytes may come by itself.
    const given = record({ ...overSeveralPages, seconds: 1.5 });
    const early = { from: 800, to: 1250 };
    const whole = muted(given, [early]);
    const pages = [given, whole].map(pagesOf);
    expect(pages[0]?.some((page, i) => page.isContinued && !pages[1]?.[i]?.isContinued)).toBe(true);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1 }), (lengths) => {
        const { bytes } = muteInPieces(new RecordingMute([early]), given, lengths);
        expect(bytes.equals(whole)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});

interface Page {
  bytes: Buffer;
  position: bigint;
  number: number;
  isContinued: boolean;
}

/** The pages of an Ogg file, as RFC 3533 lays them out. */
function pagesOf(file: Buffer): Page[] {
  const pages: Page[] = [];
  for (let at = 0; at < file.length;) {
    const segments = file[at + 26] ?? 0;
    const table = file.subarray(at + 27, at + 27 + segments);
    const length = 27 + segments + table.reduce((sum, one) => sum + one, 0);
    const bytes = file.subarray(at, at + length);
    pages.push({
      bytes,
      position: bytes.readBigInt64LE(6),
      number: bytes.readUInt32LE(18),
      isContinued: ((bytes[5] ?? 0) & 1) !== 0,
    });
    at += length;
  }
  return pages;
}

/** A page with another check sum: the one that it should have. */
function checked(page: Buffer): Buffer {
  const bytes = Buffer.from(page);
  bytes.writeUInt32LE(0, 22);
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  bytes.writeUInt32LE(crc >>> 0, 22);
  return bytes;
}

/** A page of one packet. */
function pageOf(packet: Buffer, flags: number, position: bigint, serial = 1): Buffer {
  const table = [...Array<number>(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
  const head = Buffer.alloc(27);
  head.write('OggS');
  head[5] = flags;
  head.writeBigInt64LE(position, 6);
  head.writeUInt32LE(serial, 14);
  head[26] = table.length;
  return checked(Buffer.concat([head, Buffer.from(table), packet]));
}

describe('an Ogg file', () => {
  const head = Buffer.from('OpusHead\x01\x01\x38\x01\x80\xbb\0\0\0\0\0', 'latin1');
  const tags = Buffer.from('OpusTags\0\0\0\0\0\0\0\0', 'latin1');
  const start = [pageOf(head, 2, 0n), pageOf(tags, 0, 0n)];
  /** A packet of so many frames of 20 ms of CELT. */
  const packet = (frames = 1): Buffer =>
    Buffer.from(frames === 1 ? [0xf8, 1, 2, 3] : [0xfb, frames, ...Array<number>(frames).fill(7)]);
  const at = (count: number): bigint => BigInt(count * 960);
  const short = { from: 30, to: 50 };
  const page = (count: number, flags = 0): Buffer => pageOf(packet(), flags, at(count));
  const changedHead = (place: number, value: number): Buffer => {
    const changed = Buffer.from(head);
    changed[place] = value;
    return pageOf(changed, 2, 0n);
  };
  const twoStreams = Buffer.concat([head, Buffer.from([2, 0, 0, 1])]);
  twoStreams[18] = 1;
  const oneStream = Buffer.concat([head, Buffer.from([1, 0, 0])]);
  oneStream[18] = 1;
  const broken = Buffer.from(page(2));
  broken[29] = 0x55;
  it.each<[string, Buffer[], string | null]>([
    ['of Opus is taken', [...start, page(1), page(2, 4)], null],
    [
      'of one stream in a family of channels is taken',
      [pageOf(oneStream, 2, 0n), ...start.slice(1), page(1), page(2)],
      null,
    ],
    ['that began before its recording is taken', [...start, page(11), page(12, 4)], null],
    [
      'whose positions leave out what is not heard at its start is taken',
      [...start, pageOf(packet(), 0, at(1) - 312n), pageOf(packet(), 4, at(2) - 312n)],
      null,
    ],
    [
      'with a position before its start is refused',
      [...start, pageOf(packet(), 0, at(1) - 313n), pageOf(packet(), 4, at(2) - 313n)],
      'malformed',
    ],
    [
      'whose last packet is not played to its end is taken',
      [...start, page(1), pageOf(packet(), 4, at(2) - 9n)],
      null,
    ],
    ['of Vorbis is refused', [pageOf(Buffer.from('\x01vorbis'.padEnd(30)), 2, 0n)], 'unknownForm'],
    ['of several Opus streams in a packet is refused', [pageOf(twoStreams, 2, 0n)], 'unknownForm'],
    ['of another version is refused', [changedHead(8, 16)], 'malformed'],
    [
      'with several streams at once is refused',
      [start[0] ?? head, pageOf(head, 2, 0n, 2)],
      'unknownForm',
    ],
    [
      'with pages of another stream is refused',
      [...start, pageOf(packet(), 0, at(1), 2)],
      'unknownForm',
    ],
    [
      'with a stream behind another is refused',
      [...start, page(1), page(2, 4), ...start],
      'unknownForm',
    ],
    ['with a gap is refused', [...start, page(1), page(3)], 'malformed'],
    ['with a position too early is refused', [...start, page(1), page(1)], 'malformed'],
    ['without positions is refused', [...start, pageOf(packet(), 0, -1n)], 'malformed'],
    ['with an empty packet is refused', [...start, pageOf(Buffer.alloc(0), 0, 0n)], 'malformed'],
    ['with too long a packet is refused', [...start, pageOf(packet(7), 0, at(7))], 'malformed'],
    [
      'with a packet without frames is refused',
      [...start, pageOf(Buffer.from([0xfb, 0]), 0, 0n)],
      'malformed',
    ],
    ['that goes on with a packet that never began is refused', [...start, page(1, 1)], 'malformed'],
    ['without tags is refused', [start[0] ?? head, page(1)], 'malformed'],
    ['with a wrong check sum is refused', [...start, page(1), broken], 'malformed'],
    ['that is cut off is refused', [...start, page(1), page(2).subarray(0, 29)], 'malformed'],
    [
      'that is cut off in a head is refused',
      [...start, page(1), page(2).subarray(0, 3)],
      'malformed',
    ],
    [
      'with rubbish between pages is refused',
      [...start, Buffer.from('rubbish'), page(1)],
      'malformed',
    ],
    ['that ends before the passage is refused', [...start, page(1)], 'passageNotFound'],
    ['of its head alone is refused', start.slice(0, 1), 'malformed'],
  ])('%s', (_name, pages, problem) => {
    expect(problemOf(Buffer.concat(pages), [short])).toBe(problem);
  });
});
