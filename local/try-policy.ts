/**
 * `npm run try-policy -- --policy FILE FOLDER|FILE …`: shows what a policy of sanitisation would mask in
 * the documents of an unpacked package, or in any other files of JSON, and changes nothing. It shows
 * what it finds: run it where the data may be seen.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { policySchema } from '../src/core/redaction/policy';
import { addRedactions, countRedactions, type Redactions } from '../src/core/redaction/redactions';
import { Sanitiser } from '../src/core/redaction/sanitiser';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Every place of a document at which two versions of it differ. */
function* differences(before: unknown, after: unknown, place = ''): Generator<string> {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const isDeep = (value: unknown): value is Record<string, unknown> =>
    value !== null && typeof value === 'object';
  if (!isDeep(before) || !isDeep(after)) {
    yield `  ${place || '/'}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
    return;
  }
  for (const name of Object.keys(before))
    yield* differences(before[name], after[name], `${place}/${name}`);
}

function* documents(path: string): Generator<string> {
  if (!statSync(path).isDirectory()) yield path;
  else
    for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' }).sort())
      if (name.endsWith('.json') && name.includes('conversations/')) yield join(path, name);
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { policy: { type: 'string' } },
  });
  if (values.policy === undefined || positionals.length === 0)
    throw new Error('npm run try-policy -- --policy FILE FOLDER|FILE …');
  const result = policySchema.safeParse(JSON.parse(readFileSync(values.policy, 'utf8')));
  if (!result.success)
    throw new Error(`${values.policy} is not a policy:\n${z.prettifyError(result.error)}`);
  let all: Redactions = {};
  for (const path of positionals.flatMap((one) => [...documents(one)])) {
    const sanitiser = new Sanitiser(result.data, (userId) => `agent-${userId.slice(0, 8)}`);
    const before: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const changes = [...differences(before, sanitiser.document(before))];
    if (changes.length > 0) say([path, ...changes].join('\n'));
    all = addRedactions(all, sanitiser.redactions);
  }
  say(`\nAudio of calls: ${result.data.callAudio}`);
  for (const [reason, count] of Object.entries(countRedactions(all)).sort())
    say(`${reason}: ${count}`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
