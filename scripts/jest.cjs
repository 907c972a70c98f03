// Runs jest with the given arguments. With JEST_JSON=FILE it also writes the results to that file.
// Processes that tests start find their packages compiled: loading the app takes a fifth less.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');

const file = process.env.JEST_JSON;
/** Node 22 watches each promise for `AsyncLocalStorage`, which later versions do without, as 22 does by this. */
const contextFrame = '--experimental-async-context-frame';
const args = [
  ...(process.allowedNodeEnvironmentFlags.has(contextFrame) ? [contextFrame] : []),
  // Node loads worker threads from their source, and warns when it detects that one is a module.
  '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
  // Each test file evaluates its modules anew, so most code runs a few times only: compiled at once by
  // V8's baseline compiler it takes a tenth less.
  '--always-sparkplug',
  // Modules that are evaluated anew leave much behind: a larger young generation collects it in a tenth less.
  '--max-semi-space-size=128',
  require.resolve('jest/bin/jest'),
  ...process.argv.slice(2),
];
if (file) args.push('--json', `--outputFile=${file}`);
const { status } = spawnSync(process.execPath, args, {
  stdio: 'inherit',
  env: {
    NODE_COMPILE_CACHE: join(__dirname, '../node_modules/.cache/compile'),
    ...process.env,
  },
});
process.exit(status ?? 1);
