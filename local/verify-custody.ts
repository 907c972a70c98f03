/**
 * `npm run verify-custody -- FILE [--jwks FILE | --issuer HOST]`: checks a custody record, as
 * `GET /api/requests/{id}/custody` hands it out, without the app that wrote it. Ends with 0 only when
 * the chain holds and its end is signed by one of the keys given, with 3 when no key was given, with 1
 * when something is wrong, with 2 when it was called wrongly, with 4 when the keys could not be read.
 */
import { createLocalJWKSet, flattenedVerify, type JSONWebKeySet } from 'jose';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { documentProblems, type CustodyDocument } from '../src/core/custody/chain';
import { KeysNotReadError, readKeys } from './public-keys';

const usage = 'npm run verify-custody -- FILE [--jwks FILE | --issuer HOST]';
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The call was wrong: what is missing is said, and how it should be. */
class UsageError extends Error {}

async function isSigned(document: CustodyDocument, keys: JSONWebKeySet): Promise<boolean> {
  const [header = '', , signature = ''] = document.signature.split('.');
  const payload = Buffer.from(`${document.requestId}\n${document.head}\n`).toString('base64url');
  return flattenedVerify({ protected: header, payload, signature }, createLocalJWKSet(keys), {
    algorithms: ['ES256'],
  }).then(
    () => true,
    () => false,
  );
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { jwks: { type: 'string' }, issuer: { type: 'string' } },
  });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0) throw new UsageError('Name one custody record.');
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const keys = await readKeys(values.jwks, values.issuer);
  const document = JSON.parse(readFileSync(file, 'utf8')) as CustodyDocument;
  const problems = documentProblems(document);
  if (keys && !(await isSigned(document, keys)))
    problems.push('The end of the record is not signed by any of the keys given.');
  problems.forEach(say);
  if (problems.length > 0) return 1;
  say(`${document.entries.length} entries: the chain holds.`);
  if (keys === null) {
    say('Signer not checked: give --jwks FILE or --issuer HOST.');
    return 3;
  }
  say('Its end is signed by the key given.');
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
