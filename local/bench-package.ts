/**
 * `npm run bench:package -- [--json] [--scale 0.1] [--gibibytes N] [--azurite]`: how fast packages are
 * written, against `@zip.js/zip.js` with AES in its fastest setting and `archiver` with its plug-in for
 * encryption, into sinks that only count. Every case and writer has a process of its own. The last
 * line is one of JSON. `--gibibytes` writes one entry of that size and nothing else; `--azurite`
 * writes the first case to Azurite.
 */
import { configure, ZipWriter } from '@zip.js/zip.js';
import archiver from 'archiver';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable, Writable } from 'node:stream';
import { setImmediate as immediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chunkLength, deriveKeys, EntryCipher, saltLength } from '../src/adapters/package/aes';
import { PartWriter } from '../src/adapters/package/part-writer';
import { BlobPackageStore } from '../src/adapters/storage/blobs';
import { partName } from '../src/core/package/blob-names';
import type { PackageStore } from '../src/ports';
import { accountOf, startAzurite, storageConnectionString } from './azurite';
import { root } from './root';
import { freePorts } from './stack/ports';
import { end } from './stack/processes';

const mebibyte = 1024 * 1024;
const passphrase = 'BENCH-BENCH-BENCH-BENCH-BENCH';

interface Case {
  name: string;
  files: number;
  bytes: number;
  /** How many of the small files stand in one entry: those of one conversation. */
  grouped: number;
}

const cases: readonly Case[] = [
  { name: 'one-large', files: 1, bytes: 2048 * mebibyte, grouped: 1 },
  { name: 'many-middle', files: 2000, bytes: 2 * mebibyte, grouped: 1 },
  { name: 'many-small', files: 10_000, bytes: 40_000, grouped: 1 },
  // Course, transcript, messages, summary and sentiment of a conversation are one document.
  { name: 'many-small-grouped', files: 10_000, bytes: 40_000, grouped: 5 },
];
/** Share of a case that archiver is given: it takes minutes for gigabytes. */
const archiverShare = 0.125;

/** What a process found out about one case. */
interface Measured {
  seconds: number;
  peakMemoryMiB: number;
  loopDelayP99Ms: number;
}

const source = randomBytes(chunkLength);

/** Content that costs nothing to make. */
async function* content(length: number): AsyncGenerator<Buffer> {
  for (let left = length; left > 0; left -= source.length) {
    yield left < source.length ? source.subarray(0, left) : source;
    await Promise.resolve();
  }
}

/** A store that counts what it is given and forgets it. */
const countingStore = (): PackageStore & { bytes: number } => {
  const store = {
    bytes: 0,
    async stageBlock(_request: string, _id: string, block: Buffer): Promise<void> {
      await immediate();
      store.bytes += block.length;
    },
  };
  return store as unknown as PackageStore & { bytes: number };
};

async function writeOurs({ files, bytes, grouped }: Case, store: PackageStore): Promise<void> {
  const writer = new PartWriter(store, 'bench', partName(1, 1, 1), passphrase);
  const small = bytes * grouped <= chunkLength ? source.subarray(0, bytes * grouped) : null;
  for (let i = 0; i < files / grouped; i += 1)
    await writer.add(`data/${i}`, small ?? content(bytes * grouped), 'store');
  await writer.finish();
}

