import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './root';

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
