// `npm run infra:check [-- --update]`: compiles infra/ with every rule as an error, and compares what
// would be deployed for each file of infra/parameters with its snapshot. The compiler comes from NuGet
// (which needs dotnet), or BICEP names it. Without a compiler the check is skipped, and fails only
// where CI is set. What passed before on the very same files is not compiled again.
const { execFile, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { promisify } = require('node:util');
const { hashOfFiles } = require('./hash-of-files.cjs');

const version = '0.49.2';
const folder = resolve('.local/bicep');
const restored = join(folder, `packages/azure.bicep.commandline.linux-x64/${version}/tools/bicep`);

/** Path of the compiler; null where it is unavailable. */
function compiler() {
  if (process.env.BICEP) return process.env.BICEP;
  if (existsSync(restored)) return restored;
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  mkdirSync(folder, { recursive: true });
  const project = join(folder, 'bicep.csproj');
  writeFileSync(
    project,
    `<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>netstandard2.0</TargetFramework></PropertyGroup><ItemGroup><PackageDownload Include="Azure.Bicep.CommandLine.linux-x64" Version="[${version}]" /></ItemGroup></Project>`,
  );
  spawnSync('dotnet', ['restore', project, '--packages', join(folder, 'packages')]);
  return existsSync(restored) ? restored : null;
}

const bicep = compiler();
if (bicep === null) {
  console.log('Skipped: the Bicep compiler is unavailable (it needs dotnet and NuGet, or BICEP).');
  process.exit(process.env.CI ? 1 : 0);
}
const mode = process.argv.includes('--update') ? 'overwrite' : 'validate';

/** What the compiler is asked, by the name that it is reported under. */
const checks = [];
for (const name of ['main', 'subscription']) {
  const output = join(folder, `${name}.json`);
  // It reports what `lint` finds as well, line by line the same.
  checks.push([`build of ${name}`, ['build', `infra/${name}.bicep`, '--outfile', output]]);
}
for (const file of readdirSync('infra/parameters').filter((name) => name.endsWith('.bicepparam'))) {
  const path = join('infra/parameters', file);
  const makesGroup = readFileSync(path, 'utf8').includes("using '../subscription.bicep'");
  checks.push([
    `snapshot of ${file}`,
    [
      ...['snapshot', path, '--mode', mode, '--location', 'westeurope'],
      ...['--subscription-id', '00000000-0000-0000-0000-000000000001'],
      ...['--tenant-id', '11111111-1111-1111-1111-111111111111'],
      ...(makesGroup ? [] : ['--resource-group', 'privacy']),
    ],
  ]);
}

/** Runs the compiler. Warnings count as errors: some rules cannot be raised above a warning. */
const examine = (args) =>
  promisify(execFile)(bicep, args, { maxBuffer: 2 ** 26 }).then(
    ({ stdout, stderr }) => ({
      isClean: !/ : (Warning|Error) /.test(stdout + stderr),
      stdout,
      stderr,
    }),
    ({ stdout, stderr, message }) => ({ isClean: false, stdout, stderr: stderr || message }),
  );

const passed = resolve('node_modules/.cache/infra-check');

/** Hash of everything that the outcome depends on. */
function inputs() {
  const files = readdirSync('infra', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return hashOfFiles([bicep, version], '.', [...files.sort(), 'scripts/infra-check.cjs']);
}

/** Some at a time: the compiler waits more than it computes. */
async function main() {
  const before = inputs();
  if (mode === 'validate' && existsSync(passed) && readFileSync(passed, 'utf8') === before) {
    for (const [name] of checks) console.log(`ok     ${name} (passed before on the same files)`);
    return 0;
  }
  let failures = 0;
  const left = [...checks];
  const worker = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, args] = next;
      const { isClean, stdout, stderr } = await examine(args);
      console.log(`${isClean ? 'ok    ' : 'FAILED'} ${name}`);
      if (isClean) continue;
      failures += 1;
      console.log(`${stdout}${stderr}`.trim());
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  if (failures === 0 && inputs() === before) {
    mkdirSync(join(passed, '..'), { recursive: true });
    writeFileSync(passed, before);
  }
  return failures;
}
void main().then((failures) => process.exit(failures === 0 ? 0 : 1));
