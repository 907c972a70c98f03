import { ByteQueue, letters, view } from './bytes';
import { samplesOf, SoundError, Stretches, type Passage, type SoundMute } from './sound';

/*
 * RIFF/WAVE: chunks of an identifier, a length and so many bytes, padded to an even length ("Multimedia
 * Programming Interface and Data Specifications 1.0", IBM and Microsoft, 1991; the registered formats stand
 * in mmreg.h). RF64 keeps lengths above 4 GiB in a chunk `ds64` (EBU Tech 3306).
 */

/** How the samples of a WAV file are written. */
export interface WavFormat {
  coding: 'pcm' | 'float' | 'muLaw' | 'aLaw';
  channels: number;
  samplesPerSecond: number;
  /** Of one sample of one channel. */
  bits: number;
  /** Bytes of one sample of all channels. */
  frameBytes: number;
}

const codings: Record<number, WavFormat['coding']> = {
  1: 'pcm',
  3: 'float',
  6: 'aLaw',
  7: 'muLaw',
};
const bitsOf: Record<WavFormat['coding'], readonly number[]> = {
  pcm: [8, 16, 24, 32],
  float: [32, 64],
  muLaw: [8],
  aLaw: [8],
};
/** WAVE_FORMAT_EXTENSIBLE names its coding by a GUID, whose first two bytes are the number of old. */
const extensible = 0xfffe;
const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
/** Stands for a length that the writer did not know, or that RF64 keeps elsewhere. */
const unknownLength = 0xffff_ffff;
/** No chunk that is read is longer. */
const mostRead = 65_536;

function formatOf(chunk: Uint8Array): WavFormat {
  if (chunk.length < 16) throw new SoundError('malformed');
  const fields = view(chunk);
  let tag = fields.getUint16(0, true);
  if (tag === extensible) {
    if (chunk.length < 40) throw new SoundError('malformed');
    if (!guidTail.every((byte, i) => chunk[26 + i] === byte)) throw new SoundError('unknownForm');
    tag = fields.getUint16(24, true);
  }
  const coding = codings[tag];
  const channels = fields.getUint16(2, true);
  const samplesPerSecond = fields.getUint32(4, true);
  const frameBytes = fields.getUint16(12, true);
  const bits = fields.getUint16(14, true);
  if (coding === undefined || !bitsOf[coding].includes(bits)) throw new SoundError('unknownForm');
  const isWhole = channels > 0 && samplesPerSecond > 0 && frameBytes === (channels * bits) / 8;
  if (!isWhole) throw new SoundError('malformed');
  return { coding, channels, samplesPerSecond, bits, frameBytes };
}

/**
 * What a walk does with samples.
 * @param at bytes of samples before them
 * @returns what stands in their place
 */
export type SampleVisitor = (bytes: Uint8Array, at: number) => Uint8Array;

type State = 'file' | 'chunk' | 'read' | 'pass' | 'samples';

/** Walks through the chunks of a WAV file as it comes. */
export class WavWalk {
  private readonly queue = new ByteQueue();
  private state: State = 'file';
  private chunk = '';
  /** Bytes of the present chunk that are still to come, its padding included. */
  private left = 0;
  private padding = 0;
  private isLarge = false;
  private largeLength: number | null = null;
  private at = 0;
  private shape: WavFormat | null = null;
  /** The format of the samples, once they have begun. */
  private played: WavFormat | null = null;
  private visit: SampleVisitor = (bytes) => bytes;

  constructor(private readonly visitorOf: (format: WavFormat) => SampleVisitor) {}

  push(chunk: Uint8Array): Uint8Array[] {
    this.queue.push(chunk);
    const done: Uint8Array[] = [];
    for (;;) {
      const bytes = this.step();
      if (bytes === null) return done;
      if (bytes.length > 0) done.push(bytes);
    }
  }

  end(): { rest: Uint8Array[]; durationMs: number } {
    if (this.played === null) throw new SoundError('malformed');
    const rest = this.queue.take(this.queue.length);
    const { frameBytes, samplesPerSecond } = this.played;
    const samples = Math.floor(this.at / frameBytes);
    return { rest: [rest], durationMs: (samples * 1000) / samplesPerSecond };
  }

  /** The next bytes that are done; null when more have to come first. */
  private step(): Uint8Array | null {
    switch (this.state) {
      case 'file':
        return this.file();
      case 'chunk':
        return this.begin();
      case 'read':
        return this.read();
      case 'pass':
        return this.pass();
      case 'samples':
        return this.samples();
    }
  }

