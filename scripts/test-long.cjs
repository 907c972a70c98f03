// `npm run test:long`: what `npm test` runs in part or not at all, at full size (docs/testing.md).
const { spawn } = require('node:child_process');
const { mkdirSync, openSync, closeSync, readFileSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { findTool } = require('../dist/local/tools');

/** Parts that take longest come first, so that none of them is alone at the end. */
const runs = [
  { args: ['test/activities/people-fuzz'], env: { PEOPLE_DOCUMENTS: '100000' } },
  // Eight, each with an Azurite of its own: every ten minutes one stands still for minutes, to collect what hundreds of
  // plans have left.
  ...Array.from({ length: 8 }, (_, i) => ({
    args: ['test/crash/chaos'],
    env: { CHAOS_RUNS: '125', CHAOS_SEED: String(i * 125 + 1) },
  })),
  ...['1', '2', '3'].map((seed) => ({
    args: ['test/crash/random-kill'],
    env: { KILL_RUNS: '100', KILL_SEED: seed },
  })),
  {
    args: ['test/crash/host-crashes', 'test/crash/activities', 'test/crash/request-index'],
    env: { CRASHES: 'all' },
  },
  { args: ['test/source/organisations'], env: { ORGANISATIONS: '20', ORGANISATION_SEED: '1' } },
  { args: ['test/activities/right-person'], env: { RIGHT_PERSON_RUNS: '50000' } },
  { args: ['test/host/durable'], env: { FAN_OUT: '1000' } },
  { args: ['test/source/faults'], env: { FAULT_PLANS: '30', FAULT_SEED: '1' } },
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
  // What passes this year only would fail by itself one day.
  { args: ['test/'], env: { LONG_TESTS: 'no', TZ: 'Pacific/Auckland' }, yearsAhead: 5 },
];
const nameOf = ({ args, env, yearsAhead }) =>
  [
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...args,
    ...(yearsAhead ? [`in ${yearsAhead} years`] : []),
  ].join(' ');
// A part that fails does not hide the parts after it: all run, and what failed is said last.
// `npm run test:long -- crash browser` runs the parts whose names contain one of these words.
const words = process.argv.slice(2);
const chosen = runs.filter(
  (part) => words.length === 0 || words.some((word) => nameOf(part).includes(word)),
);
if (chosen.length === 0) {
  process.stderr.write(`No part of the long tests has a name with ${words.join(' or ')}.\n`);
  process.exit(2);
}

const logs = join(__dirname, '../.local/test-long');
mkdirSync(logs, { recursive: true });
const minutesSince = (time) => ((Date.now() - time) / 60_000).toFixed(1);

/** Seconds of years of 365.25 days. */
const secondsOf = (years) => Math.round(years * 365.25 * 86_400);
const faketime = findTool('faketime');

/** Runs a part, its output in a file of its own; says in a line how it ended. */
function run(part, index) {
  const { args, env, yearsAhead } = part;
  if (yearsAhead && faketime === null) {
    const line = `skipped, because faketime is not installed: ${nameOf(part)}`;
    process.stdout.write(`${line}\n`);
    return Promise.resolve({ passed: true, line });
  }
  const log = join(logs, `${index + 1}.txt`);
  const output = openSync(log, 'w');
  const began = Date.now();
  const [program, ...given] = [
    ...(yearsAhead ? [faketime, '-f', `+${secondsOf(yearsAhead)}`] : []),
    ...[process.execPath, 'scripts/jest.cjs', ...args],
    // The other project is a scenario that runs among the tests of this one here, except where `npm test` is repeated.
    ...(yearsAhead ? [] : ['--selectProjects', 'one host']),
  ];
  const jest = spawn(program, given, {
    stdio: ['ignore', output, output],
    env: { ...process.env, LONG_TESTS: 'yes', ...env },
  });
  closeSync(output);
  return new Promise((resolve) => {
    jest.once('close', (status) => {
      const passed = status === 0;
      const text = readFileSync(log, 'utf8');
      const [counts] = /^Tests: .*$/m.exec(text) ?? ['no test has run'];
      const end = `${passed ? 'passed' : 'FAILED'} in ${minutesSince(began)} min`;
      const line = `${end}: ${nameOf(part)}\n  ${counts}`;
      process.stdout.write(`${passed ? '' : text}${line}\n`);
      resolve({ passed, line });
    });
  });
}

/** Most parts are one file, which waits for the processes that it starts: one part more than processors. */
async function runAll() {
  const began = Date.now();
  const summary = [];
  const waiting = [...chosen.entries()];
  await Promise.all(
    Array.from({ length: availableParallelism() + 1 }, async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, part] = next;
        summary[index] = await run(part, index);
      }
    }),
  );
  process.stdout.write(`\nIn ${minutesSince(began)} min:\n`);
  process.stdout.write(`${summary.map(({ line }) => line).join('\n')}\n`);
  process.exitCode = summary.every(({ passed }) => passed) ? 0 : 1;
}

void runAll();
