import fc from 'fast-check';
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
const lame = (...more: string[]): string[] => ['-c:a', 'libmp3lame', ...more];

const codings: Record<string, Omit<SoundOptions, 'ending'>> = {
  'joint stereo, 128 kbit/s': { rate: 44_100, channels: 2, coding: lame('-b:a', '128k') },
  'stereo apart, 192 kbit/s': {
    rate: 44_100,
    channels: 2,
    coding: lame('-b:a', '192k', '-joint_stereo', '0'),
  },
  'speech in mono, 48 kHz': {
    sound: 'speech',
    rate: 48_000,
    channels: 1,
    coding: lame('-b:a', '64k'),
  },
  'speech in stereo, VBR': {
    sound: 'speech',
    rate: 44_100,
    channels: 2,
    coding: lame('-q:a', '5'),
  },
  'the highest bit rate, 32 kHz': { rate: 32_000, channels: 2, coding: lame('-b:a', '320k') },
  'the lowest bit rate of MPEG 1': { rate: 32_000, channels: 1, coding: lame('-b:a', '32k') },
  'mean bit rate (ABR)': {
    sound: 'speech',
    rate: 44_100,
    channels: 2,
    coding: lame('-abr', '1', '-b:a', '96k'),
  },
  'MPEG 2, 24 kHz, stereo': { rate: 24_000, channels: 2, coding: lame('-b:a', '64k') },
  'MPEG 2, 22.05 kHz, VBR': {
    sound: 'speech',
    rate: 22_050,
    channels: 1,
    coding: lame('-q:a', '4'),
  },
  'MPEG 2, 16 kHz': { sound: 'speech', rate: 16_000, channels: 1, coding: lame('-b:a', '24k') },
  'MPEG 2.5, 11.025 kHz': { rate: 11_025, channels: 2, coding: lame('-b:a', '32k') },
  'MPEG 2.5, 8 kHz': { sound: 'speech', rate: 8000, channels: 1, coding: lame('-b:a', '16k') },
  'MPEG 2.5, 8 kHz, the lowest bit rate': { rate: 8000, channels: 1, coding: lame('-b:a', '8k') },
  'no table of contents': {
    rate: 44_100,
    channels: 2,
    coding: lame('-b:a', '128k', '-write_xing', '0'),
  },
  'no ID3, no bit reservoir': {
    rate: 44_100,
    channels: 1,
    coding: lame('-b:a', '96k', '-id3v2_version', '0', '-reservoir', '0'),
  },
  'ID3v1 and a long ID3v2': {
    rate: 44_100,
    channels: 1,
    coding: lame('-b:a', '64k', '-write_id3v1', '1', '-metadata', `title=${'long '.repeat(999)}`),
  },
  "another encoder's": {
    rate: 44_100,
    channels: 2,
    coding: ['-c:a', 'libshine', '-b:a', '128k', '-sample_fmt', 's16p'],
  },
};

const forms = Object.entries(codings).map(([name, coding]): [string, SoundOptions] => [
  name,
  { ...coding, ending: 'mp3' },
]);

/** Length of a frame in milliseconds. */
const frameMs = (rate: number): number => ((rate >= 32_000 ? 1152 : 576) * 1000) / rate;

