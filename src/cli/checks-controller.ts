import { examineControllerFolder } from '../composition/controller-files';
import { controllerFiles } from '../config/controller-files';
import { isLoopback } from '../core/loopback';
import { ok, problem, type Diagnostic } from './diagnostics';

const fix =
  'docs/controller.md describes the file; every way of deploying checks it and puts it beside the app.';

/**
 * The controller's own files, as they would be deployed from a folder. What the settings name elsewhere is
 * no part of it: that is read as a setting.
 */
export function checkController(
  settings: Readonly<Record<string, string | undefined>>,
  folder: string,
): Diagnostic[] {
  const { files, missing, problems } = examineControllerFolder(folder);
  const origin = settings['PORTAL_ORIGIN'] ?? '';
  const wanted = isLoopback(origin)
    ? []
    : missing.filter((name) => isTakenFrom(folder, name, settings));
  const found = [
    ...problems,
    ...wanted.map((name) => `${name} is missing, which a portal that is not on loopback needs`),
  ];
  if (found.length > 0)
    return found.map((message) => problem('controller.files', `${folder}/${message}.`, fix));
  return files.length === 0
    ? []
    : [ok('controller.files', `Files of ${folder} that would be deployed: ${files.length}.`)];
}

/** Whether the app would read this file of the folder: no setting names another one. */
function isTakenFrom(
  folder: string,
  name: string,
  settings: Readonly<Record<string, string | undefined>>,
): boolean {
  const file = controllerFiles.find(({ names }) => names.includes(name));
  const named = settings[file?.setting.setting.name ?? ''] ?? '';
  return named === '' || named === `${folder}/${name}`;
}
