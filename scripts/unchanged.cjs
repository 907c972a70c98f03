// `node scripts/unchanged.cjs COMMAND...` runs a command of node_modules/.bin that reads the files of the
// project, unless it passed before on the very same files. ESLint's own cache looks at one file at a time,
// and so misses what the type of another file changes.
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { hashOfFiles } = require('./hash-of-files.cjs');

const root = join(__dirname, '..');
const [command, ...args] = process.argv.slice(2);
const name = [command, ...args].join(' ').replaceAll(/[^\w.-]+/g, '_');
const stamp = join(root, 'node_modules/.cache/unchanged', name);

/** Hash of the command and of every file that git would commit; null where there is no git. */
function inputs() {
  try {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
    });
    const files = [...new Set(listed.split('\0'))].filter(
      (file) => file !== '' && existsSync(join(root, file)),
    );
    return hashOfFiles([process.version, command, args], root, files);
  } catch {
    return null;
  }
}

/**
 * Two packages bring a `tsc`: the rules of ESLint need TypeScript 6; types are checked by TypeScript 7,
 * which is compiled and takes a third of the time.
 */
const [program, programArgs] =
  command === 'tsc'
    ? [process.execPath, [join(root, 'node_modules/typescript-native/bin/tsc'), ...args]]
    : [join(root, 'node_modules/.bin', command), args];

/** Their objects live long: with a larger young generation ESLint takes a sixth less of the processor's time. */
const options = [process.env.NODE_OPTIONS, '--max-semi-space-size=128'].filter(Boolean).join(' ');

const before = inputs();
if (before !== null && existsSync(stamp) && readFileSync(stamp, 'utf8') === before) {
  console.log(`${command} ${args.join(' ')}: passed before on the same files.`);
} else {
  const { status } = spawnSync(program, programArgs, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: options },
    shell: process.platform === 'win32',
  });
  if (status === 0 && before !== null && inputs() === before) {
    mkdirSync(join(stamp, '..'), { recursive: true });
    writeFileSync(stamp, before);
  }
  process.exitCode = status ?? 1;
}
