// `node staging.mjs FOLDER`: stages what is deployed from a copy of the project in an empty folder, without
// anything that an earlier run has kept. Prints the folder that it staged.
import { cp, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stage } from '../../scripts/bundle/stage.mjs';

const project = resolve(import.meta.dirname, '../..');
const root = resolve(process.argv[2]);
for (const name of ['src', 'controller', 'host.json', 'LICENSE', 'package.json', 'tsconfig.json'])
  await cp(join(project, name), join(root, name), { recursive: true });
for (const name of ['node_modules', 'scripts'])
  await symlink(join(project, name), join(root, name));
const to = join(root, 'dist/deploy');
await stage({ root, to, isKept: false });
console.log(to);
