// Runs tests of seeded runs that `npm test` leaves out: `--runs N --seed S` of the command line reach them as
// `NAME_RUNS` and `NAME_SEED`.
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

/** @param path of the tests @param name what begins the names of their variables */
module.exports = function runSeeded(path, name) {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
  });
  for (const [option, value] of Object.entries(values)) {
    if (!/^\d+$/.test(value)) {
      console.error(`--${option} must be a whole number.`);
      process.exit(1);
    }
  }
  const given = { [`${name}_RUNS`]: values.runs, [`${name}_SEED`]: values.seed };
  const { status } = spawnSync(process.execPath, ['scripts/jest.cjs', path], {
    stdio: 'inherit',
    env: { ...process.env, LONG_TESTS: 'yes', ...given },
  });
  process.exit(status ?? 1);
};
