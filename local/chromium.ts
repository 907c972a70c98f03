import { spawnSync } from 'node:child_process';

/**
 * Path of the browser of this machine: what `CHROMIUM` names, or else what is installed.
 * @throws Error without one
 */
export function chromiumPath(): string {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = names.map((name) => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim());
  const path = process.env['CHROMIUM'] ?? found.find((one) => one !== '');
  if (path === undefined) throw new Error('Chromium is not installed, and CHROMIUM names none.');
  return path;
}
