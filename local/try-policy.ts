/**
 * `npm run try-policy -- --policy FILE [--json] [--email ADDRESS] [FOLDER|FILE …]`: shows what a redaction
 * policy would mask in the files of an unpacked package, or in any others, and changes nothing; without a
 * folder, in what the simulated Genesys Cloud holds. It prints what it finds, to standard output alone:
 * run it where the data may be seen. Ends with 0, with 1 when a pattern finds nothing or too much, and with
 * 2 when it was called wrongly or the policy is refused.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { policyProblems, policySchema, type Policy } from '../src/core/redaction/policy';
import {
  filesAt,
  largestShare,
  simulatedFiles,
  tryPolicy,
  type Change,
  type PatternTrial,
  type Trial,
} from './policy-trial';

const usage = 'npm run try-policy -- --policy FILE [--json] [--email ADDRESS] [FOLDER|FILE …]';

/** The call was wrong, or what it names. */
class UsageError extends Error {}

function readPolicy(file: string): Policy {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new UsageError(`${file} is not a file of JSON.`);
  }
  const result = policySchema.safeParse(content);
  if (result.success) return result.data;
  throw new UsageError(
    [`${file} is not a policy:`, ...policyProblems(content, result.error)].join('\n  '),
  );
}

interface Call {
  policy: Policy;
  paths: string[];
  own: string[];
  isJson: boolean;
}

function readCall(args: string[]): Call {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        policy: { type: 'string' },
        json: { type: 'boolean' },
        email: { type: 'string', multiple: true },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.policy === undefined) throw new UsageError('Name a policy.');
  const missing = positionals.find((path) => !existsSync(path));
  if (missing !== undefined) throw new UsageError(`There is no file or folder ${missing}.`);
  return {
    policy: readPolicy(values.policy),
    paths: positionals,
    own: values.email ?? [],
    isJson: values.json ?? false,
  };
}

/** Characters around a change that are printed. */
const around = 40;

/** The part of two texts in which they differ, with what stands around it. */
function excerpts({ before, after }: Change): [string, string] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const cut = (text: string): string => {
    const from = Math.max(0, start - around);
    const to = Math.min(text.length, text.length - end + around);
    return `${from > 0 ? '…' : ''}${text.slice(from, to)}${to < text.length ? '…' : ''}`;
  };
  return [cut(before), cut(after)];
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;

function patternLine({ name, matches, share, warning }: PatternTrial): string {
  const found = `  ${name}: ${matches} times, ${percent(share)} of the characters`;
  switch (warning) {
    case null:
      return found;
    case 'nothing':
      return `${found}\n    Warning: it finds nothing.`;
    case 'tooMuch':
      return `${found}\n    Warning: it finds more than ${percent(largestShare)} of all characters.`;
  }
}

function* report(trial: Trial, { policy }: Call): Generator<string> {
  let file = '';
  for (const change of trial.changes) {
    if (change.file !== file) yield change.file;
    ({ file } = change);
    const [before, after] = excerpts(change);
    yield `  ${change.place}`;
    yield `    - ${before}`;
    yield `    + ${after}`;
  }
  yield '';
  yield `Searched: ${trial.files} files, ${trial.characters} characters.`;
  yield 'Masked:';
  for (const [reason, count] of Object.entries(trial.masked).sort()) yield `  ${reason}: ${count}`;
  if (trial.patterns.length > 0) yield 'Patterns:';
  yield* trial.patterns.map(patternLine);
  const { notExamined, unreadable } = trial;
  yield `Not examined, because they hold no text: ${notExamined.length} files (attachments: ${policy.attachments}).`;
  if (unreadable.length > 0) yield `Not readable: ${unreadable.join(', ')}.`;
  yield `Audio of calls: ${policy.callAudio}.`;
}

/**
 * Runs the command.
 * @param say prints a line
 * @returns the exit code
 */
export async function runTrial(args: string[], say: (line: string) => void): Promise<number> {
  const call = readCall(args);
  const files =
    call.paths.length === 0 ? simulatedFiles() : call.paths.flatMap((path) => filesAt(path));
  const trial = await tryPolicy(call.policy, files, call.own);
  if (call.isJson) say(JSON.stringify(trial));
  else for (const line of report(trial, call)) say(line);
  return trial.patterns.some(({ warning }) => warning !== null) ? 1 : 0;
}

/** The same for what is called: what is wrong in the call is said, and ends with 2. */
export async function main(
  args: string[],
  say: (line: string) => void,
  complain: (line: string) => void,
): Promise<number> {
  try {
    return await runTrial(args, say);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\n${usage}`);
    return 2;
  }
}

if (require.main === module)
  void main(
    process.argv.slice(2),
    (line) => void process.stdout.write(`${line}\n`),
    (line) => void process.stderr.write(`${line}\n`),
  ).then((code) => (process.exitCode = code));
