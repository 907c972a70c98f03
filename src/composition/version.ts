import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version of the deployed app, from the package.json beside `dist`. */
export function appVersion(): string {
  const { version } = JSON.parse(
    readFileSync(join(__dirname, '../../../package.json'), 'utf8'),
  ) as { version: string };
  return version;
}
