// `npm run test:mutation [-- PART …]`: changes each module that stryker.config.mjs lists, one expression at
// a time, and runs the module's unit tests. Parts of names choose modules. Fails when less than 90 % is
// noticed.
import { Stryker } from '@stryker-mutator/core';
import { mkdirSync, writeFileSync } from 'node:fs';
import { modules } from '../stryker.config.mjs';

const folder = '.local/mutation';
/** Per cent of the changes that the tests have to notice. */
const least = 90;
const given = process.argv.slice(2);
const files = Object.keys(modules).filter(
  (file) => given.length === 0 || given.some((part) => file.includes(part)),
);

const line = (...cells) => `| ${cells.join(' | ')} |`;
const percent = (part, all) => (all === 0 ? 100 : (100 * part) / all).toFixed(1);
const rowOf = (name, { mutants, killed, timedOut, survived, errors }) =>
  line(
    ...[name, mutants, killed, timedOut, survived, errors],
    ...[percent(killed, mutants), percent(killed + timedOut, mutants)],
  );

const total = { mutants: 0, killed: 0, timedOut: 0, survived: 0, errors: 0 };
const rows = [];
const left = [];
for (const file of files) {
  const name = file.replaceAll('/', '-').replace(/\.ts$/, '');
  process.env.MUTATION_TESTS = modules[file].join(',');
  const results = await new Stryker({
    mutate: [file],
    htmlReporter: { fileName: `${folder}/${name}.html` },
    jsonReporter: { fileName: `${folder}/${name}.json` },
  }).runMutationTest();
  const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length;
  // A mutant by which the module cannot be loaded counts nowhere.
  const errors = count('RuntimeError', 'CompileError');
  const row = {
    mutants: results.length - errors,
    killed: count('Killed'),
    timedOut: count('Timeout'),
    survived: count('Survived', 'NoCoverage'),
    errors,
  };
  for (const key of Object.keys(total)) total[key] += row[key];
  rows.push(rowOf(file, row));
  console.log(rows.at(-1));
  for (const { status, location, replacement, mutatorName } of results) {
    if (status === 'Killed') continue;
    const at = `${file}:${location.start.line}:${location.start.column}`;
    left.push(`${at} ${status} ${mutatorName}: ${replacement}`);
  }
}
const table = [
  line(
    ...['module', 'mutants', 'killed', 'timed out', 'survived', 'errors'],
    ...['% killed', '% with time-outs'],
  ),
  line('---', ...Array.from({ length: 7 }, () => '--:')),
  ...rows,
  rowOf('all', total),
].join('\n');
const report = `${folder}/${given.length === 0 ? 'report' : 'partial-report'}.md`;
mkdirSync(folder, { recursive: true });
writeFileSync(report, `${table}\n\n${left.join('\n')}\n`);
console.log(`\n${table}\n\nWhat was not killed is listed in ${report}.`);
if (total.killed < (least / 100) * total.mutants) process.exitCode = 1;
