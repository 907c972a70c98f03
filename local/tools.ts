import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program of this machine, or null. Files are looked for: a process for it would take longer. */
export function findTool(...names: string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/**
 * The browser of this machine: what `CHROMIUM` names, or else what is installed; null without one. The one without a
 * window, where Debian's package of it is there, takes half the processor time.
 */
export const findChromium = (): string | null =>
  process.env['CHROMIUM'] ??
  findTool('chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome');

/** @throws Error without one */
export function chromiumPath(): string {
  const path = findChromium();
  if (path === null) throw new Error('Chromium is not installed, and CHROMIUM names none.');
  return path;
}
