// `npm run deploy:check` runs this after `npm run package`: whether dist/deploy is whole, arrives whole by every way of
// deploying, and holds the controller's files as they are now. Ends with 1 where it does not; nothing was created yet.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesLeftOut, filesOf } from './shipping.mjs';
import { examineController } from './stage-controller.mjs';

const [deployed = 'dist/deploy', controller = 'controller'] = process.argv.slice(2);

/** What of the app itself is missing. */
async function appProblems(files) {
  const { main = '' } = JSON.parse(await readFile(join(deployed, 'package.json'), 'utf8'));
  return ['host.json', main]
    .filter((name) => !files.includes(name))
    .map((name) => `${deployed}/${name || 'the main file of package.json'} is missing`);
}

/** What of the controller's files is missing, wrong, or not the same beside the app. */
async function controllerProblems(files) {
  const { files: own, missing, problems } = await examineController(controller);
  const copies = await Promise.all(
    own.map(async (path) => {
      const copy = `controller/${path}`;
      if (!files.includes(copy)) return [`${deployed}/${copy} is missing: run npm run package`];
      const [one, other] = await Promise.all([
        readFile(join(controller, path)),
        readFile(join(deployed, copy)),
      ]);
      return one.equals(other) ? [] : [`${deployed}/${copy} is older: run npm run package`];
    }),
  );
  return [
    ...problems.map((problem) => `${controller}/${problem}`),
    ...missing.map((name) => `${controller}/${name} is missing: see docs/controller.md`),
    ...copies.flat(),
  ];
}

const files = await filesOf(deployed);
const problems = [
  ...(await appProblems(files)),
  ...filesLeftOut(files).map((path) => `${deployed}/${path} would be left out by some tool`),
  ...(await controllerProblems(files)),
];
for (const problem of problems) console.error(`wrong    ${problem}`);
if (problems.length === 0) console.log(`${files.length} files of ${deployed} can be deployed.`);
process.exitCode = problems.length === 0 ? 0 : 1;
