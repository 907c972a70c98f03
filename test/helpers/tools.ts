import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from './root';

/** Path of a program of this machine, or null. */
export function findTool(...names: string[]): string | null {
  // Each test file asks anew: a process for it would take longer than all else that this file does.
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

export const sevenZip = findTool('7zz', '7z');
export const bsdtar = findTool('bsdtar');
export const ffmpeg = findTool('ffmpeg');
/** The browser without its window, where Debian's package of it is installed, takes half the processor time. */
export const chromium = findTool(
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
);

/** A test that needs a tool: without it, it is skipped and its name says so. */
export function itWith(
  tool: string | null,
  toolName: string,
): (name: string, body: () => void) => void {
  return (name, body) => {
    if (tool === null) it.skip(`${name} (skipped: ${toolName} is not installed)`, body);
    else it(name, body);
  };
}

/** Runs a program and returns its exit code and output. */
export function run(program: string, args: string[]): { status: number; output: string } {
  const result = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // In the C locale bsdtar writes other names than the archive has.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  return { status: result.status ?? -1, output: `${result.stdout}${result.stderr}` };
}

export const runOrThrow = (program: string, args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8' });

/**
 * A folder of inputs that are no part of the project: within the folder that the variable
 * `SHARED_FOLDER` names, or else a folder `shared` beside the checkout or beside a folder that it is in.
 */
function sharedPath(...names: string[]): string {
  const given = process.env['SHARED_FOLDER'];
  if (given !== undefined) return join(given, ...names);
  const beside = (folder: string): string => join(dirname(folder), 'shared', ...names);
  for (let folder = root; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(beside(folder))) return beside(folder);
  return join('..', 'shared', ...names);
}

/** The API's contract, where it is at hand. */
export const contractPath = sharedPath('genesys', 'openapi-subset.json');
export const hasContract = existsSync(contractPath);

/** Folder of inputs that once went wrong, where it is at hand. */
export const casesPath = sharedPath('cases');
export const hasCases = existsSync(casesPath);
/** What the name of a group of tests says where their inputs are missing. */
export const casesSkipped = hasCases ? '' : ` (skipped: ${casesPath} is not at hand)`;
