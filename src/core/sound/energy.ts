import { Stretches, type Passage } from './sound';
import { WavWalk, type WavFormat } from './wav';
import { ByteQueue, view } from './bytes';

/** How far a code of mu-law is from silence, up to 1: ITU-T G.711, table 2a. Power needs no sign. */
function muLawSize(code: number): number {
  const bits = ~code & 0xff;
  const size = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return (size - 0x84) / 32_768;
}

/** How far a code of A-law is from silence, up to 1: ITU-T G.711, table 1a. Power needs no sign. */
function aLawSize(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = ((bits & 0x0f) << 4) + 8;
  const size = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return size / 32_768;
}

/** Reads the amplitude of a sample, from -1 to 1; that of G.711 without its sign. */
function readerOf({ coding, bits }: WavFormat): (from: DataView, at: number) => number {
  if (coding === 'muLaw') return (from, at) => muLawSize(from.getUint8(at));
  if (coding === 'aLaw') return (from, at) => aLawSize(from.getUint8(at));
  if (coding === 'float')
    return (from, at) => (bits === 32 ? from.getFloat32(at, true) : from.getFloat64(at, true));
  switch (bits) {
    case 8:
      return (from, at) => (from.getUint8(at) - 128) / 128;
    case 16:
      return (from, at) => from.getInt16(at, true) / 32_768;
    case 24:
      return (from, at) => (from.getUint16(at, true) + from.getInt8(at + 2) * 65_536) / 8_388_608;
    default:
      return (from, at) => from.getInt32(at, true) / 2_147_483_648;
  }
}

/** Measures how loud a WAV file is in some passages, without their margins, while it runs through. */
export class PowerMeter {
  private readonly walk: WavWalk;
  private sum = 0;
  private count = 0;

  constructor(passages: readonly Passage[]) {
    this.walk = new WavWalk((format) => {
      const read = readerOf(format);
      const sampleBytes = format.bits / 8;
      const bytesOf = (ms: number): number =>
        Math.max(0, Math.floor((ms * format.samplesPerSecond) / 1000)) * format.frameBytes;
      const stretches = new Stretches(
        passages.map(({ from, to }) => ({ from: bytesOf(from), to: bytesOf(to) })),
      );
      // A sample may be cut by the end of what has come.
      const queue = new ByteQueue();
      return (bytes, at) => {
        const start = at - queue.length;
        queue.push(bytes);
        const samples = queue.take(queue.length - (queue.length % sampleBytes));
        const fields = view(samples);
        for (const { from, to } of stretches.within(start, start + samples.length))
          for (let i = from - start; i < to - start; i += sampleBytes) this.add(read(fields, i));
        return bytes;
      };
    });
  }

  /** @throws SoundError when it is no WAV file of a form that can be read */
  push(chunk: Uint8Array): void {
    this.walk.push(chunk);
  }

  /** Mean power from 0 to 1; null when there is no sample in the passages. */
  end(): number | null {
    this.walk.end();
    return this.count === 0 ? null : this.sum / this.count;
  }

  private add(value: number): void {
    this.sum += value * value;
    this.count += 1;
  }
}

/** Times by which a channel must be louder than the others: 10 dB. */
const clearly = 10;
/** Mean power below which nobody is heard: -50 dB. */
const faintest = 1e-5;

/**
 * The channel that is heard in some passages, and no other by far.
 * @param powers mean power by the name of the channel
 */
export function loudestChannel(powers: ReadonlyMap<string, number>): string | null {
  const [first, second] = [...powers].toSorted(([, a], [, b]) => b - a);
  if (first === undefined || second === undefined) return null;
  return first[1] >= faintest && first[1] >= clearly * second[1] ? first[0] : null;
}
