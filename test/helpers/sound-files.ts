import { SoundError, type SoundMute } from '../../src/core/sound/sound';

/* Recordings of sound, written byte by byte as their standards say. */

/** Bytes of numbers, each with so many bits, the highest first; zeros fill the last byte. */
export function bits(...fields: readonly (readonly [value: number, count: number])[]): Buffer {
  const all = fields.map(([value, count]) => value.toString(2).padStart(count, '0')).join('');
  const bytes = all.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => parseInt(byte.padEnd(8, '0'), 2)));
}

/** A frame of MPEG audio layer III. */
export interface Mp3Options {
  /** The second byte: version, layer, and whether there is no check sum. */
  second?: number;
  /** The bit rate as the header names it. */
  rate?: number;
  /** The sample rate as the header names it. */
  hz?: number;
  padding?: 0 | 1;
  /** 3 is one channel. */
  mode?: number;
  /** Bytes before the frame's own main data at which its main data begins. */
  back?: number;
  /** Bits of main data of each granule of each channel. */
  lengths?: readonly number[];
  /** The byte that fills the main data. */
  fill?: number;
  /** The main data instead. */
  main?: Buffer;
}

const kilobits = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const kilobitsOfSecond = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** A frame of layer III: ISO/IEC 11172-3, section 2.4.1.7, and for MPEG 2 ISO/IEC 13818-3. */
export function mp3Frame({
  second = 0xfb,
  rate = 9,
  hz = 1,
  padding = 0,
  mode = 3,
  back = 0,
  lengths = [],
  fill = 0x55,
  main,
}: Mp3Options = {}): Buffer {
  const isFirst = (second & 0x18) === 0x18;
  const channels = mode === 3 ? 1 : 2;
  const header = [0xff, second, (rate << 4) | (hz << 2) | (padding << 1), mode << 6];
  const granules = Array.from({ length: (isFirst ? 2 : 1) * channels }, (_, i) => lengths[i] ?? 0);
  const [beginBits, privateBits, shared] = isFirst
    ? [9, channels === 1 ? 5 : 3, 4 * channels]
    : [8, channels, 0];
  const rest = isFirst ? 47 : 51;
  const side = bits(
    [back, beginBits],
    [2 ** privateBits - 1, privateBits],
    ...(shared > 0 ? [[2 ** shared - 1, shared] as const] : []),
    ...granules.flatMap((length) => [[length, 12] as const, [2 ** rest - 1, rest] as const]),
  );
  const divisor = isFirst ? 1 : (second & 0x10) === 0 ? 4 : 2;
  const samples = ([44_100, 48_000, 32_000][hz] ?? 0) / divisor;
  const kbits = (isFirst ? kilobits : kilobitsOfSecond)[rate] ?? 0;
  const length = Math.floor(((isFirst ? 144 : 72) * kbits * 1000) / samples) + padding;
  const sum = (second & 1) === 0 ? crc16([...header.slice(2), ...side]) : [];
  const before = Buffer.from([...header, ...sum, ...side]);
  const frame = Buffer.alloc(length, fill);
  frame.set(before.subarray(0, length));
  frame.set(main?.subarray(0, length - before.length) ?? [], before.length);
  return frame;
}

/** The check sum of a frame: ISO/IEC 11172-3, section 2.4.3.1, bit by bit. */
export function crc16(bytes: readonly number[]): number[] {
  let crc = 0xffff;
  for (const byte of bytes)
    for (let bit = 7; bit >= 0; bit -= 1) {
      const isSet = ((crc >> 15) ^ (byte >> bit)) & 1;
      crc = ((crc << 1) & 0xffff) ^ (isSet ? 0x8005 : 0);
    }
  return [crc >> 8, crc & 0xff];
}

/** A page of Ogg: RFC 3533, section 6. */
export interface PageOptions {
  flags?: number;
  position?: bigint;
  serial?: number;
  number?: number;
  version?: number;
  /** The table of segments; that of packets which end here, when it is not given. */
  table?: readonly number[];
}

/** A page with packets, and its check sum. */
export function oggPage(
  packets: readonly Uint8Array[],
  { flags = 0, position = 0n, serial = 1, number = 0, version = 0, table }: PageOptions = {},
): Buffer {
  const segments =
    table ??
    packets.flatMap(({ length }) => [
      ...Array<number>(Math.floor(length / 255)).fill(255),
      length % 255,
    ]);
  const head = Buffer.alloc(27);
  head.write('OggS');
  head[4] = version;
  head[5] = flags;
  head.writeBigInt64LE(position, 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(number, 18);
  head[26] = segments.length;
  const page = Buffer.concat([head, Buffer.from(segments), ...packets]);
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let i = 0; i < 8; i += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  page.writeUInt32LE(crc >>> 0, 22);
  return page;
}

/** A chunk of RIFF, padded to an even length. */
export function chunk(name: string, body: Uint8Array, length = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

/** A RIFF file of the form WAVE. */
export const wave = (chunks: readonly Uint8Array[], form = 'RIFF'): Buffer =>
  chunk(form, Buffer.concat([Buffer.from('WAVE'), ...chunks]));

/** How the samples of a WAV file are written. */
export interface FormatOptions {
  tag?: number;
  channels?: number;
  hz?: number;
  bits?: number;
  frameBytes?: number;
  more?: Uint8Array;
}

/** The fields of a format chunk. */
export function waveFormat({
  tag = 1,
  channels = 1,
  hz = 1000,
  bits: sampleBits = 16,
  frameBytes = (channels * sampleBits) / 8,
  more = Buffer.alloc(0),
}: FormatOptions = {}): Buffer {
  const fields = Buffer.alloc(16);
  fields.writeUInt16LE(tag, 0);
  fields.writeUInt16LE(channels, 2);
  fields.writeUInt32LE(hz, 4);
  fields.writeUInt32LE(hz * frameBytes, 8);
  fields.writeUInt16LE(frameBytes, 12);
  fields.writeUInt16LE(sampleBits, 14);
  return Buffer.concat([fields, more]);
}

/** What comes of a recording that is given to a mute in these pieces. */
export function run(
  mute: SoundMute,
  ...pieces: readonly Uint8Array[]
): { bytes: Buffer; durationMs: number } {
  const done = pieces.flatMap((piece) => mute.push(piece));
  const { rest, durationMs } = mute.end();
  return { bytes: Buffer.concat([...done, ...rest]), durationMs };
}

/** The bytes of a recording one by one. */
export const oneByOne = (bytes: Uint8Array): Uint8Array[] =>
  Array.from(bytes, (_, i) => bytes.subarray(i, i + 1));

/** Why something is refused; null when it is not. */
export function refusal(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof SoundError) return error.problem;
    throw error;
  }
}