describe('a passage of an MP3 file', () => {
  beforeAll(() => recordTogether(forms.map(([, form]) => form)));

  for (const [name, form] of forms)
    itWithFfmpeg(`is silent, and nothing two frames beyond is changed: ${name}`, () => {
      const given = record(form);
      const changed = muted(given, [passage]);
      expect(changed).toHaveLength(given.length);
      const [before, after] = beforeAndAfter([given, changed], form.channels);
      expect(after).toHaveLength(before.length);
      const perMs = (form.rate * form.channels) / 1000;
      expect(peak(before, perMs, passage.from, passage.to)).toBeGreaterThan(0.1);
      expect(peak(after, perMs, passage.from, passage.to)).toBeLessThan(silence);
      // The margin, which is shorter by up to 480 samples where frames are of one granule.
      const margin = 200 - (form.rate < 32_000 ? (480 * 1000) / form.rate : 0);
      expect(peak(after, perMs, passage.from - margin, passage.to + margin)).toBeLessThan(silence);
      const beyond = 200 + 2 * frameMs(form.rate);
      const same = (from: number, to: number): number => likeness([before, after], perMs, from, to);
      expect(same(0, passage.from - beyond)).toBe(Infinity);
      expect(same(passage.to + beyond, 10_000)).toBe(Infinity);
    });

  itWithFfmpeg('keeps nothing of what was said in the bytes of its frames', () => {
    const coding = lame('-b:a', '64k', '-reservoir', '0');
    const one = record({ rate: 44_100, channels: 1, coding, ending: 'mp3' });
    const before = Buffer.from(one);
    const erased = muted(one, [passage]);
    expect(one.equals(before)).toBe(true);
    const inside = erased.subarray(Math.round((1.6 / 4) * one.length)).subarray(0, 4000);
    const written = [...inside].filter((byte) => byte !== 0).length;
    // Headers, and where the main data begins.
    expect(written).toBeLessThan(inside.length * 0.04);
  });

  itWithFfmpeg('is silent whichever way the file comes in pieces', () => {
    const given = record({
      ...{ sound: 'speech', rate: 16_000, channels: 2, seconds: 3, ending: 'mp3' },
      coding: lame('-q:a', '6', '-metadata', 'title=a'),
    });
    const whole = muted(given, [passage]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }), (lengths) => {
        const { bytes } = muteInPieces(new RecordingMute([passage]), given, lengths);
        expect(bytes.equals(whole)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  itWithFfmpeg('is silent several times, at the start and at the end', () => {
    const given = record({
      ...{ rate: 44_100, channels: 1, ending: 'mp3' },
      coding: lame('-b:a', '64k'),
    });
    const passages = [
      { from: 3600, to: 4000 },
      { from: 0, to: 300 },
      { from: 1500, to: 1600 },
      { from: 1550, to: 1900 },
    ];
    const [before, after] = beforeAndAfter([given, muted(given, passages)], 1);
    for (const { from, to } of passages) expect(peak(after, 44.1, from, to)).toBeLessThan(silence);
    const same = likeness([before, after], 44.1, 600, 1200);
    expect(same).toBe(Infinity);
    expect(peak(after, 44.1, 2500, 3000)).toBeGreaterThan(0.1);
  });

  itWithFfmpeg('is silent where the file was cut and its first frames have lost their data', () => {
    const coding = lame('-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0');
    const given = record({ sound: 'speech', rate: 32_000, channels: 1, coding, ending: 'mp3' });
    const cut = given.subarray(288 * 10);
    const early = { from: 100, to: 700 };
    const [before, after] = beforeAndAfter([cut, muted(cut, [early])], 1);
    expect(peak(before, 32, 300, 700)).toBeGreaterThan(0.1);
    expect(peak(after, 32, 0, 900)).toBeLessThan(silence);
    expect(peak(after, 32, 1200, 3000)).toBeGreaterThan(0.1);
  });

  itWithFfmpeg('is silent behind a tag in the middle of the file', () => {
    const coding = lame('-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0');
    const given = record({ rate: 32_000, channels: 1, coding, ending: 'mp3' });
    const tag = Buffer.from('TAG'.padEnd(128));
    // Frames of 288 bytes, 36 ms each.
    const joined = Buffer.concat([given.subarray(0, 288 * 10), tag, given.subarray(288 * 10)]);
    const after = heard(muted(joined, [passage]), 1);
    expect(peak(after, 32, passage.from, passage.to)).toBeLessThan(silence);
    expect(peak(after, 32, 2700, 3500)).toBeGreaterThan(0.1);
  });

  itWithFfmpeg('has its check sums renewed', () => {
    const given = withCheckSums(
      record({
        ...{ rate: 44_100, channels: 1, ending: 'mp3' },
        coding: lame('-b:a', '320k', '-reservoir', '0', '-write_xing', '0', '-id3v2_version', '0'),
      }),
    );
    // With these flags ffmpeg refuses a frame whose check sum does not fit.
    const strict = ['-err_detect', 'crccheck+explode', '-xerror'];
    const [before, after] = beforeAndAfter([given, muted(given, [passage])], 1, strict);
    expect(after).toHaveLength(before.length);
    expect(peak(after, 44.1, passage.from, passage.to)).toBeLessThan(silence);
    expect(likeness([before, after], 44.1, 0, 1200)).toBe(Infinity);
    const broken = Buffer.from(given);
    broken[frameBytes * 20 + 4] = (broken[frameBytes * 20 + 4] ?? 0) ^ 1;
    expect(() => heard(broken, 1, strict)).toThrow();
  });
});

/** Bytes of a frame of 320 kbit/s at 44.1 kHz without padding. */
const frameBytes = 1044;

/** Frames of mono in MPEG 1 with check sums: two bytes at their ends, where nothing stands, make room. */
function withCheckSums(recording: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let at = 0; at < recording.length;) {
    const length = frameBytes + (((recording[at + 2] ?? 0) >> 1) & 1);
    const frame = Buffer.from(recording.subarray(at, at + length));
    at += length;
    // Padding goes, so that all frames have one length.
    frame[1] = (frame[1] ?? 0) & 0xfe;
    frame[2] = (frame[2] ?? 0) & 0xfd;
    const checked = Buffer.concat([frame.subarray(2, 4), frame.subarray(4, 21)]);
    let crc = 0xffff;
    for (const byte of checked)
      for (let bit = 7; bit >= 0; bit -= 1) {
        const isSet = ((crc >> 15) ^ (byte >> bit)) & 1;
        crc = ((crc << 1) & 0xffff) ^ (isSet ? 0x8005 : 0);
      }
    const sum = Buffer.from([crc >> 8, crc & 255]);
    const rest = frame.subarray(4, frameBytes - 2);
    frames.push(Buffer.concat([frame.subarray(0, 4), sum, rest]));
  }
  return Buffer.concat(frames);
}

describe('an MP3 file that is not as it should be', () => {
  const made = (): Buffer =>
    record({
      ...{ rate: 44_100, channels: 1, ending: 'mp3' },
      coding: lame('-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0', '-write_id3v1', '1'),
    });
  const with4 = (at: number, bytes: number[]) => (given: Buffer) => {
    given.set(bytes, at);
    return given;
  };
  const cases: [string, (given: Buffer) => Buffer, string | null][] = [
    ['is taken as it was made', (given) => given, null],
    ['of free format is refused', with4(2, [0x00]), 'unknownForm'],
    ['with a reserved sample rate is refused', with4(2, [0x5c]), 'malformed'],
    ['of layer II is refused', with4(1, [0xfd]), 'malformed'],
    ['with rubbish between its frames is refused', (given) => inserted(given, 208), 'malformed'],
    ['that ends within a passage is refused', (given) => given.subarray(0, 15_000), 'malformed'],
    ['that ends before a passage is refused', (given) => given.subarray(0, 208), 'passageNotFound'],
    ['of nothing is refused', () => Buffer.alloc(0), 'unknownForm'],
    ['of a few bytes is refused', () => Buffer.from([0xff, 0xfb]), 'unknownForm'],
    [
      'whose tag is cut off is refused',
      () => Buffer.from('ID3\x03\0\0\0\0\x7f\x7fabc'),
      'malformed',
    ],
  ];
  for (const [name, change, problem] of cases)
    itWithFfmpeg(name, () => {
      expect(problemOf(change(made()), [passage])).toBe(problem);
    });
});

const inserted = (given: Buffer, at: number): Buffer =>
  Buffer.concat([given.subarray(0, at), Buffer.from('rubbish'), given.subarray(at)]);
