// `npm run test:long`: what `npm test` runs in part or not at all, at full size (docs/testing.md).
const { spawnSync } = require('node:child_process');

const runs = [
  ...['1', '2', '3'].map((seed) => ({
    args: ['test/crash/random-kill'],
    env: { KILL_RUNS: '100', KILL_SEED: seed },
  })),
  {
    args: ['test/crash/host-crashes', 'test/crash/activities', 'test/crash/request-index'],
    env: { CRASHES: 'all' },
  },
  { args: ['test/crash/chaos'], env: { CHAOS_RUNS: '1000', CHAOS_SEED: '1' } },
  { args: ['test/host/durable'], env: { FAN_OUT: '1000' } },
  { args: ['test/source/faults'], env: { FAULT_PLANS: '30', FAULT_SEED: '1' } },
  { args: ['test/source/organisations'], env: { ORGANISATIONS: '20', ORGANISATION_SEED: '1' } },
  {
    args: ['test/source', 'test/scenario', 'test/authentication'],
    env: { SCENARIO_HOSTING: 'adverse' },
  },
  { args: ['test/browser/download'], env: { DOWNLOAD_MIB: '2048' } },
  { args: ['test/browser/viewer-pages'], env: { VIEWER_CONVERSATIONS: '100000' } },
  {
    args: ['test/unit/card-fuzz', 'test/unit/card-corpus'],
    env: { CARD_DOCUMENTS: '100000', CARD_TEXTS: '100000' },
  },
  { args: ['test/local/masking-steps'], env: { MASKING_LOADS: 'all' } },
  {
    args: [
      ...['test/browser/portal.test', 'test/browser/officer-widths'],
      ...['test/package/readers', 'test/project/deployed'],
      ...['test/scenario/two-hosts', 'test/scenario/one-budget', 'test/fault/disk-full'],
    ],
    env: {},
  },
  { args: ['test/activities/people-fuzz'], env: { PEOPLE_DOCUMENTS: '100000' } },
  { args: ['test/activities/right-person'], env: { RIGHT_PERSON_RUNS: '50000' } },
];
// A part that fails does not hide the parts after it: all run, and what failed is said last.
// `npm run test:long -- crash browser` runs the parts whose paths contain one of these words.
const words = process.argv.slice(2);
const chosen = runs.filter(
  ({ args }) =>
    words.length === 0 || words.some((word) => args.some((path) => path.includes(word))),
);
if (chosen.length === 0) {
  process.stderr.write(`No part of the long tests has a path with ${words.join(' or ')}.\n`);
  process.exit(2);
}
const summary = chosen.map(({ args, env }) => {
  const began = Date.now();
  const { status } = spawnSync(
    process.execPath,
    ['scripts/jest.cjs', ...args, '--selectProjects', 'one host'],
    {
      stdio: 'inherit',
      env: { ...process.env, LONG_TESTS: 'yes', ...env },
    },
  );
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const minutes = ((Date.now() - began) / 60_000).toFixed(1);
  return {
    passed: status === 0,
    line: `${status === 0 ? 'passed' : 'FAILED'} in ${minutes} min: ${[...settings, ...args].join(' ')}`,
  };
});
process.stdout.write(`\n${summary.map(({ line }) => line).join('\n')}\n`);
process.exit(summary.every(({ passed }) => passed) ? 0 : 1);
