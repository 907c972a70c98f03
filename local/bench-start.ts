/**
 * `npm run bench:start -- [--json] [--runs 10]`: how long what is deployed takes to load, against the app
 * before it was bundled. Both are loaded alternately, each time in a new process without anything that an
 * earlier one has compiled, as on a machine that has not run the app; the median of the runs counts. The
 * last line is one of JSON: both times, their ratio, the memory after loading, files and the bytes of what
 * is deployed.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import type { LoadResult } from './load-app';
import { root } from './root';
import { deployedFolder } from './stack/hosts';

const run = promisify(execFile);
/** The last commit before the app was bundled whose load time the bundle is held against. */
const unbundledCommit = '982b4d0';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '10' },
  },
});
const say = (line: string): void => void (options.json || process.stdout.write(`${line}\n`));

/**
 * Checks out the old app and builds it with its own script, on the packages that are installed here.
 * @throws Error where the commit is not in the repository
 */
async function buildUnbundled(folder: string): Promise<void> {
  mkdirSync(folder);
  const archive = `${folder}.tar`;
  await run('git', ['archive', '--output', archive, unbundledCommit], { cwd: root }).catch(() => {
    throw new Error(`The repository has no commit ${unbundledCommit}: a shallow clone lacks it.`);
  });
  await run('tar', ['-xf', archive, '-C', folder]);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['scripts/build.mjs'], { cwd: folder });
}

/** The settings of an app's own example, with a key. */
function settingsOf(folder: string, keyFile: string): Record<string, string> {
  const { Values: values } = JSON.parse(
    readFileSync(join(folder, 'local.settings.example.json'), 'utf8'),
  ) as { Values: Record<string, string> };
  return { ...values, LOCAL_KEY_FILE: keyFile };
}

/** Loads an app in a new process, which finds nothing compiled. */
async function load(folder: string, settings: Record<string, string>): Promise<LoadResult> {
  const { NODE_COMPILE_CACHE: _cache, NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await run(process.execPath, [join(__dirname, 'load-app.js'), folder], {
    env: { ...env, ...settings },
    cwd: folder,
  });
  return JSON.parse(stdout) as LoadResult;
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[sorted.length >> 1]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
};

/** Files of a folder, from it on. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/** Bytes of a zip archive of files: deflated, with the two headers of each and the end (APPNOTE 4.3). */
const zipBytesOf = (folder: string, files: string[]): number =>
  files
    .map((file) => {
      const headers = 30 + 46 + 2 * Buffer.byteLength(file);
      return headers + deflateRawSync(readFileSync(join(folder, file))).length;
    })
    .reduce((sum, bytes) => sum + bytes, 22);

interface Measured {
  bundled: LoadResult[];
  unbundled: LoadResult[];
}

async function measure(scratch: string, runs: number): Promise<Measured> {
  const old = join(scratch, 'unbundled');
  say(`Building ${unbundledCommit} on the packages that are installed here.`);
  await buildUnbundled(old);
  const keyFile = join(scratch, 'request-key');
  writeFileSync(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const apps = {
    bundled: { folder: deployedFolder(root), settings: settingsOf(root, keyFile) },
    unbundled: { folder: old, settings: settingsOf(old, keyFile) },
  };
  const measured: Measured = { bundled: [], unbundled: [] };
  // The first of each brings its files into memory, and is not counted.
  for (let i = 0; i <= runs; i += 1) {
    for (const name of ['bundled', 'unbundled'] as const) {
      const result = await load(apps[name].folder, apps[name].settings);
      say(
        `${name}: ${result.milliseconds.toFixed(0)} ms, processor ${result.processor.toFixed(0)} ms`,
      );
      if (i > 0) measured[name].push(result);
    }
  }
  return measured;
}

async function main(): Promise<void> {
  const runs = Number(options.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs must be a whole number from 1.');
  const deployed = deployedFolder(root);
  if (!existsSync(deployed)) throw new Error('Nothing is staged: npm run build.');
  const scratch = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    const { bundled, unbundled } = await measure(scratch, runs);
    const of = (results: LoadResult[], key: keyof LoadResult): number =>
      median(results.map((result) => result[key]));
    const [bundledMs, unbundledMs] = [of(bundled, 'milliseconds'), of(unbundled, 'milliseconds')];
    const processor = of(bundled, 'processor') / of(unbundled, 'processor');
    say(`Ratio of processor time: ${processor.toFixed(2)}`);
    const files = filesOf(deployed);
    const result = {
      bundledMs: Math.round(bundledMs),
      unbundledMs: Math.round(unbundledMs),
      ratio: Math.round((1000 * bundledMs) / unbundledMs) / 1000,
      rssMiB: Math.round(of(bundled, 'rssBytes') / 2 ** 20),
      files: files.length,
      zipBytes: zipBytesOf(deployed, files),
    };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
