// Runs jest with the arguments given. With JEST_JSON=FILE it also writes its results there.
const { spawnSync } = require('node:child_process');

const file = process.env.JEST_JSON;
const args = [
  // A worker thread is loaded from its source, by Node itself, which finds out that it is a module.
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  require.resolve('jest/bin/jest'),
  ...process.argv.slice(2),
];
if (file) args.push('--json', `--outputFile=${file}`);
const { status } = spawnSync(process.execPath, args, {
  stdio: 'inherit',
});
process.exit(status ?? 1);
