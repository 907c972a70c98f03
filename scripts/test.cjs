// `npm test`: compiles, then runs every test, with type check, lint and formatting beside them.
// Arguments go to jest. Fails when one of them fails.
const { spawn, spawnSync } = require('node:child_process');

const npm = (name) => ['npm', ['run', '--silent', name], { shell: process.platform === 'win32' }];
const run = ([command, args, options], stdio) =>
  new Promise((resolve) => {
    const chunks = [];
    const child = spawn(command, args, { ...options, stdio });
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks) }));
  });

/** One after the other, so that they take one core at most; says what a failed one has printed. */
async function checks() {
  let failed = 0;
  for (const name of ['typecheck', 'lint']) {
    const { code, output } = await run(npm(name), ['ignore', 'pipe', 'pipe']);
    if (code === 0) continue;
    failed += 1;
    process.stderr.write(`\n${name} failed:\n${output}\n`);
  }
  return failed;
}

async function main() {
  const [command, args, options] = npm('build');
  const { status } = spawnSync(command, args, { ...options, stdio: 'inherit' });
  if (status !== 0) return 1;
  const tests = [process.execPath, [require.resolve('./jest.cjs'), ...process.argv.slice(2)], {}];
  const [failed, { code }] = await Promise.all([checks(), run(tests, 'inherit')]);
  if (failed > 0) console.error('\nType check, lint or formatting failed; see above.');
  return failed > 0 ? 1 : code;
}

main().then((code) => (process.exitCode = code));
