import { randomBytes } from 'node:crypto';
import { randomOf } from '../random';

/** A file of a package, whose content is made while it is written. */
export interface LargeFile {
  name: string;
  bytes: number;
  compression: 'deflate' | 'store';
}

const mebibyte = 1024 * 1024;
/** Bytes a second of the recordings of Genesys Cloud: MP3 of two channels at 32 kbit/s. */
const soundRate = 4000;
const meanSeconds = 480;
const longestSeconds = 3600;
/** The largest file that is taken over. */
const largestFile = 4096 * mebibyte;
/** From this size on a package has one file of that size. */
const withLargestFrom = 20 * 1024 * mebibyte;
export const conversationsOfPage = 50;

/**
 * Files of pages until a package has a size: of each page first the documents, as the first pass writes them,
 * then the recordings, which come with a later one. Four of five conversations are calls, of eight minutes on
 * average; one in a hundred has a recording of a screen, of 10 to 70 MiB.
 * @returns for each part its files
 */
export function* largeParts(bytes: number): Generator<LargeFile[]> {
  const random = randomOf(100);
  let left = bytes;
  if (bytes >= withLargestFrom) {
    yield [{ name: 'data/conversations/0000/screen-1.webm', bytes: largestFile, ...stored }];
    left -= largestFile;
  }
  for (let first = 1; left > 0; first += conversationsOfPage) {
    const texts: LargeFile[] = [];
    const media: LargeFile[] = [];
    for (let number = first; number < first + conversationsOfPage; number += 1) {
      const folder = `data/conversations/${String(number).padStart(4, '0')}`;
      const document = 4096 + Math.floor(random() * 8192);
      texts.push({ name: `${folder}/conversation.json`, bytes: document, ...deflated });
      const seconds = Math.min(longestSeconds, 5 - Math.log(1 - random()) * meanSeconds);
      if (random() < 0.8) media.push(recording(`${folder}/audio-1.mp3`, seconds * soundRate));
      if (random() < 0.01)
        media.push(recording(`${folder}/screen-1.webm`, (10 + random() * 60) * mebibyte));
    }
    yield texts;
    yield media;
    left -= [...texts, ...media].reduce((sum, file) => sum + file.bytes, 0);
  }
}

const stored = { compression: 'store' as const };
const deflated = { compression: 'deflate' as const };
const recording = (name: string, bytes: number): LargeFile => ({
  ...{ name, bytes: Math.floor(bytes) },
  ...stored,
});

const noise = randomBytes(mebibyte);
const words = Buffer.from(
  Array.from({ length: 200 }, (_, i) => JSON.stringify({ at: i * 5200, text: `Line ${i}` })).join(),
);

/** Content of a file, which costs next to nothing to make. */
export function contentOf({ bytes, compression }: LargeFile): Buffer | AsyncIterable<Buffer> {
  if (compression === 'store') return noiseOf(bytes);
  const times = Math.ceil(bytes / words.length);
  return Buffer.concat(Array.from({ length: times }, () => words)).subarray(0, bytes);
}

async function* noiseOf(bytes: number): AsyncGenerator<Buffer> {
  for (let left = bytes; left > 0; left -= noise.length) {
    yield left < noise.length ? noise.subarray(0, left) : noise;
    await Promise.resolve();
  }
}
