/**
 * `npm run verify-custody -- FILE|FOLDER [--jwks FILE | --issuer HOST] [--checkpoints FOLDER]`: checks a custody
 * record, as `GET /api/requests/{id}/custody` hands it out, without the app that wrote it; or all records
 * of a folder, as `custody export` of the command line writes them. A folder of
 * checkpoints is a copy of those in the storage container `custody`: a record that is older than one of
 * them, or differs from it, is found. Ends with 0 only when the chain holds, and its end and every
 * checkpoint are signed by one of the keys given, with 3 when no key was given, with 1 when something is
 * wrong, with 2 when it was called wrongly, with 4 when the keys could not be read.
 */
import { createLocalJWKSet, flattenedVerify, type JSONWebKeySet } from 'jose';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkpointOf, documentProblems, type CustodyDocument } from '../src/core/custody/chain';
import { checkpointText, type CustodyCheckpoint } from '../src/core/custody/heads';
import { KeysNotReadError, readKeys } from './public-keys';

const usage =
  'npm run verify-custody -- FILE|FOLDER [--jwks FILE | --issuer HOST] [--checkpoints FOLDER]';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The call was wrong: what is missing is said, and how it should be. */
class UsageError extends Error {}

async function isSigned(checkpoint: CustodyCheckpoint, keys: JSONWebKeySet): Promise<boolean> {
  const [header = '', , signature = ''] = checkpoint.signature.split('.');
  const payload = Buffer.from(checkpointText(checkpoint)).toString('base64url');
  return flattenedVerify({ protected: header, payload, signature }, createLocalJWKSet(keys), {
    algorithms: ['ES256'],
  }).then(
    () => true,
    () => false,
  );
}

/** What is wrong with the signatures of a record and of its checkpoints, in sentences. */
async function signatureProblems(
  document: CustodyDocument,
  keys: JSONWebKeySet,
): Promise<string[]> {
  const problems: string[] = [];
  const end = { ...checkpointOf(document), signature: document.signature ?? '' };
  if (!(await isSigned(end, keys)))
    problems.push('The end of the record is not signed by any of the keys given.');
  for (const checkpoint of document.checkpoints) {
    if (!(await isSigned(checkpoint, keys)))
      problems.push(`The checkpoint of ${checkpoint.at} is not signed by any of the keys given.`);
  }
  return problems;
}

/** Checkpoints of a request in a folder, at any depth. */
function checkpointsIn(folder: string, requestId: string): CustodyCheckpoint[] {
  if (!existsSync(folder)) throw new UsageError(`There is no folder ${folder}.`);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && name.includes(requestId))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as CustodyCheckpoint);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      jwks: { type: 'string' },
      issuer: { type: 'string' },
      checkpoints: { type: 'string' },
    },
  });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0) throw new UsageError('Name one custody record.');
  if (!existsSync(path)) throw new UsageError(`There is no file ${path}.`);
  const keys = await readKeys(values.jwks, values.issuer);
  if (!statSync(path).isDirectory()) return verify(path, keys, values.checkpoints);
  const files = readdirSync(path).filter((name) => name.endsWith('.json'));
  if (files.length === 0) throw new UsageError(`There are no records in ${path}.`);
  const codes = new Set<number>();
  for (const name of files.sort()) {
    say(`${name}:`);
    codes.add(await verify(join(path, name), keys, values.checkpoints));
  }
  // A record that is wrong outweighs that signers were not checked.
  return [1, 3].find((code) => codes.has(code)) ?? 0;
}

/** Checks a record and says what was found. @returns the code that a check of it alone ends with */
async function verify(
  file: string,
  keys: JSONWebKeySet | null,
  checkpoints: string | undefined,
): Promise<number> {
  const read = JSON.parse(readFileSync(file, 'utf8')) as CustodyDocument;
  const kept = checkpoints === undefined ? [] : checkpointsIn(checkpoints, read.requestId);
  const document = { ...read, checkpoints: [...read.checkpoints, ...kept] };
  const problems = [
    ...documentProblems(document),
    ...(keys ? await signatureProblems(document, keys) : []),
  ];
  [...new Set(problems)].forEach(say);
  if (problems.length > 0) return 1;
  say(`${document.entries.length} entries: the chain holds.`);
  say(`Checkpoints compared: ${document.checkpoints.length}.`);
  if (keys === null) {
    say('Signer not checked: give --jwks FILE or --issuer HOST.');
    return 3;
  }
  say('Its end and its checkpoints are signed by the key given.');
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
