import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogs } from '../adapters/locales';
import { readLogo } from '../adapters/messaging/notifier';
import {
  controllerFiles,
  controllerFolder,
  deployedFilesOf,
  manifestName,
  type ControllerFile,
} from '../config/controller-files';
import { localesFolder, logoFile } from '../config/controller';
import { SettingsSource } from '../config/source';

/** What was found in a folder of the controller's own files. */
export interface ControllerFolder {
  /** Paths in the folder, with `/`, of what is deployed, in order. */
  readonly files: readonly string[];
  /** Names of those that are not there, and that the app needs unless a setting names others. */
  readonly missing: readonly string[];
  /** What is wrong: names of files and places in them, never their content. */
  readonly problems: readonly string[];
}

/** What may lie in the folder and is not deployed: explanations and examples. */
const isNotDeployed = (name: string): boolean =>
  name === 'README.md' ||
  name === manifestName ||
  /(^\.git(ignore|keep)$)|(\.example\.\w+$)/.test(name);

/**
 * Examines a folder of the controller's own files by the rules of the settings that name them. A folder
 * that does not exist counts as an empty one.
 */
export function examineControllerFolder(folder: string): ControllerFolder {
  const entries = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !isNotDeployed(name))
    : [];
  const known = new Set(controllerFiles.flatMap(({ names }) => names));
  const unknown = entries.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const found = controllerFiles.map((file) => ({
    file,
    names: file.names.filter((name) => entries.some((entry) => entry.name === name)),
  }));
  return {
    files: found.flatMap(({ names }) => names.flatMap((name) => pathsOf(folder, name))).sort(),
    missing: found
      .filter(({ file, names }) => file.isNeeded && names.length === 0)
      .flatMap(({ file }) => file.names.slice(0, 1)),
    problems: [
      ...unknown.map((name) => `${name} is not a file that the app knows`),
      ...found.flatMap(({ file, names }) => problemsOf(folder, file, names)),
    ],
  };
}

/**
 * What is wrong with the controller's own files beside the deployed app: `filesDiffer` when one of those that
 * were deployed is missing or has changed, `filesInvalid` when the app does not understand one.
 * @returns null when nothing is, `notConfigured` where none were deployed
 */
export function deployedFilesFailure(
  folder: string = controllerFolder,
): 'filesDiffer' | 'filesInvalid' | 'notConfigured' | null {
  const deployed = deployedFilesOf(folder);
  if (deployed === null) return 'notConfigured';
  const isThere = deployed.every(
    ({ path, sha256 }) => existsSync(join(folder, path)) && hashOf(join(folder, path)) === sha256,
  );
  if (!isThere) return 'filesDiffer';
  return examineControllerFolder(folder).problems.length > 0 ? 'filesInvalid' : null;
}

const hashOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

/** The files of an entry: itself, or what lies in it when it is a folder. */
function pathsOf(folder: string, name: string): string[] {
  const entry = readdirSync(folder, { withFileTypes: true }).find((one) => one.name === name);
  if (entry?.isDirectory() !== true) return [name];
  return readdirSync(join(folder, name))
    .filter((file) => !isNotDeployed(file))
    .map((file) => `${name}/${file}`);
}

function problemsOf(folder: string, file: ControllerFile, names: readonly string[]): string[] {
  const [name, ...others] = names;
  if (name === undefined) return [];
  if (others.length > 0) return [`${names.join(' and ')} are there: keep one of them`];
  const { setting } = file.setting;
  const path = join(folder, name);
  const isFolder = file.setting === localesFolder;
  const entry = lstatSync(path);
  // A link would be another file where the app is deployed.
  if (isFolder ? !entry.isDirectory() : !entry.isFile())
    return [`${name} is not a ${isFolder ? 'folder' : 'file'}`];
  const source = new SettingsSource({ [setting.name]: path });
  file.setting.read(source);
  // They begin with the name of the setting.
  const found = source.problems.map((problem) => problem.replace(setting.name, name));
  return found.length > 0 ? found : furtherProblems(file, path, name);
}

/** What the app refuses when it is composed. */
function furtherProblems({ setting }: ControllerFile, path: string, name: string): string[] {
  if (setting === logoFile && !isImage(path)) return [`${name} is neither PNG nor JPEG`];
  if (setting === localesFolder) return localeProblems(path);
  return [];
}

const signatures = { 'image/png': '89504e470d0a1a0a', 'image/jpeg': 'ffd8ff' };

/** Whether the content is what the name of the file says. */
function isImage(path: string): boolean {
  const { content, contentType } = readLogo(path);
  return Object.entries(signatures).some(
    ([type, bytes]) =>
      type === contentType && content.subarray(0, bytes.length / 2).toString('hex') === bytes,
  );
}

function localeProblems(folder: string): string[] {
  const strange = readdirSync(folder)
    .filter((name) => !isNotDeployed(name) && !/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\.json$/.test(name))
    .map((name) => `locales/${name} is not named by a language, such as pt.json or pt-BR.json`);
  if (strange.length > 0) return strange;
  try {
    readCatalogs(folder);
    return [];
  } catch {
    return ['locales has a file that is not a catalog in the form of app/locales/en.json'];
  }
}
