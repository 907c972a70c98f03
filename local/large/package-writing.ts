import { appendFileSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BlobServiceClient } from '@azure/storage-blob';
import { ZipPackageWriter } from '../../src/adapters/package/package-writer';
import { BlobPackageStore } from '../../src/adapters/storage/blobs';
import { partName } from '../../src/core/package/blob-names';
import { ResumableSha256 } from '../../src/core/package/resumable-sha256';
import type { PackageStore, WrittenPart } from '../../src/ports';
import { accountOf, startAzurite, storageConnectionString } from '../azurite';
import { root } from '../root';
import { freePorts } from '../stack/ports';
import { end } from '../stack/processes';
import { contentOf, largeParts } from './case-sizes';
import { peakMemory } from './memory';
import { PartSink } from './part-sink';

const gibibyte = 1024 ** 3;
const requestId = 'bench';
const passphrase = 'BENCH-BENCH-BENCH-BENCH-BENCH';
/** From here on a value needs a ZIP64 field. */
const zip64From = 0xffffffff;

/** The parts in a file, from which they are read one by one, as the app reads them from storage. */
class PartList {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bench-large-'));
  private readonly file = join(this.folder, 'parts.jsonl');

  add(part: WrittenPart): void {
    appendFileSync(this.file, `${JSON.stringify(part)}\n`);
  }

  async *all(): AsyncGenerator<WrittenPart> {
    for await (const line of createInterface({ input: createReadStream(this.file) }))
      yield JSON.parse(line) as WrittenPart;
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** How long something took in all, in seconds. */
class Stopwatch {
  private milliseconds = 0;

  async time<T>(work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.milliseconds += performance.now() - from;
    }
  }

  get seconds(): number {
    return Number((this.milliseconds / 1000).toFixed(1));
  }
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield await Promise.resolve(value);
}

/** What needs a ZIP64 field in a package. */
async function zip64Of(parts: AsyncIterable<WrittenPart>) {
  let start = 0;
  let entries = 0;
  const found = { bySize: 0, byOffset: 0 };
  for await (const { bytes, entries: own } of parts) {
    for (const { size, storedSize, offset } of own) {
      entries += 1;
      if (Math.max(size, storedSize) >= zip64From) found.bySize += 1;
      if (start + offset >= zip64From) found.byOffset += 1;
    }
    start += bytes;
  }
  return { entries, ...found, end: entries >= 0xffff || start >= zip64From };
}

const rounded = (value: number): number => Number(value.toFixed(3));

/** A package of this size and what writing it took. */
class LargePackage {
  private readonly writer: ZipPackageWriter;
  private readonly parts = new PartList();
  private readonly hash = new ResumableSha256();
  private readonly writing = new Stopwatch();
  private readonly reading = new Stopwatch();
  private readonly joining = new Stopwatch();
  private readonly directory = new Stopwatch();
  private clearBytes = 0;
  private conversations = 0;
  private readSoFar = 0;
  private bytes = 0;

  constructor(
    store: PackageStore,
    private readonly say: (line: string) => void,
  ) {
    this.writer = new ZipPackageWriter(store);
  }

  /** @param afterPart what is done with each part before the next one is written */
  async write(gib: number, afterPart: (part: WrittenPart) => Promise<void>): Promise<void> {
    let page = 0;
    for (const files of largeParts(gib * gibibyte)) {
      page += 1;
      const part = await this.writing.time(async () => {
        const writer = this.writer.startPart(requestId, partName(page, 1, 1), passphrase);
        for (const file of files) {
          await writer.add(file.name, contentOf(file), file.compression);
          this.clearBytes += file.bytes;
        }
        return writer.finish();
      });
      this.conversations += files.filter(({ name }) => name.endsWith('.json')).length;
      this.parts.add(part);
      await afterPart(part);
      if (page % 200 === 0) this.say(`${(this.clearBytes / gibibyte).toFixed(1)} GiB written`);
    }
  }

