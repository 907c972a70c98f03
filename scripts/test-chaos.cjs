// `npm run test:chaos -- --runs N --seed S`: requests under N seeded plans of kills, faults of the source,
// throttled, slow and truncated storage, steps of the clock and officers who intervene.
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
const { status } = spawnSync(process.execPath, ['scripts/jest.cjs', 'test/crash/chaos'], {
  stdio: 'inherit',
  env: { ...process.env, LONG_TESTS: 'yes', CHAOS_RUNS: values.runs, CHAOS_SEED: values.seed },
});
process.exit(status ?? 1);
