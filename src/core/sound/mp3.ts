import { ByteQueue, letters, view } from './bytes';
import {
  beginsFrame,
  emptySide,
  granuleSamples,
  headerBytes,
  mainDataOf,
  readHeader,
  type FrameHeader,
} from './mp3-frame';
import { samplesOf, SoundError, Stretches, type Passage, type SoundMute } from './sound';

/** Most bytes that the main data of a frame may begin before it: nine bits of `main_data_begin`. */
const mostBack = 511;
/** Samples of the decoder's filter bank that reach from one granule into the next, in slots of 32. */
const filterSlots = 15;
const slotSamples = 32;
/** Samples by which a decoder delays (LAME's `lame.h`, and every player that reads its delay). */
const decoderDelay = 529;

/** A frame that is not written yet. */
interface HeldFrame {
  bytes: Uint8Array;
  header: FrameHeader;
  /** Bytes of main data in the frames before it. */
  before: number;
}

const mainLength = ({ bytes, header }: HeldFrame): number => bytes.length - header.main;

/** What is known of a stream from its first frame: all others must be as it is. */
interface StreamShape extends Pick<FrameHeader, 'samplesPerSecond' | 'channels' | 'granules'> {
  /** The samples that are to be silent. */
  silent: Stretches;
}

/**
 * Makes passages of an MP3 file silent, without encoding anything anew: the frames of a passage keep their
 * headers, get empty side information, and their main data is erased. Main data of a frame may begin in
 * earlier frames; that of frames outside the passage stays where it is, byte by byte.
 */
export class Mp3Mute implements SoundMute {
  private readonly queue = new ByteQueue();
  /** Bytes of a tag that are to be passed on. */
  private passing = 0;
  private readonly held: HeldFrame[] = [];
  private shape: StreamShape | null = null;
  /** Frames that have sound. */
  private count = 0;
  /** Bytes of main data so far, and how many of them there are up to the end of that of the last frame. */
  private written = 0;
  private mainEnd = -Infinity;
  private isLastSilent = false;
  /** Samples that a player leaves out at the start, by the tag of the encoder. */
  private skipped = 0;

  constructor(private readonly passages: readonly Passage[]) {}

  push(chunk: Uint8Array): Uint8Array[] {
    this.queue.push(chunk);
    const done: Uint8Array[] = [];
    while (this.queue.length > 0) {
      const bytes = this.passing > 0 ? this.pass() : this.next();
      if (bytes === null) break;
      done.push(...bytes);
    }
    return done;
  }

  end(): ReturnType<SoundMute['end']> {
    const { shape } = this;
    if (shape === null || this.passing > 0) throw new SoundError('malformed');
    const rest = this.queue.take(this.queue.length);
    // A frame that is cut off: nobody can tell what a player makes of it.
    if (rest.length > 0 && (!beginsFrame(rest) || this.isSilent(shape)))
      throw new SoundError('malformed');
    if (this.isLastSilent) this.erase(this.mainEnd, this.written);
    const done = this.held.splice(0).map(({ bytes }) => bytes);
    const samples = this.count * shape.granules * granuleSamples - this.skipped;
    return { rest: [...done, rest], durationMs: (samples * 1000) / shape.samplesPerSecond };
  }

  /** Bytes of a tag, after all frames before it. */
  private pass(): Uint8Array[] {
    const bytes = this.queue.take(this.passing);
    this.passing -= bytes.length;
    return [bytes];
  }

  /** What is between two frames, or the next frame; null when more bytes have to come first. */
  private next(): Uint8Array[] | null {
    const head = this.queue.peek(32);
    if (head[0] === 0) {
      // Padding, which has no sound.
      const zeros = this.queue.peek(this.queue.length);
      const count = zeros.findIndex((byte) => byte !== 0);
      return this.between(count < 0 ? zeros.length : count);
    }
    if (head.length < headerBytes) return null;
    if (beginsFrame(head)) return this.frame();
    const tag = tagLength(head);
    return tag === null ? null : this.between(tag);
  }

  /** Passes bytes on that belong to no frame; what is held comes before them. */
  private between(count: number): Uint8Array[] {
    this.passing = count;
    if (this.held.length === 0) return [];
    // Frames behind a tag would refer to main data before it, which has to be finished here.
    if (this.isLastSilent) this.erase(this.mainEnd, this.written);
    this.mainEnd = Math.max(this.mainEnd, this.written);
    return this.held.splice(0).map(({ bytes }) => bytes);
  }

  private frame(): Uint8Array[] | null {
    const header = readHeader(this.queue.peek(headerBytes));
    if (this.queue.length < header.bytes) return null;
    const bytes = this.queue.take(header.bytes);
    if (this.shape === null) {
      this.shape = this.shapeOf(bytes, header);
      // The frame that holds a table of contents has no sound.
      if (hasTable(bytes, header)) return [bytes];
    }
    const { samplesPerSecond, channels } = this.shape;
    // The versions of MPEG have no sample rate in common, so that the granules are the same, too.
    const isSame = header.samplesPerSecond === samplesPerSecond && header.channels === channels;
    if (!isSame) throw new SoundError('malformed');
    this.add(new Uint8Array(bytes), header, this.isSilent(this.shape));
    return this.release();
  }

  private shapeOf(bytes: Uint8Array, header: FrameHeader): StreamShape {
    this.skipped = delayOf(bytes, header);
    const { granules, samplesPerSecond, channels } = header;
    const stretches = samplesOf(this.passages, samplesPerSecond).map(({ from, to }) =>
      silentFrames({ from: from + this.skipped, to: to + this.skipped }, granules),
    );
    return { samplesPerSecond, channels, granules, silent: new Stretches(stretches) };
  }

