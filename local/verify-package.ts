/**
 * `npm run verify-package -- FILE [--passphrase-file FILE] [--jwks FILE | --issuer HOST]`: checks
 * a package without whoever made it. The passphrase comes from standard input. Ends with 0 only when
 * every hash holds and the signature is by one of the keys given, with 3 when no key was given, with 1
 * when something is wrong, with 2 when it was called wrongly, with 4 when the keys could not be read.
 */
import { BlobReader, configure } from '@zip.js/zip.js';
import { createHash } from 'node:crypto';
import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { checkPackage, type Hasher } from '../src/web/package-check/check';
import { KeysNotReadError, readKeys } from './public-keys';

const usage =
  'npm run verify-package -- FILE [--passphrase-file FILE] [--jwks FILE | --issuer HOST]';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const hasher: Hasher = () => {
  const hash = createHash('sha256');
  return {
    stream: new WritableStream({ write: (chunk) => void hash.update(chunk) }),
    hex: () => Promise.resolve(hash.digest('hex')),
  };
};

/** The call was wrong: what is missing is said, and how it should be. */
class UsageError extends Error {}

async function passphraseOf(
  file: string | undefined,
  argument: string | undefined,
): Promise<string> {
  if (argument !== undefined) {
    process.stderr.write(
      'Warning: others on this machine can read a passphrase that stands on the command line.\n',
    );
    return argument;
  }
  if (file !== undefined) return readFileSync(file, 'utf8').trim();
  if (process.stdin.isTTY) process.stderr.write('Passphrase, then Ctrl-D: ');
  return (await text(process.stdin)).trim();
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      passphrase: { type: 'string' },
      'passphrase-file': { type: 'string' },
      jwks: { type: 'string' },
      issuer: { type: 'string' },
    },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('Name one package.');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const passphrase = await passphraseOf(values['passphrase-file'], values.passphrase);
  if (passphrase === '') throw new UsageError('Give the passphrase on standard input.');
  const keys = await readKeys(values.jwks, values.issuer);
  configure({ useWebWorkers: false });
  const { problems, files, bytes, signer } = await checkPackage(
    new BlobReader(await openAsBlob(file)),
    passphrase,
    keys,
    hasher,
  );
  for (const problem of problems) say(problem);
  if (problems.length > 0) {
    say(`${problems.length} problems in ${files} files.`);
    return 1;
  }
  say(`${files} files, ${bytes} bytes: every hash holds.`);
  if (signer === 'unchecked') {
    say('Signer not checked: give --jwks FILE or --issuer HOST.');
    return 3;
  }
  say('The signature is by the key given.');
  return 0;
}

void main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (error instanceof KeysNotReadError) return 4;
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write(`${usage}\n`);
    return 2;
  })
  .then((code) => {
    process.exitCode = code;
  });
