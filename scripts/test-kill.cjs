// `npm run test:kill -- --runs N --seed S`: kills the host at N seeded random moments.
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
for (const [name, value] of Object.entries(values)) {
  if (!/^\d+$/.test(value)) {
    console.error(`--${name} must be a whole number.`);
    process.exit(1);
  }
}
const { status } = spawnSync(process.execPath, ['scripts/jest.cjs', 'test/crash/random-kill'], {
  stdio: 'inherit',
  env: { ...process.env, LONG_TESTS: 'yes', KILL_RUNS: values.runs, KILL_SEED: values.seed },
});
process.exit(status ?? 1);
