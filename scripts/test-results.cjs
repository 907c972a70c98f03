// What the results of a run of jest (`JEST_JSON=FILE npm test`) say.
//   node scripts/test-results.cjs summary FILE EXIT_CODE
//     prints the ten slowest files, the total, failed tests and a last line "N passed, N failed"
//   node scripts/test-results.cjs durations FILE
//     writes test/durations.json, by which a new clone orders its files
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join, relative } = require('node:path');

const root = join(__dirname, '..');
const nameOf = (path) => relative(root, path).replaceAll('\\', '/');
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);

/** Milliseconds by file; the longer one of a file that runs in both projects. */
function durationsOf({ testResults }) {
  const found = {};
  for (const { name, startTime, endTime } of testResults)
    found[nameOf(name)] = Math.max(found[nameOf(name)] ?? 0, endTime - startTime);
  return found;
}

/** Writes durations to a second, so that a run changes the file only where something has changed. */
function writeDurations(results) {
  const rounded = Object.entries(durationsOf(results))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, time]) => [name, Math.max(1, Math.round(time / 1000)) * 1000]);
  const text = JSON.stringify(Object.fromEntries(rounded), null, 2);
  writeFileSync(join(root, 'test/durations.json'), `${text}\n`);
}

/** Full names of what failed: tests, and files that could not be run. */
const failuresOf = ({ testResults }) =>
  testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [`${nameOf(name)} (did not run)`];
    return failed.map(({ fullName }) => `${nameOf(name)}: ${fullName}`);
  });

function summary(results, exitCode) {
  const files = Object.entries(durationsOf(results)).sort(([, a], [, b]) => b - a);
  console.log('\nThe ten slowest files, in seconds:');
  for (const [name, time] of files.slice(0, 10))
    console.log(`${seconds(time).padStart(7)}  ${name}`);
  const total = Math.max(...results.testResults.map(({ endTime }) => endTime)) - results.startTime;
  console.log(`${seconds(total).padStart(7)}  in all, ${results.testResults.length} files`);
  const failures = failuresOf(results);
  // Type check, lint and formatting have no place in the results.
  if (exitCode !== 0 && failures.length === 0) failures.push('type check, lint or formatting');
  if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}\n`);
  const { numPassedTests, numPendingTests } = results;
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  console.log(`${numPassedTests} passed, ${failures.length} failed${skipped}`);
}

const [action, file, exitCode] = process.argv.slice(2);
const text = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
if (action === 'durations' && text !== '') writeDurations(JSON.parse(text));
else if (action !== 'summary') {
  console.error('Usage: node scripts/test-results.cjs summary|durations FILE [EXIT_CODE]');
  process.exitCode = 1;
} else if (text === '') {
  console.log('The tests did not run.\n0 passed, 1 failed');
} else summary(JSON.parse(text), Number(exitCode));
