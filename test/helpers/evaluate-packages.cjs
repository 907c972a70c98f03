// `node evaluate-packages.cjs FOLDER`: evaluates every package of what is deployed, and prints as JSON their
// names, and the exported classes and functions that have another name of their own than in the package as it
// is installed: code reads the names of classes, of errors above all.
const { readdirSync } = require('node:fs');
const { join } = require('node:path');
const { provideCoreModule } = require('../../dist/local/host/core-module.js');
const { runInScope } = require('../../dist/local/host/app-scope.js');

const folder = join(process.argv[2], 'packages');
provideCoreModule();

function evaluate() {
  const names = [];
  const renamed = [];
  for (const file of readdirSync(folder)) {
    const group = require(join(folder, file));
    for (const name of Object.keys(group)) {
      names.push(name);
      const [bundled, installed] = [group[name](), require(name)];
      for (const [key, value] of Object.entries(installed))
        if (typeof value === 'function' && bundled[key]?.name !== value.name)
          renamed.push(`${name} ${key}: ${bundled[key]?.name} instead of ${value.name}`);
    }
  }
  console.log(JSON.stringify({ names, renamed }));
}

// What a package registers when it is evaluated goes nowhere.
const registry = {
  register: () => () => true,
  registerHook: () => () => undefined,
  log: () => undefined,
};
runInScope({ registry, env: null }, evaluate);
