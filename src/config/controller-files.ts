import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isLoopback } from '../core/loopback';
import { localesFolder, logoFile, privacyNoticeFile, processing } from './controller';
import { holidays } from './legal-clock';
import { policy } from './redaction';
import type { Part, SettingDescription } from './setting';

/** Where the controller's own files lie: in the project, and beside the app that is deployed. */
export const controllerFolder = 'controller';

/** A file, or a folder of files, of the controller's own, by its place in that folder. */
export interface ControllerFile {
  /** The names that it may have. */
  readonly names: readonly string[];
  /** The setting that names another one, and how it is read. */
  readonly setting: Part<unknown> & { readonly setting: SettingDescription };
  /** Whether the app does not start without it, unless the portal is on loopback. */
  readonly isNeeded: boolean;
}

const anyOf = (name: string, endings: readonly string[]): string[] =>
  endings.map((ending) => `${name}.${ending}`);

/** Every file of the controller's own. docs/controller.md describes them. */
export const controllerFiles: readonly ControllerFile[] = [
  { names: ['processing.json'], setting: processing, isNeeded: true },
  { names: ['redaction-policy.json'], setting: policy, isNeeded: false },
  { names: ['holidays.json'], setting: holidays, isNeeded: false },
  { names: anyOf('logo', ['png', 'jpg', 'jpeg']), setting: logoFile, isNeeded: false },
  {
    names: anyOf('privacy-notice', ['pdf', 'html', 'txt', 'md']),
    setting: privacyNoticeFile,
    isNeeded: false,
  },
  { names: ['locales'], setting: localesFolder, isNeeded: false },
];

/** The list of the files that were deployed; no such file is in the project's own folder. */
export const manifestName = 'manifest.json';

/** A file that was deployed: its path in the folder, with `/`, and the SHA-256 of its content. */
const manifestSchema = z.object({
  files: z.array(z.object({ path: z.string(), sha256: z.string() })),
});

/**
 * What was deployed of the controller's own files; null where nothing was.
 * @throws Error when the list cannot be read
 */
export function deployedFilesOf(folder: string): { path: string; sha256: string }[] | null {
  const manifest = join(folder, manifestName);
  if (!existsSync(manifest)) return null;
  return manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8'))).files;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the settings that name the controller's files, where these were deployed with the app and no
 * setting names others. Without a list of them nothing is added; nor where the portal is on loopback, so that
 * demo, tests and development are the same whatever a company has put beside the app.
 * @throws Error when the list of deployed files cannot be read
 */
export function withDeployedFiles(
  environment: Environment,
  folder = controllerFolder,
): Environment {
  const files = deployedFilesOf(folder);
  if (files === null) return environment;
  const names = new Set(files.map(({ path }) => path.split('/')[0] ?? path));
  return withFiles(environment, { folder, names });
}

/** Adds the same settings, where the portal is not on loopback, for files that are not deployed yet. */
export const withFilesOfFolder = (environment: Environment, folder: string): Environment =>
  existsSync(folder)
    ? withFiles(environment, { folder, names: new Set(readdirSync(folder)) })
    : environment;

function withFiles(
  environment: Environment,
  { folder, names }: { folder: string; names: ReadonlySet<string> },
): Environment {
  if (isLoopback(environment['PORTAL_ORIGIN'] ?? '')) return environment;
  const found = controllerFiles.flatMap(({ names: possible, setting: { setting } }) => {
    const name = possible.find((one) => names.has(one));
    return name === undefined || environment[setting.name]
      ? []
      : [[setting.name, `${folder}/${name}`] as const];
  });
  return { ...environment, ...Object.fromEntries(found) };
}