  private isSilent({ silent }: StreamShape): boolean {
    return silent.within(this.count, this.count + 1).length > 0;
  }

  private add(bytes: Uint8Array, header: FrameHeader, isSilent: boolean): void {
    const { back, bits } = mainDataOf(bytes, header);
    const frame = { bytes, header, before: this.written };
    this.held.push(frame);
    this.written += mainLength(frame);
    // It begins with a byte; what is left of its last byte is of no frame.
    const begin = frame.before - back;
    const end = begin + Math.ceil(bits / 8);
    if (isSilent || this.isLastSilent) {
      // Main data of two frames in one place: to erase that of one would destroy the other.
      if (begin < this.mainEnd || end > this.written) throw new SoundError('malformed');
    }
    // What lies between the main data of two frames is of the first.
    if (this.isLastSilent) this.erase(this.mainEnd, begin);
    if (isSilent) {
      this.erase(begin, end);
      this.erase(end, this.written - mostBack);
      emptySide(bytes, header);
    }
    this.mainEnd = Math.max(end, this.mainEnd);
    this.isLastSilent = isSilent;
    this.count += 1;
  }

  /** Frames that the main data of later ones cannot reach any more. */
  private release(): Uint8Array[] {
    const reach = this.written - mostBack;
    const count = this.held.findIndex((frame) => frame.before + mainLength(frame) > reach);
    return this.held.splice(0, count).map(({ bytes }) => bytes);
  }

  /** Erases bytes of the main data of all frames that are held. */
  private erase(from: number, to: number): void {
    for (const { bytes, header, before } of this.held)
      bytes.subarray(header.main).fill(0, Math.max(0, from - before), Math.max(0, to - before));
  }
}

/**
 * The frames that are emptied so that samples are silent. A decoder adds half of a granule to the next one,
 * and its filter bank reaches over fifteen slots (ISO/IEC 11172-3, section 2.4.3.4, and figure A.2). In
 * MPEG 2 no frame is emptied that would change more than the two frames before and behind: the margin of a
 * passage is shorter by at most 480 samples then.
 */
function silentFrames(
  { from, to }: { from: number; to: number },
  granules: 1 | 2,
): { from: number; to: number } {
  const slot = Math.floor(from / slotSamples) - filterSlots;
  const first = Math.floor(slot / (granuleSamples / slotSamples)) - 1;
  const last = Math.floor((to - 1) / granuleSamples);
  if (granules === 2)
    return { from: Math.max(0, Math.floor(first / 2)), to: Math.floor(last / 2) + 1 };
  const reach = filterSlots * slotSamples;
  const firstAllowed = Math.ceil(from / granuleSamples) - 2;
  const lastAllowed = Math.floor((to + 2 * granuleSamples - reach) / granuleSamples) - 2;
  return { from: Math.max(0, first, firstAllowed), to: Math.min(last, lastAllowed) + 1 };
}

/**
 * How long a tag is that is no frame: ID3v2 (id3.org/id3v2.4.0-structure), ID3v1, APE.
 * @returns null when more bytes have to come first, or it is none and may become none
 * @throws SoundError when it is none
 */
function tagLength(head: Uint8Array): number | null {
  const start = letters(head, 0, 3);
  const enough = head.length >= 32;
  if (start === 'ID3') {
    if (head.length < 10) return null;
    // Four bytes of seven bits each.
    const size = head.subarray(6, 10).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0);
    const footer = ((head[5] ?? 0) & 0x10) === 0 ? 0 : 10;
    return 10 + size + footer;
  }
  if (letters(head) === 'TAG+') return 227;
  if (start === 'TAG') return 128;
  if ('APETAGEX'.startsWith(letters(head, 0, 8))) {
    if (!enough) return null;
    const isHeader = (view(head).getUint32(20, true) & 0x2000_0000) !== 0;
    return 32 + (isHeader ? view(head).getUint32(12, true) : 0);
  }
  throw new SoundError('malformed');
}

/** Where a frame would have the tag of its encoder; some write it as if there were no check sum. */
const tablePlaces = ({ main, side }: FrameHeader): number[] => [main, headerBytes + main - side];

const tableAt = (frame: Uint8Array, header: FrameHeader): number | undefined =>
  tablePlaces(header).find((at) => ['Xing', 'Info'].includes(letters(frame, at)));

/** Whether a frame holds a table of contents: `Xing` or `Info`, or `VBRI`, which stands at 36 always. */
const hasTable = (frame: Uint8Array, header: FrameHeader): boolean =>
  tableAt(frame, header) !== undefined || letters(frame, 36) === 'VBRI';

/**
 * Samples that players leave out at the start: the delay of the encoder, which LAME and those who write as
 * it does keep behind the table (http://gabriel.mp3-tech.org/mp3infotag.html), and that of a decoder.
 */
function delayOf(frame: Uint8Array, header: FrameHeader): number {
  const at = tableAt(frame, header);
  if (at === undefined || frame.length < at + 8) return 0;
  const flags = view(frame).getUint32(at + 4);
  const fields = [
    [1, 4],
    [2, 4],
    [4, 100],
    [8, 4],
  ] as const;
  const encoder = fields.reduce((sum, [flag, bytes]) => sum + (flags & flag ? bytes : 0), at + 8);
  if (!['LAME', 'Lavf', 'Lavc'].includes(letters(frame, encoder))) return 0;
  const delays = frame.subarray(encoder + 21, encoder + 23);
  if (delays.length < 2) return 0;
  return (((delays[0] ?? 0) << 4) | ((delays[1] ?? 0) >> 4)) + decoderDelay;
}
