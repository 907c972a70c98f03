// `npm run test:coverage [-- PATH...]`: runs the tests and says which lines of src/ they run, also in the
// processes that they start. A report, not a gate: it fails only where a test fails. Scripts of the pages,
// which run in a browser, and processes that a test kills are not in it.
const { mergeProcessCovs } = require('@bcoe/v8-coverage');
const { eachMapping, TraceMap } = require('@jridgewell/trace-mapping');
const { createCoverageMap } = require('istanbul-lib-coverage');
const v8ToIstanbul = require('v8-to-istanbul');
const fastGlob = require('fast-glob');
const { spawnSync } = require('node:child_process');
const {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join, relative, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');

const root = join(__dirname, '..');
const folder = join(root, 'coverage');
const ofProcesses = join(folder, 'processes');
const compiled = join(root, 'dist/src');
const app = join(folder, 'app');

/** The app for the host, compiled file by file: lines of a bundle are those of no source. */
function writeApp() {
  mkdirSync(app, { recursive: true });
  const main = relative(app, join(compiled, 'app.js'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ main }));
  copyFileSync(join(root, 'host.json'), join(app, 'host.json'));
}

/** Runs jest, which measures what runs in its own processes: transformed or, for app and host, compiled. */
function runTests(args) {
  const { status } = spawnSync(
    process.execPath,
    [
      join(__dirname, 'jest.cjs'),
      ...args,
      ...['--coverage', '--coverageProvider=v8', '--coverageReporters=json'],
      `--coverageDirectory=${folder}`,
      ...['--collectCoverageFrom=src/**/*.ts', '--collectCoverageFrom=dist/src/**/*.js'],
      // Measuring slows everything down.
      '--testTimeout=180000',
    ],
    {
      stdio: 'inherit',
      // Code from a cache is not measured by the line.
      env: {
        ...process.env,
        COVERAGE_OF_PROCESSES: ofProcesses,
        COVERAGE_APP: app,
        NODE_DISABLE_COMPILE_CACHE: '1',
      },
    },
  );
  return status ?? 1;
}

/** What the processes that tests have started ran, by source line. */
async function coverageOfProcesses() {
  let all = { result: [] };
  const files = existsSync(ofProcesses) ? readdirSync(ofProcesses) : [];
  for (const file of files) {
    const { result } = JSON.parse(readFileSync(join(ofProcesses, file), 'utf8'));
    const own = result.filter(
      ({ url }) => url.startsWith('file:') && fileURLToPath(url).startsWith(compiled),
    );
    all = mergeProcessCovs([all, { result: own }]);
  }
  const map = createCoverageMap();
  for (const { url, functions } of all.result) {
    const converter = v8ToIstanbul(fileURLToPath(url));
    await converter.load();
    converter.applyCoverage(functions);
    map.merge(converter.toIstanbul());
  }
  return map;
}

/** Lines of a source from which code was made: neither comments nor types. */
function linesWithCode(file) {
  const path = `${file}.map`;
  const lines = new Map();
  const map = new TraceMap(JSON.parse(readFileSync(path, 'utf8')));
  eachMapping(map, ({ source, originalLine }) => {
    if (source === null) return;
    const name = resolve(dirname(path), source);
    lines.set(name, (lines.get(name) ?? new Set()).add(originalLine));
  });
  return lines;
}

/** Lines of each source with code, and how many of them ran. */
function linesRun(maps) {
  const rows = [];
  for (const file of fastGlob.sync('dist/src/**/*.js', { cwd: root, absolute: true })) {
    if (!existsSync(`${file}.map`)) continue;
    for (const [source, lines] of linesWithCode(file)) {
      // Of a file of types only its frame is left.
      if (lines.size < 2) continue;
      const covered = maps
        .filter((map) => map.files().includes(source))
        .map((map) => map.fileCoverageFor(source).getLineCoverage());
      const run = [...lines].filter((line) => covered.some((counts) => counts[line] > 0));
      rows.push({ name: relative(root, source), lines: lines.size, run: run.length });
    }
  }
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function report(rows) {
  const areas = new Map();
  const add = (name, { lines, run }) => {
    const area = areas.get(name) ?? { lines: 0, run: 0 };
    areas.set(name, { lines: area.lines + lines, run: area.run + run });
  };
  const print = (name, { lines, run }) =>
    console.log(`${((100 * run) / lines).toFixed(1).padStart(6)} %  ${run}/${lines}  ${name}`);
  for (const row of rows) {
    add(row.name.split('/').slice(0, -1).join('/'), row);
    add('all of src', row);
  }
  console.log('\nFiles of which more than a tenth of the lines did not run:');
  for (const row of rows) if (row.run < 0.9 * row.lines) print(row.name, row);
  console.log('\nLines that ran:');
  for (const [name, area] of areas) if (name !== 'all of src') print(name, area);
  print('all of src', areas.get('all of src'));
}

async function main() {
  rmSync(folder, { recursive: true, force: true });
  writeApp();
  const status = runTests(process.argv.slice(2));
  const ofJest = createCoverageMap(
    JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')),
  );
  report(linesRun([ofJest, await coverageOfProcesses()]));
  return status;
}

main().then((status) => (process.exitCode = status));