  /** Reads parts of the package back that follow one another, as the app does before anyone is told of it. */
  async readBack(parts: AsyncIterable<WrittenPart>, start: number, bytes: number): Promise<void> {
    this.readSoFar += bytes;
    const onBytes = (some: Buffer): void => this.hash.update(some);
    await this.reading.time(() =>
      this.writer.verifyParts(requestId, passphrase, { parts, start, end: start + bytes, onBytes }),
    );
  }

  async join(): Promise<void> {
    const { writer, parts } = this;
    this.bytes = await this.joining.time(() => writer.commit(requestId, parts.all(), null));
    await this.directory.time(() => writer.verifyDirectory(requestId, parts.all()));
  }

  /** Reads all parts back at once. */
  async readAll(): Promise<void> {
    let bytes = 0;
    for await (const part of this.parts.all()) bytes += part.bytes;
    await this.readBack(this.parts.all(), 0, bytes);
  }

  async report(): Promise<Record<string, unknown>> {
    const { writing, reading, joining, directory, conversations } = this;
    const gib = this.clearBytes / gibibyte;
    const read = this.readSoFar / gibibyte;
    return {
      ...{ gib: rounded(gib), conversations, packageBytes: this.bytes },
      writeGibPerSecond: rounded(gib / writing.seconds),
      readBackGib: rounded(read),
      readBackGibPerSecond: rounded(read / reading.seconds),
      seconds: {
        ...{ write: writing.seconds, join: joining.seconds },
        ...{ readDirectory: directory.seconds, readBack: reading.seconds },
      },
      zip64: await zip64Of(this.parts.all()),
      peakMemoryMiB: peakMemory(process.pid),
    };
  }

  end(): void {
    this.parts.end();
  }
}

type Say = (line: string) => void;

/**
 * Writes a package of this size into a sink, and reads it back part by part.
 * @param readEvery of how many pages one is read back: reading takes four times as long as writing
 */
export async function writeIntoSink(
  gib: number,
  readEvery: number,
  say: Say,
): Promise<Record<string, unknown>> {
  const startMemoryMiB = peakMemory(process.pid);
  const sink = new PartSink();
  const large = new LargePackage(sink, say);
  let parts = 0;
  try {
    await large.write(gib, async (part) => {
      sink.checkPart(part);
      parts += 1;
      // Documents and recordings of a page are two parts.
      if (Math.floor(parts / 2) % readEvery === 0)
        await large.readBack(one(part), sink.start, part.bytes);
      await sink.endPart(part);
    });
    await large.join();
    const lengths = sink.blocks.map(({ length }) => length);
    return {
      ...(await large.report()),
      startMemoryMiB,
      blocks: lengths.length,
      meanBlockMiB: rounded(lengths.reduce((sum, n) => sum + n, 0) / lengths.length / 1024 ** 2),
      blockListBytes: sink.blocks.reduce((sum, { id }) => sum + listed.length + id.length, 0),
      directoryBytes: sink.directoryBytes,
    };
  } finally {
    large.end();
    await sink.end();
  }
}

/** What stands around the id of a block in the list that is committed. */
const listed = '<Latest></Latest>';

/** Writes a package of this size into Azurite, which keeps it on disk, and reads it back from there. */
export async function writeIntoAzurite(gib: number, say: Say): Promise<Record<string, unknown>> {
  const state = mkdtempSync(join(tmpdir(), 'bench-large-'));
  const ports = await freePorts();
  const azurite = await startAzurite({ root, state, ports });
  const connection = storageConnectionString(accountOf(state), ports);
  const large = new LargePackage(new BlobPackageStore(connection), say);
  try {
    await large.write(gib, () => Promise.resolve());
    await large.join();
    say('joined');
    await large.readAll();
    const container = BlobServiceClient.fromConnectionString(connection);
    const blob = container.getContainerClient('packages').getBlockBlobClient(`${requestId}.zip`);
    const { committedBlocks = [] } = await blob.getBlockList('committed');
    return { ...(await large.report()), blocks: committedBlocks.length };
  } finally {
    large.end();
    await end(azurite);
    rmSync(state, { recursive: true, force: true });
  }
}
