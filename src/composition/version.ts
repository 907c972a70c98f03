import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appFolder } from '../app-folder';

/** Version of the deployed app, from the package.json beside its folder. */
export function appVersion(): string {
  const { version } = JSON.parse(readFileSync(join(appFolder, '../package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
