import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../helpers/scenario';

/** Lints a text as if it stood in a file of the project, and returns the rules that it breaks. */
function brokenRules(file: string, text: string): string[] {
  const eslint = join(root, 'node_modules/eslint/bin/eslint.js');
  const args = [eslint, '--stdin', '--stdin-filename', file, '--format', 'json'];
  const { stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  const [result] = JSON.parse(stdout) as { messages: { ruleId: string; message: string }[] }[];
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

describe('lint keeps pure code pure', () => {
  it('in core: no I/O, no clock, no chance', () => {
    const broken = brokenRules(
      'src/core/time/time.ts',
      `import { readFileSync } from 'node:fs';
       import type { Ledger } from '../../ports';
       export const x = (ledger: Ledger): unknown =>
         [ledger, readFileSync('x'), Date.now(), new Date(), Math.random(), process.env];`,
    ).join('\n');
    for (const sign of [
      'node:fs',
      '../ports',
      'Date.now',
      'Math.random',
      "'process'",
      'pass the time in',
    ]) {
      expect(broken).toContain(sign);
    }
  });

  it('in orchestrators: no adapters, no activities, no promises, no dates', () => {
    const broken = brokenRules(
      'src/orchestrators/activity-types.ts',
      `import { encrypt } from '../adapters/storage/encryption';
       import { createInvite } from '../activities/invite';
       export async function x() { await Promise.resolve(new Date()); return [encrypt, createInvite]; }`,
    ).join('\n');
    for (const sign of [
      'adapters/storage/encryption',
      'activities/invite',
      'are generators',
      'yield durable tasks',
      "'Date'",
    ]) {
      expect(broken).toContain(sign);
    }
  });
});
