import { ByteQueue, letters, view } from './bytes';
import { SoundError } from './sound';

/* Pages of Ogg: RFC 3533, section 6. */

const headBytes = 27;
/** Bytes of a full segment: a packet ends with a segment that has fewer. */
const segmentBytes = 255;
/** The position of a page on which no packet ends. */
export const noPosition = -1n;

/** A packet, or the part of one that is on a page. */
export interface PagePart {
  bytes: Uint8Array;
  /** Whether the packet begins and ends here. */
  begins: boolean;
  ends: boolean;
}

export interface OggPage {
  /** As it came. */
  bytes: Uint8Array;
  isFirst: boolean;
  isLast: boolean;
  /** Granule position, whose meaning is that of the codec. */
  position: bigint;
  serial: number;
  parts: PagePart[];
  /** Whether its parts are others than those that it came with. */
  isChanged: boolean;
}

/** CRC-32 with the polynomial 0x04c11db7, nothing reflected, from 0. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i += 1) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

/** The check sum of a page, whose own place in it counts as zeros. */
function checkSum(page: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < page.length; i += 1) {
    const byte = i >= 22 && i < 26 ? 0 : (page[i] ?? 0);
    crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0;
  }
  return crc;
}

function partsOf(table: Uint8Array, body: Uint8Array, isContinued: boolean): PagePart[] {
  const parts: PagePart[] = [];
  let begins = !isContinued;
  let from = 0;
  let at = 0;
  for (const length of table) {
    at += length;
    if (length === segmentBytes) continue;
    parts.push({ bytes: body.subarray(from, at), begins, ends: true });
    begins = true;
    from = at;
  }
  const isOpen = table.at(-1) === segmentBytes;
  if (isOpen) parts.push({ bytes: body.subarray(from, at), begins, ends: false });
  return parts;
}

/** Reads the pages of an Ogg file as it comes. */
export class OggReader {
  private readonly queue = new ByteQueue();

  push(chunk: Uint8Array): void {
    this.queue.push(chunk);
  }

  /** Bytes that are no whole page yet. */
  get length(): number {
    return this.queue.length;
  }

  /**
   * The next page; null when it is not whole yet.
   * @throws SoundError when what comes is no page, or its check sum does not fit
   */
  next(): OggPage | null {
    const head = this.queue.peek(headBytes);
    if (letters(head, 0, 4) !== 'OggS'.slice(0, head.length)) throw new SoundError('malformed');
    // Of a head or table that is not whole yet, the page is longer than what has come.
    const segments = head[26] ?? 0;
    const table = this.queue.peek(headBytes + segments).subarray(headBytes);
    const length = headBytes + segments + table.reduce((sum, one) => sum + one, 0);
    if (this.queue.length < length) return null;
    const bytes = this.queue.take(length);
    const fields = view(bytes);
    const isWhole = bytes[4] === 0 && fields.getUint32(22, true) === checkSum(bytes);
    if (!isWhole) throw new SoundError('malformed');
    const flags = bytes[5] ?? 0;
    return {
      bytes,
      isFirst: (flags & 2) !== 0,
      isLast: (flags & 4) !== 0,
      position: fields.getBigInt64(6, true),
      serial: fields.getUint32(14, true),
      parts: partsOf(table, bytes.subarray(headBytes + segments), (flags & 1) !== 0),
      isChanged: false,
    };
  }
}

/** The bytes of a page, with a new table of segments and check sum where its parts were changed. */
export function pageBytes(page: OggPage): Uint8Array {
  if (!page.isChanged) return page.bytes;
  const table = page.parts.flatMap(({ bytes, ends }) => [
    ...Array.from({ length: Math.floor(bytes.length / segmentBytes) }, () => segmentBytes),
    ...(ends ? [bytes.length % segmentBytes] : []),
  ]);
  const body = page.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const written = new Uint8Array(headBytes + table.length + body);
  written.set(page.bytes.subarray(0, headBytes));
  const isContinued = page.parts[0]?.begins === false;
  written[5] = ((written[5] ?? 0) & 6) | (isContinued ? 1 : 0);
  written[26] = table.length;
  written.set(table, headBytes);
  let at = headBytes + table.length;
  for (const { bytes } of page.parts) {
    written.set(bytes, at);
    at += bytes.length;
  }
  view(written).setUint32(22, checkSum(written), true);
  return written;
}