  private file(): Uint8Array | null {
    if (this.queue.length < 12) return null;
    const head = this.queue.take(12);
    const form = letters(head);
    this.isLarge = form === 'RF64' || form === 'BW64';
    if ((form !== 'RIFF' && !this.isLarge) || letters(head, 8) !== 'WAVE')
      throw new SoundError('unknownForm');
    this.state = 'chunk';
    return head;
  }

  private begin(): Uint8Array | null {
    if (this.queue.length < 8) return null;
    const head = this.queue.take(8);
    const length = view(head).getUint32(4, true);
    this.chunk = letters(head);
    this.left = length;
    this.padding = length % 2;
    if (this.chunk === 'data') this.beginSamples();
    // Samples in a list of chunks, some of them silent: nobody writes that.
    else if (letters(head) === 'wavl') throw new SoundError('unknownForm');
    else if (this.chunk === 'fmt ' || this.chunk === 'ds64') {
      if (length > mostRead || this.played !== null) throw new SoundError('malformed');
      this.state = 'read';
    } else this.state = 'pass';
    return head;
  }

  private beginSamples(): void {
    // Without a format before them, nobody could play them as they come.
    if (this.shape === null || this.played !== null) throw new SoundError('malformed');
    this.played = this.shape;
    this.visit = this.visitorOf(this.shape);
    this.state = 'samples';
    if (this.left === unknownLength && this.largeLength !== null) {
      this.left = this.largeLength;
      this.padding = this.largeLength % 2;
    } else if (this.left === unknownLength || this.left === 0) {
      // Written by a program that could not go back to the head: everything that follows is played.
      this.left = Infinity;
    }
  }

  private read(): Uint8Array | null {
    if (this.queue.length < this.left) return null;
    const bytes = this.queue.take(this.left);
    if (this.chunk === 'fmt ') {
      if (this.shape !== null) throw new SoundError('malformed');
      this.shape = formatOf(bytes);
    } else if (this.isLarge) {
      if (bytes.length < 16) throw new SoundError('malformed');
      this.largeLength = Number(view(bytes).getBigUint64(8, true));
    }
    this.left = 0;
    this.state = 'pass';
    return bytes;
  }

  private pass(): Uint8Array | null {
    this.left += this.padding;
    this.padding = 0;
    if (this.left === 0) {
      this.state = 'chunk';
      return new Uint8Array();
    }
    return this.some();
  }

  private samples(): Uint8Array | null {
    if (this.left === 0) {
      this.state = 'pass';
      return new Uint8Array();
    }
    const bytes = this.some();
    if (bytes === null) return null;
    const placed = this.visit(bytes, this.at);
    this.at += bytes.length;
    return placed;
  }

  private some(): Uint8Array | null {
    if (this.queue.length === 0) return null;
    const bytes = this.queue.take(Math.min(this.queue.length, this.left));
    this.left -= bytes.length;
    return bytes;
  }
}

/** The byte of which silence consists: 8 bits of PCM are unsigned, and ITU-T G.711 has codes of its own. */
function silenceOf({ coding, bits }: WavFormat): number {
  if (coding === 'muLaw') return 0xff;
  if (coding === 'aLaw') return 0xd5;
  return bits === 8 ? 0x80 : 0;
}

/** Makes passages of a WAV file silent on all channels. Every other byte stays. */
export class WavMute implements SoundMute {
  private readonly walk: WavWalk;

  constructor(passages: readonly Passage[]) {
    this.walk = new WavWalk((format) => {
      const silence = silenceOf(format);
      const stretches = new Stretches(
        samplesOf(passages, format.samplesPerSecond).map(({ from, to }) => ({
          from: from * format.frameBytes,
          to: to * format.frameBytes,
        })),
      );
      return (bytes, at) => {
        const silent = stretches.within(at, at + bytes.length);
        if (silent.length === 0) return bytes;
        const changed = new Uint8Array(bytes);
        for (const { from, to } of silent) changed.fill(silence, from - at, to - at);
        return changed;
      };
    });
  }

  push(chunk: Uint8Array): Uint8Array[] {
    return this.walk.push(chunk);
  }

  end(): ReturnType<SoundMute['end']> {
    return this.walk.end();
  }
}
