// `npm run test:long`: what `npm test` does in part, at full size: 100 seeded kills, every point at
// which a host may fall, 30 random plans of faults, 20 organisations, source, scenarios and identity
// on two hosts with batches and early timers, and the download of a package of 2 GiB.
const { spawnSync } = require('node:child_process');

const runs = [
  { args: ['test/fault/random-kill'], env: { KILL_RUNS: '100', KILL_SEED: '1' } },
  { args: ['test/fault/falls-of-the-host'], env: { FALLS: 'all' } },
  { args: ['test/source/faults'], env: { FAULT_PLANS: '30', FAULT_SEED: '1' } },
  { args: ['test/source/organisations'], env: { ORGANISATIONS: '20', ORGANISATION_SEED: '1' } },
  { args: ['test/source', 'test/scenario', 'test/identity'], env: { SCENARIO_HOSTING: 'hard' } },
  { args: ['test/browser/download'], env: { DOWNLOAD_MIB: '2048' } },
];
for (const { args, env } of runs) {
  const { status } = spawnSync(
    process.execPath,
    ['scripts/jest.cjs', ...args, '--selectProjects', 'one host'],
    {
      stdio: 'inherit',
      env: { ...process.env, ...env },
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
