import { letters, view } from './bytes';
import { noPosition, OggReader, pageBytes, type OggPage } from './ogg';
import { samplesOf, SoundError, Stretches, type Passage, type SoundMute } from './sound';

/*
 * Opus in Ogg: RFC 7845. Packets of Opus: RFC 6716, section 3: a byte says how the frames of a packet are
 * coded and how long they are, and for some codes another how many there are.
 */

/** Samples a second in which Opus counts, whatever it was recorded in (RFC 7845, section 4). */
const samplesPerSecond = 48_000;
/** No packet is longer: 120 ms. */
const mostSamples = 5760;
/** Samples before a passage that a packet may reach into: the overlap of frames, and a change of mode. */
const reach = 480;
/** Pages over which one packet may go: 61,440 bytes in 255 segments of 255 bytes, and one more. */
const mostPages = 3;

const samplesOfMs = (ms: number): number => ms * (samplesPerSecond / 1000);

/** Milliseconds of a frame by the five bits of its configuration (RFC 6716, table 2). */
function frameMs(configuration: number): number {
  if (configuration < 12) return [10, 20, 40, 60][configuration % 4] ?? 0;
  if (configuration < 16) return [10, 20][configuration % 2] ?? 0;
  return [2.5, 5, 10, 20][configuration % 4] ?? 0;
}

function frameCount(packet: Uint8Array): number {
  const code = (packet[0] ?? 0) & 3;
  if (code === 0) return 1;
  return code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
}

/**
 * Samples of a packet.
 * @throws SoundError when it says of itself what no packet may say
 */
function packetSamples(packet: Uint8Array): number {
  const [first] = packet;
  if (first === undefined) throw new SoundError('malformed');
  const samples = samplesOfMs(frameMs(first >> 3)) * frameCount(packet);
  if (samples === 0 || samples > mostSamples) throw new SoundError('malformed');
  return samples;
}

/** A frame of CELT of which the first symbol says that it is silent (RFC 6716, section 4.3). */
const silentFrame = [0xff, 0xfe];

/**
 * Bands of CELT (narrow, wide, super-wide, full) by two configurations each: SILK in narrow, medium and
 * wide band, then hybrid.
 */
const bandOf = [0, 0, 1, 1, 1, 1, 2, 3];

/**
 * A silent packet as long as another. Its frames are of CELT, in which silence has a symbol: an empty frame
 * would be concealed by what was heard before (RFC 6716, section 3.1). SILK has longer frames than CELT, so
 * that one of them becomes two or three; its medium band becomes the wide band, the next that CELT has.
 */
function silentPacket(packet: Uint8Array): Uint8Array {
  const first = packet[0] ?? 0;
  const configuration = first >> 3;
  const ms = frameMs(configuration);
  const long = Math.min(ms, 20);
  const size = [2.5, 5, 10, 20].indexOf(long);
  const changed =
    configuration < 16 ? 16 + 4 * (bandOf[configuration >> 1] ?? 0) + size : configuration;
  const count = (frameCount(packet) * ms) / long;
  const head = (changed << 3) | (first & 4);
  if (count === 1) return Uint8Array.from([head, ...silentFrame]);
  const frames = Array.from({ length: count }, () => silentFrame).flat();
  // Code 3: a number of frames, here all of one length, without padding.
  return Uint8Array.from([head | 3, count, ...frames]);
}

/** Makes passages of an Ogg Opus file silent. Pages without one keep their bytes, all their positions. */
export class OpusMute implements SoundMute {
  private readonly reader = new OggReader();
  private readonly silent: Stretches;
  private serial: number | null = null;
  /** Packets so far: the first two describe the stream. */
  private packets = 0;
  private isEnded = false;
  /** Samples so far, and those at the start that are not heard. */
  private samples = 0;
  private skipped = 0;
  /** Position of the first sample. */
  private origin: number | null = null;
  private played = 0;
  /** Pages whose last packet is not whole yet, and what there is of it. */
  private readonly held: OggPage[] = [];
  private open: Uint8Array[] = [];

  constructor(passages: readonly Passage[]) {
    this.silent = new Stretches(samplesOf(passages, samplesPerSecond));
  }

