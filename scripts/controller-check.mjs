// `npm run controller:check [-- FOLDER]`: whether the controller's own files (docs/controller.md) can be deployed.
// Ends with 1 when one is wrong, unknown or missing.
import { examineController } from './stage-controller.mjs';

const folder = process.argv[2] ?? 'controller';
const { files, missing, problems } = await examineController(folder);
for (const path of files) console.log(`found    ${folder}/${path}`);
for (const name of missing) console.error(`missing  ${folder}/${name}`);
for (const problem of problems) console.error(`wrong    ${folder}/${problem}`);
const isFine = missing.length + problems.length === 0;
if (!isFine) console.error('docs/controller.md describes every file of this folder.');
process.exitCode = isFine ? 0 : 1;
