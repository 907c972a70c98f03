import { execFileSync, spawnSync } from 'node:child_process';
import { findChromium, findTool } from '../../local/tools';
export const sevenZip = findTool('7zz', '7z');
export const bsdtar = findTool('bsdtar');
export const ffmpeg = findTool('ffmpeg');
export const chromium = findChromium();

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
