import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { isLong } from '../helpers/long-tests';
import { deployed, root } from '../helpers/root';
import { AppWorker } from '../helpers/worker';

const run = promisify(execFile);
const textOf = (file: string): string => readFileSync(join(deployed, file), 'utf8');

/** Files of a folder, by path, in order. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

/** Files that are in one of two folders only, or differ. */
const differences = (one: string, other: string): string[] =>
  [...new Set([...filesOf(one), ...filesOf(other)])].filter((file) => {
    const [here, there] = [join(one, file), join(other, file)];
    return (
      !existsSync(here) || !existsSync(there) || !readFileSync(here).equals(readFileSync(there))
    );
  });

/** Packages that bundles say they have something of: esbuild names each module by its path. */
const bundledPackages = (): Set<string> =>
  new Set(
    readdirSync(join(deployed, 'packages')).flatMap((file) =>
      [
        ...textOf(`packages/${file}`).matchAll(
          /"(?:node_modules\/[^"]*)?node_modules\/((?:@[^/"]+\/)?[^/"]+)\//g,
        ),
      ].map(([, name = '']) => name),
    ),
  );

describe('the folder that is deployed', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'deployed-'));
  afterAll(() => rmSync(scratch, { recursive: true }));

  /** Settings with which the app loads. */
  function settings(): Record<string, string> {
    const { Values: example } = JSON.parse(
      readFileSync(join(root, 'local.settings.example.json'), 'utf8'),
    ) as { Values: Record<string, string> };
    const keyFile = join(scratch, 'key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'));
    return { ...example, LOCAL_KEY_FILE: keyFile };
  }

  it('is small: at most 60 files, and 10 MB as an archive', () => {
    const files = filesOf(deployed);
    expect(files).toEqual(
      expect.arrayContaining(['host.json', 'package.json', 'app/app.js', 'sbom.cdx.json']),
    );
    expect(files.length).toBeLessThanOrEqual(60);
    const bytes = files
      .map((file) => deflateRawSync(readFileSync(join(deployed, file))).length)
      .reduce((sum, length) => sum + length, 0);
    expect(bytes).toBeLessThan(10_000_000);
  });

  it('has a map by which `npm run where` finds a place of a stack in the sources', () => {
    const lineOf = (text: string, begin: string): number =>
      text.split('\n').findIndex((line) => line.startsWith(begin)) + 1;
    const source = readFileSync(join(root, 'src/services/trials.ts'), 'utf8');
    const [there, here] = [
      lineOf(textOf('app/app.js'), 'function skewOf('),
      lineOf(source, 'export function skewOf('),
    ];
    expect(Math.min(there, here)).toBeGreaterThan(0);
    const stack = (place: string): string =>
      `TypeError: x\n    at skewOf (${place})\n    at node:internal/x:1:2\n`;
    const { stdout } = spawnSync(process.execPath, ['scripts/where.mjs'], {
      cwd: root,
      encoding: 'utf8',
      input: stack(`/home/site/wwwroot/app/app.js:${there}:10`),
    });
    expect(stdout).toBe(stack(`src/services/trials.ts:${here}:17`));
  });

  // Staging takes longer than all the rest.
  if (isLong) {
    it('is the same, byte by byte, when it is staged in another folder', async () => {
      const folder = mkdtempSync(join(scratch, 'another-'));
      const { stdout } = await run(process.execPath, [
        join(root, 'test/helpers/staging.mjs'),
        folder,
      ]);
      expect(differences(stdout.trim(), deployed)).toEqual([]);
    }, 120_000);
  }

  it('holds no path of the machine on which it was staged', () => {
    const telling = filesOf(deployed).filter((file) => textOf(file).includes(root));
    expect(telling).toEqual([]);
  });

  it('runs where nothing is installed, with every package that it may load', async () => {
    const folder = join(scratch, 'alone');
    cpSync(deployed, folder, { recursive: true });
    const { dependencies, main } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as {
      dependencies?: unknown;
      main: string;
    };
    expect({ dependencies, main }).toEqual({ main: 'app/app.js' });
    const { stdout } = await run(process.execPath, [
      join(root, 'test/helpers/evaluate-packages.cjs'),
      folder,
    ]);
    const { names, renamed } = JSON.parse(stdout) as { names: string[]; renamed: string[] };
    expect(names).toEqual(expect.arrayContaining(['zod', '@aws-sdk/client-s3']));
    expect(renamed).toEqual([]);
    const worker = await AppWorker.start(folder, settings());
    await worker.stop();
    expect(worker.functions.length).toBeGreaterThan(50);
  }, 60_000);

  it('reads only packages that every call needs when it is loaded, and takes under 150 MiB', async () => {
    const { stdout } = await run(
      process.execPath,
      [join(root, 'test/helpers/load-deployed.cjs'), deployed],
      { env: { ...process.env, ...settings() } },
    );
    const { packages, rss } = JSON.parse(stdout) as { packages: string[]; rss: number };
    expect(packages).toEqual(['azure.js', 'common.js']);
    expect(rss).toBeLessThan(150 * 2 ** 20);
  }, 30_000);

  it('names every package in it, with the words of its licence', () => {
    const notice = textOf('THIRD-PARTY.txt');
    const named = new Set(
      [...notice.matchAll(/^((?:@[^/\s]+\/)?[^\s@/]+) \d\S* \(/gm)].map(([, name = '']) => name),
    );
    const bundled = bundledPackages();
    expect(bundled.size).toBeGreaterThan(100);
    expect([...bundled].filter((name) => !named.has(name))).toEqual([]);
    // Pages have packages of their own.
    expect([...named]).toEqual(
      expect.arrayContaining(['@zip.js/zip.js', 'dompurify', 'nodemailer']),
    );
    expect(notice).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
    expect(notice).not.toContain('undefined');
  });

  it('has a bill of materials with every package that is bundled', () => {
    const { components } = JSON.parse(textOf('sbom.cdx.json')) as {
      components: { name: string; version: string }[];
    };
    const billed = new Set(components.map(({ name, version }) => `${name} ${version}`));
    const titles = [...textOf('THIRD-PARTY.txt').matchAll(/^((?:@[^/\s]+\/)?[^\s@/]+ \d\S*) \(/gm)];
    expect(titles.length).toBeGreaterThan(100);
    expect(titles.map(([, title = '']) => title).filter((title) => !billed.has(title))).toEqual([]);
  });
});