/** One after the other, or several at once, whose keys are then derived side by side. */
async function writeZipJs({ files, bytes }: Case, atOnce: number): Promise<void> {
  configure({ useWebWorkers: false, chunkSize: mebibyte });
  const zip = new ZipWriter(new WritableStream({ write: () => undefined }), {
    level: 0,
    password: passphrase,
    encryptionStrength: 3,
    zip64: true,
    bufferedWrite: atOnce > 1,
    keepOrder: false,
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < files) {
      const name = `data/${next}`;
      next += 1;
      await zip.add(name, Readable.toWeb(Readable.from(content(bytes))) as ReadableStream);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await zip.close();
}

async function writeArchiver({ files, bytes }: Case): Promise<void> {
  if (!archiver.isRegisteredFormat('zip-encrypted'))
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no types
    archiver.registerFormat('zip-encrypted', require('archiver-zip-encrypted') as () => void);
  const zip = archiver.create('zip-encrypted', {
    store: true,
    encryptionMethod: 'aes256',
    password: passphrase,
  } as archiver.ArchiverOptions);
  const done = new Promise((resolve, reject) => {
    const sink = new Writable({ write: (_chunk, _encoding, next) => next() });
    sink.on('finish', resolve).on('error', reject);
    zip.on('error', reject);
    zip.pipe(sink);
  });
  for (let i = 0; i < files; i += 1)
    zip.append(Readable.from(content(bytes)), { name: `data/${i}` });
  await zip.finalize();
  await done;
}

/** The cipher and its authentication code alone, as fast as they go. */
async function runCipher(bytes: number): Promise<void> {
  let sink = 0;
  const cipher = new EntryCipher(await deriveKeys(passphrase, Buffer.alloc(saltLength)), 'encrypt');
  for (let done = 0; done < bytes; done += source.length)
    for (const chunk of cipher.update(source)) sink = chunk.length;
  if (sink === 0) throw new Error('Nothing was encrypted.');
}

/** Keys alone, sixteen at a time, so that the thread pool never waits. */
async function runDerivation(count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    for (; left > 0; left -= 1) await deriveKeys(passphrase, randomBytes(saltLength));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** @param warmUp what is done before the time is taken; memory counts from before it */
async function measure(
  work: () => Promise<void>,
  warmUp: () => Promise<void> = () => Promise.resolve(),
): Promise<Measured> {
  const before = process.memoryUsage.rss();
  await warmUp();
  let peak = before;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 100);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1000;
  delay.disable();
  clearInterval(sampler);
  return {
    seconds,
    peakMemoryMiB: (Math.max(peak, process.memoryUsage.rss()) - before) / mebibyte,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
  };
}

const writers: Record<string, (one: Case) => Promise<void>> = {
  ours: (one) => writeOurs(one, countingStore()),
  'zip.js': (one) => writeZipJs(one, 1),
  'zip.js, 8 at once': (one) => writeZipJs(one, 8),
  archiver: writeArchiver,
  cipher: ({ files, bytes }) => runCipher(files * bytes),
  derivation: ({ files }) => runDerivation(files),
};

/** Runs a writer in a process of its own. */
function inProcess(writer: string, one: Case): Promise<Measured> {
  return new Promise((done, fail) => {
    const child = fork(__filename, ['--child'], { env: { ...process.env, NODE_OPTIONS: '' } });
    child.once('message', (message) => done(message as Measured));
    child.once('exit', (code) =>
      fail(new Error(`${writer} ended with exit code ${String(code)}.`)),
    );
    child.send({ writer, one });
  });
}

/** What every writer writes first, unmeasured: code that has run is faster than code that was loaded. */
const tenthOf = (one: Case): Case =>
  one.files === 1
    ? { ...one, bytes: Math.ceil(one.bytes / 10) }
    : { ...one, files: Math.ceil(one.files / 10) };

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

/**
 * Runs every writer several times, more often where that is short, and keeps the fastest run of each.
 * They take turns: what slows the machine for a while slows them all.
 */
async function fastest(jobs: Map<string, Case>, rounds: number): Promise<Map<string, Measured>> {
  const found = new Map<string, Measured>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [writer, one] of jobs) {
      const measured = await inProcess(writer, one);
      const before = found.get(writer);
      if (!before || measured.seconds < before.seconds) found.set(writer, measured);
    }
  }
  return found;
}

