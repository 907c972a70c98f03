import { SoundError } from './sound';

/*
 * Frames of MPEG audio layer III: ISO/IEC 11172-3 (MPEG 1), section 2.4.1 and 2.4.2, and ISO/IEC 13818-3
 * (MPEG 2, half the sample rates), section 2.4. MPEG 2.5, with a quarter of the rates, is in no standard; it
 * is written as MPEG 2.
 */

/** Kilobits per second by the index in the header, of layer III. */
const bitRates = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const sampleRates = [44_100, 48_000, 32_000] as const;

/** Bytes of a header, and of the check sum that may follow it. */
export const headerBytes = 4;
const checkSumBytes = 2;
/** Samples of a granule, of one channel. */
export const granuleSamples = 576;

export interface FrameHeader {
  samplesPerSecond: number;
  channels: 1 | 2;
  /** Of 576 samples each: two in MPEG 1, else one. */
  granules: 1 | 2;
  hasCheckSum: boolean;
  /** Of the whole frame. */
  bytes: number;
  /** Where the side information begins and ends in the frame; the main data follows. */
  side: number;
  main: number;
}

/** Whether bytes begin as a frame does. */
export const beginsFrame = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;

/**
 * Reads the header of a frame.
 * @throws SoundError when it is none of layer III, or does not say how long the frame is
 */
export function readHeader(bytes: Uint8Array): FrameHeader {
  const [, second = 0, third = 0, fourth = 0] = bytes;
  if (!beginsFrame(bytes)) throw new SoundError('malformed');
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  const rate = sampleRates[(third >> 2) & 3];
  const isFirst = version === 3;
  const bitRate = bitRates[isFirst ? 1 : 2][third >> 4] ?? 0;
  // Version 1 is reserved; layer 1 is III; a bit rate of 0 is free format, whose frames tell no length.
  if (version === 1 || layer !== 1 || rate === undefined) throw new SoundError('malformed');
  if (bitRate === 0) throw new SoundError('unknownForm');
  const samplesPerSecond = rate / (isFirst ? 1 : version === 2 ? 2 : 4);
  const channels = fourth >> 6 === 3 ? 1 : 2;
  const granules = isFirst ? 2 : 1;
  const bytesOfSamples = Math.floor((granules * 72 * bitRate * 1000) / samplesPerSecond);
  const hasCheckSum = (second & 1) === 0;
  const side = headerBytes + (hasCheckSum ? checkSumBytes : 0);
  const sideBytes = isFirst ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const length = bytesOfSamples + ((third >> 1) & 1);
  // The shortest frame has room for it: 24 bytes, at 8 kbit/s and 24 kHz.
  const main = side + sideBytes;
  return { samplesPerSecond, channels, granules, hasCheckSum, bytes: length, side, main };
}

/** A number of up to 16 bits, the first of them the highest. */
function bitsAt(bytes: Uint8Array, at: number, count: number): number {
  const first = at >> 3;
  const three =
    ((bytes[first] ?? 0) << 16) | ((bytes[first + 1] ?? 0) << 8) | (bytes[first + 2] ?? 0);
  return (three >> (24 - (at & 7) - count)) & ((1 << count) - 1);
}

/** Bits of `main_data_begin`, the first field of the side information. */
const beginBits = (header: FrameHeader): number => (header.granules === 2 ? 9 : 8);

/**
 * Where the main data of a frame is.
 * @returns how many bytes of main data before the frame's own it begins, and how many bits it has
 */
export function mainDataOf(frame: Uint8Array, header: FrameHeader): { back: number; bits: number } {
  const side = frame.subarray(header.side, header.main);
  const { granules, channels } = header;
  const isFirst = granules === 2;
  const privateBits = isFirst ? (channels === 1 ? 5 : 3) : channels;
  // MPEG 1 shares scale factors between its granules: four bits of a channel say which.
  const before = beginBits(header) + privateBits + (isFirst ? 4 * channels : 0);
  const granuleBits = isFirst ? 59 : 63;
  let bits = 0;
  for (let i = 0; i < granules * channels; i += 1)
    bits += bitsAt(side, before + i * granuleBits, 12);
  return { back: bitsAt(side, 0, beginBits(header)), bits };
}

/** CRC-16 of header and side information: ISO/IEC 11172-3, section 2.4.3.1. */
function checkSum(frame: Uint8Array, header: FrameHeader): number {
  let crc = 0xffff;
  const take = (byte: number): void => {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i += 1) crc = (crc & 0x8000 ? (crc << 1) ^ 0x8005 : crc << 1) & 0xffff;
  };
  frame.subarray(2, headerBytes).forEach(take);
  frame.subarray(header.side, header.main).forEach(take);
  return crc;
}

/**
 * Empties the side information of a frame, so that its granules have no spectrum, and renews its check sum.
 * Where its main data would begin stays: what later frames refer to must not be lost.
 */
export function emptySide(frame: Uint8Array, header: FrameHeader): void {
  const kept = beginBits(header);
  const second = header.side + 1;
  frame[second] = (frame[second] ?? 0) & (kept === 9 ? 0x80 : 0);
  frame.fill(0, header.side + 2, header.main);
  if (!header.hasCheckSum) return;
  const crc = checkSum(frame, header);
  frame[headerBytes] = crc >> 8;
  frame[headerBytes + 1] = crc & 0xff;
}
