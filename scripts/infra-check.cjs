// `npm run infra:check [-- --update]`: compiles infra/ with every rule as an error, and compares what
// would be deployed for each file of infra/parameters with its snapshot. The compiler comes from NuGet
// (which needs dotnet), or BICEP names it. Without a compiler the check is skipped, and fails only
// where CI is set.
const { spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readdirSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const version = '0.49.2';
const folder = resolve('.local/bicep');
const restored = join(folder, `packages/azure.bicep.commandline.linux-x64/${version}/tools/bicep`);

function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return { isFine: status === 0 && !error, output: `${stdout ?? ''}${stderr ?? ''}` };
}

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
  run('dotnet', ['restore', project, '--packages', join(folder, 'packages')]);
  return existsSync(restored) ? restored : null;
}

const bicep = compiler();
if (bicep === null) {
  console.log('Skipped: the Bicep compiler is unavailable (it needs dotnet and NuGet, or BICEP).');
  process.exit(process.env.CI ? 1 : 0);
}
let failures = 0;
const check = (name, args) => {
  const { isFine, output } = run(bicep, args);
  // Warnings count as errors: some rules cannot be raised above a warning.
  const isClean = isFine && !/ : (Warning|Error) /.test(output);
  console.log(`${isClean ? 'ok    ' : 'FAILED'} ${name}`);
  if (!isClean) {
    failures += 1;
    console.log(output.trim());
  }
};
check('build', ['build', 'infra/main.bicep', '--outfile', join(folder, 'main.json')]);
check('lint', ['lint', 'infra/main.bicep']);
const mode = process.argv.includes('--update') ? 'overwrite' : 'validate';
for (const file of readdirSync('infra/parameters').filter((name) => name.endsWith('.bicepparam'))) {
  check(`snapshot of ${file}`, [
    ...['snapshot', join('infra/parameters', file), '--mode', mode],
    ...['--subscription-id', '00000000-0000-0000-0000-000000000001'],
    ...['--tenant-id', '11111111-1111-1111-1111-111111111111'],
    ...['--resource-group', 'privacy', '--location', 'westeurope'],
  ]);
}
process.exit(failures === 0 ? 0 : 1);