async function compare(one: Case, say: (line: string) => void): Promise<object> {
  const size = (one.files * one.bytes) / mebibyte;
  const entries = one.files / one.grouped;
  const keys = Math.max(2000, entries);
  const zipJsWays = ['zip.js', ...(one.files > 1 ? ['zip.js, 8 at once'] : [])];
  const measured = await fastest(
    new Map([
      ...['ours', ...zipJsWays, 'cipher'].map((writer) => [writer, one] as const),
      ['derivation', { ...one, files: keys }],
    ]),
    size < 512 ? 5 : 2,
  );
  const of = (writer: string): Measured => {
    const found = measured.get(writer);
    if (!found) throw new Error(`${writer} did not run.`);
    return found;
  };
  const ours = of('ours');
  for (const way of zipJsWays)
    say(`${one.name}: ${way} ${rounded(size / of(way).seconds, 0)} MiB/s`);
  const part = {
    ...one,
    files: Math.max(1, Math.floor(one.files * archiverShare)),
    bytes: one.files === 1 ? one.bytes * archiverShare : one.bytes,
  };
  const archived = await inProcess('archiver', part).catch((error: unknown) => String(error));
  say(
    `${one.name}: archiver ${typeof archived === 'string' ? archived : `${rounded((part.files * part.bytes) / mebibyte / archived.seconds, 0)} MiB/s`} (an eighth of the files)`,
  );
  const zipJs = Math.max(...zipJsWays.map((way) => size / of(way).seconds));
  const keysPerSecond = keys / of('derivation').seconds;
  return {
    name: one.name,
    mibPerSecond: rounded(size / ours.seconds, 1),
    zipJsMibPerSecond: rounded(zipJs, 1),
    ratioToZipJs: rounded(size / ours.seconds / zipJs, 2),
    shareOfCipherBound: rounded(of('cipher').seconds / ours.seconds),
    shareOfKeyDerivationBound: rounded(entries / ours.seconds / keysPerSecond),
    peakMemoryMiB: rounded(ours.peakMemoryMiB, 0),
    loopDelayP99Ms: rounded(ours.loopDelayP99Ms, 1),
  };
}

async function intoAzurite(one: Case): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'bench-package-'));
  const ports = await freePorts();
  const azurite = await startAzurite({ root, state, ports });
  try {
    const connectionString = storageConnectionString(accountOf(state), ports);
    const store = new BlobPackageStore(connectionString);
    const { seconds } = await measure(() => writeOurs(one, store));
    const rate = (one.files * one.bytes) / mebibyte / seconds;
    process.stdout.write(`into Azurite: ${rounded(rate, 0)} MiB/s\n`);
  } finally {
    await end(azurite);
    rmSync(state, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      scale: { type: 'string', default: '1' },
      gibibytes: { type: 'string' },
      azurite: { type: 'boolean', default: false },
    },
  });
  const scale = Number(values.scale);
  const say = (line: string): void => void (values.json || process.stdout.write(`${line}\n`));
  const [large] = cases;
  if (values.gibibytes !== undefined && large) {
    const bytes = Number(values.gibibytes) * 1024 * mebibyte;
    const measured = await inProcess('ours', { ...large, bytes });
    const rate = bytes / mebibyte / measured.seconds;
    process.stdout.write(`${JSON.stringify({ mibPerSecond: rounded(rate, 1), ...measured })}\n`);
    return;
  }
  if (values.azurite && large) return intoAzurite({ ...large, bytes: large.bytes * scale });
  const results: object[] = [];
  for (const one of cases) {
    const scaled =
      one.files === 1
        ? { ...one, bytes: Math.round(one.bytes * scale) }
        : { ...one, files: Math.round(one.files * scale) };
    const result = await compare(scaled, say);
    say(JSON.stringify(result));
    results.push(result);
  }
  process.stdout.write(`${JSON.stringify({ cases: results })}\n`);
}

if (process.argv.includes('--child')) {
  process.once('message', ({ writer, one }: { writer: string; one: Case }) => {
    const write = (part: Case): Promise<void> =>
      writers[writer]?.(part) ?? Promise.reject(new Error('unknown writer'));
    void measure(
      () => write(one),
      () => write(tenthOf(one)),
    ).then((measured) => process.send?.(measured, () => process.disconnect()));
  });
} else {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