  push(chunk: Uint8Array): Uint8Array[] {
    this.reader.push(chunk);
    const done: Uint8Array[] = [];
    for (;;) {
      const page = this.reader.next();
      if (page === null) return done;
      done.push(...this.page(page));
    }
  }

  end(): ReturnType<SoundMute['end']> {
    if (this.reader.length > 0 || this.open.length > 0 || this.packets < 2)
      throw new SoundError('malformed');
    return { rest: [], durationMs: (this.played * 1000) / samplesPerSecond };
  }

  /** Reads a page, and returns pages that no packet can change any more. */
  private page(page: OggPage): Uint8Array[] {
    // One stream alone: several at once are multiplexed, one after another they are chained.
    const isOwn =
      this.serial === null ? page.isFirst : !page.isFirst && page.serial === this.serial;
    if (!isOwn || this.isEnded) throw new SoundError('unknownForm');
    this.serial = page.serial;
    this.isEnded = page.isLast;
    this.held.push(page);
    const done: OggPage[] = [];
    let isPositioned = false;
    page.parts.forEach((part, i) => {
      if (part.begins !== (this.open.length === 0)) throw new SoundError('malformed');
      this.open.push(part.bytes);
      if (!part.ends) return;
      isPositioned = this.packets >= 2;
      // What is read of a packet stands in its first part: one that does not end there has 255 bytes.
      this.packet(i, this.open[0] ?? part.bytes);
      this.open = [];
      done.push(...this.held.splice(0, this.held.length - 1));
    });
    if (isPositioned) this.assertPosition(page);
    if (this.open.length === 0) done.push(...this.held.splice(0));
    if (this.held.length > mostPages) throw new SoundError('malformed');
    return done.map(pageBytes);
  }

  /**
   * @param at where the packet ends among the parts of the last page
   * @param packet its first part
   */
  private packet(at: number, packet: Uint8Array): void {
    this.packets += 1;
    if (this.packets === 1) this.readHead(packet);
    else if (this.packets === 2) {
      if (letters(packet, 0, 8) !== 'OpusTags') throw new SoundError('malformed');
    } else {
      const from = this.samples - this.skipped;
      this.samples += packetSamples(packet);
      const to = this.samples - this.skipped;
      const isSilent = this.silent.within(from, to + reach).length > 0;
      if (isSilent) this.replace(at, silentPacket(packet));
    }
  }

  /** The identification header: RFC 7845, section 5.1. */
  private readHead(packet: Uint8Array): void {
    if (letters(packet, 0, 8) !== 'OpusHead') throw new SoundError('unknownForm');
    if (packet.length < 19 || ((packet[8] ?? 0) & 0xf0) !== 0) throw new SoundError('malformed');
    // Several streams of Opus in one packet have no common first byte.
    const isSimple = packet[18] === 0 || packet[19] === 1;
    if (!isSimple) throw new SoundError('unknownForm');
    this.skipped = view(packet).getUint16(10, true);
  }

  /** Puts a packet in the place of the one that ends on the last page, wherever that began. */
  private replace(at: number, packet: Uint8Array): void {
    const page = this.held.at(-1);
    if (page === undefined) return;
    page.parts[at] = { bytes: packet, begins: true, ends: true };
    page.isChanged = true;
    for (const earlier of this.held.slice(0, -1)) {
      earlier.parts.pop();
      earlier.isChanged = true;
    }
  }

  /** Positions say when a packet is played: without a gap, and less at the very end (RFC 7845, section 4). */
  private assertPosition({ position, isLast }: OggPage): void {
    if (position === noPosition) throw new SoundError('malformed');
    const origin = Number(position) - this.samples;
    if (this.origin === null) this.origin = isLast ? Math.max(0, origin) : origin;
    const missing = this.origin - origin;
    const fits = isLast ? missing >= 0 : missing === 0;
    // Some programs leave out what is not heard at the start.
    if (this.origin < -this.skipped || !fits) throw new SoundError('malformed');
    this.played = Math.max(0, this.samples - missing - this.skipped);
  }
}
