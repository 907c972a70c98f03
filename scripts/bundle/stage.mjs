// Stages what is deployed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import fastGlob from 'fast-glob';
import { bundleApp } from './app.mjs';
import { joinCatalogs } from './catalogs.mjs';
import { bundlePackages } from './packages.mjs';
import { bundlePages } from './pages.mjs';
import { thirdParty } from './third-party.mjs';

/** The package.json of what is deployed: nothing is installed there. */
function deployedPackage({ name, version, license, engines }) {
  return { name, version, private: true, license, main: 'app/app.js', engines };
}

/**
 * Stages the folder that is deployed, as it runs: `app/`, `packages/` and what describes them. The same
 * files of the project, with the same packages installed, give the same bytes.
 * @param root folder of the project
 * @param to the folder
 * @param isKept whether bundles of packages are taken that an earlier run has kept
 */
export async function stage({ root, to, isKept = true }) {
  await rm(to, { recursive: true, force: true });
  const app = await bundleApp({ root, to: join(to, 'app') });
  const bundled = [
    app.inputs,
    await bundlePages({ root, to: join(to, 'app/web') }),
    await bundlePackages({ root, names: app.names, to: join(to, 'packages'), isKept }),
  ];
  await copyAssets(root, join(to, 'app'));
  await describe(root, to, bundled.flat());
  await stageController(root, to);
}

/** Copies what the app reads as files: pages, and texts in each language. */
async function copyAssets(root, to) {
  const sources = { cwd: join(root, 'src') };
  for (const file of await fastGlob('web/**/*.{html,svg}', sources))
    await cp(join(root, 'src', file), join(to, file));
  await joinCatalogs({ root, to: join(to, 'locales') });
}

/** What the Functions host reads, and what says of what the app is made. */
async function describe(root, to, inputs) {
  for (const file of ['host.json', 'LICENSE']) await cp(join(root, file), join(to, file));
  const own = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const deployed = JSON.stringify(deployedPackage(own), undefined, 2);
  await writeFile(join(to, 'package.json'), `${deployed}\n`);
  await writeFile(join(to, 'THIRD-PARTY.txt'), await thirdParty(root, inputs));
  const bill = resolve(to, 'sbom.cdx.json');
  await promisify(execFile)(process.execPath, ['scripts/sbom.cjs', bill], { cwd: root });
}

/** Files of the controller, where the project has what stages them. */
async function stageController(root, to) {
  const script = join(root, 'scripts/stage-controller.mjs');
  if (!existsSync(script)) return;
  const { stageController: stageFiles } = await import(pathToFileURL(script).href);
  await stageFiles({ from: join(root, 'controller'), to: join(to, 'controller') });
}
