import { spawnSync } from 'node:child_process';
import { root } from '../helpers/root';

/** A file of each pure folder, and a text in its place that breaks the rules of that folder. */
const impureFiles = {
  'src/core/time/time.ts': `
    import { readFileSync } from 'node:fs';
    import type { Ledger } from '../../ports';
    export const x = (ledger: Ledger): unknown =>
      [ledger, readFileSync('x'), Date.now(), new Date(), Math.random(), process.env];`,
  'src/orchestrators/activity-types.ts': `
    import { encrypt } from '../adapters/storage/encryption';
    import { createInvite } from '../activities/invite';
    export async function x() { await Promise.resolve(new Date()); return [encrypt, createInvite]; }`,
};
type ImpureFile = keyof typeof impureFiles;

/** Lints each text as if it stood in its file, by the rules that need no types: loading those takes seconds. */
function lintImpureFiles(): Record<ImpureFile, string> {
  const script = `
    const { ESLint } = require('eslint');
    const { configs } = require('typescript-eslint');
    const eslint = new ESLint({ overrideConfig: configs.disableTypeChecked });
    const lint = async ([filePath, text]) => {
      const [{ messages }] = await eslint.lintText(text, { filePath });
      return [filePath, messages.map(({ ruleId, message }) => ruleId + ': ' + message).join('\\n')];
    };
    Promise.all(Object.entries(${JSON.stringify(impureFiles)}).map(lint)).then((results) =>
      process.stdout.write(JSON.stringify(Object.fromEntries(results))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`ESLint did not run: ${stderr}`);
  return JSON.parse(stdout) as Record<ImpureFile, string>;
}

describe('lint refuses impure code', () => {
  let brokenRules: Record<ImpureFile, string>;
  beforeAll(() => {
    brokenRules = lintImpureFiles();
  });

  it('in core: I/O, the clock and random numbers', () => {
    for (const sign of [
      'node:fs',
      '../ports',
      'Date.now',
      'Math.random',
      "'process'",
      'pass the time in',
    ]) {
      expect(brokenRules['src/core/time/time.ts']).toContain(sign);
    }
  });

  it('in orchestrators: adapters, activities, promises and dates', () => {
    for (const sign of [
      'adapters/storage/encryption',
      'activities/invite',
      'are generators',
      'yield durable tasks',
      "'Date'",
    ]) {
      expect(brokenRules['src/orchestrators/activity-types.ts']).toContain(sign);
    }
  });
});
