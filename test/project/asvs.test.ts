import fastGlob from 'fast-glob';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceIn, missingOf } from '../helpers/evidence';
import { root } from '../helpers/root';

/** Requirements of levels 1 and 2 of ASVS 5.0.0, by their sections. */
const numbersOf: Record<string, number[]> = {
  'V1.1': [1, 2],
  'V1.2': [1, 2, 3, 4, 5, 6, 7, 8, 9],
  'V1.3': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  'V1.4': [1, 2, 3],
  'V1.5': [1, 2],
  'V2.1': [1, 2, 3],
  'V2.2': [1, 2, 3],
  'V2.3': [1, 2, 3, 4],
  'V2.4': [1],
  'V3.2': [1, 2],
  'V3.3': [1, 2, 3, 4],
  'V3.4': [1, 2, 3, 4, 5, 6],
  'V3.5': [1, 2, 3, 4, 5],
  'V3.7': [1, 2],
  'V4.1': [1, 2, 3],
  'V4.2': [1],
  'V4.3': [1, 2],
  'V4.4': [1, 2, 3, 4],
  'V5.1': [1],
  'V5.2': [1, 2, 3],
  'V5.3': [1, 2],
  'V5.4': [1, 2, 3],
  'V6.1': [1, 2, 3],
  'V6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  'V6.3': [1, 2, 3, 4],
  'V6.4': [1, 2, 3, 4],
  'V6.5': [1, 2, 3, 4, 5],
  'V6.6': [1, 2, 3],
  'V6.8': [1, 2, 3, 4],
  'V7.1': [1, 2, 3],
  'V7.2': [1, 2, 3, 4],
  'V7.3': [1, 2],
  'V7.4': [1, 2, 3, 4, 5],
  'V7.5': [1, 2],
  'V7.6': [1, 2],
  'V8.1': [1, 2],
  'V8.2': [1, 2, 3],
  'V8.3': [1],
  'V8.4': [1],
  'V9.1': [1, 2, 3],
  'V9.2': [1, 2, 3, 4],
  'V10.1': [1, 2],
  'V10.2': [1, 2],
  'V10.3': [1, 2, 3, 4],
  'V10.4': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
  'V10.5': [1, 2, 3, 4, 5],
  'V10.6': [1, 2],
  'V10.7': [1, 2, 3],
  'V11.1': [1, 2],
  'V11.2': [1, 2, 3],
  'V11.3': [1, 2, 3],
  'V11.4': [1, 2, 3, 4],
  'V11.5': [1],
  'V11.6': [1],
  'V12.1': [1, 2, 3],
  'V12.2': [1, 2],
  'V12.3': [1, 2, 3, 4],
  'V13.1': [1],
  'V13.2': [1, 2, 3, 4, 5],
  'V13.3': [1, 2],
  'V13.4': [1, 2, 3, 4, 5],
  'V14.1': [1, 2],
  'V14.2': [1, 2, 3, 4],
  'V14.3': [1, 2, 3],
  'V15.1': [1, 2, 3],
  'V15.2': [1, 2, 3],
  'V15.3': [1, 2, 3, 4, 5, 6, 7],
  'V16.1': [1],
  'V16.2': [1, 2, 3, 4, 5],
  'V16.3': [1, 2, 3, 4],
  'V16.4': [1, 2, 3],
  'V16.5': [1, 2, 3],
  'V17.1': [1],
  'V17.2': [1, 2, 3, 4],
  'V17.3': [1, 2],
};
const requirements = Object.entries(numbersOf).flatMap(([section, numbers]) =>
  numbers.map((number) => `${section}.${number}`),
);

const states = ['yes', 'partly', 'no', 'n/a'] as const;
interface Row {
  ids: string[];
  state: string;
  text: string;
}

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const pageText = textOf('docs/asvs.md');
const rows = pageText
  .split('\n')
  .filter((line) => line.startsWith('- **'))
  .map((line): Row => {
    const [, ids = '', state = '', text = ''] = /^- \*\*(.+?)\*\* ([\w/]+): (.+)$/.exec(line) ?? [];
    return { ids: ids.split(', '), state, text };
  });

describe('the page on ASVS', () => {
  it('has every requirement of levels 1 and 2 once, and no other', () => {
    expect(requirements).toHaveLength(253);
    const ids = rows.flatMap((row) => row.ids);
    expect(ids.toSorted()).toEqual(requirements.toSorted());
  });

  it('says of each whether it is met', () => {
    expect(rows.filter(({ state }) => !states.some((one) => one === state))).toEqual([]);
  });

  it('names what makes each true that is met', () => {
    const bare = rows.filter(
      ({ state, text }) =>
        state === 'yes' && evidenceIn(text).length === 0 && !/\]\([\w-]+\.md/.test(text),
    );
    expect(bare).toEqual([]);
  });

  it('says what is missing where it is not met, or why it does not apply', () => {
    const short = rows.filter(({ state, text }) => state !== 'yes' && text.split(' ').length < 2);
    expect(short).toEqual([]);
  });

  it.each(
    rows.filter(({ text }) => evidenceIn(text).length > 0).map((row) => [row.ids.join(), row]),
  )('names files, functions and tests that are there: %s', (_, row) => {
    expect(missingOf(row.text)).toEqual([]);
  });
});

describe('the sources of the app', () => {
  it('start no process and run no text as code', () => {
    const files = fastGlob.sync('src/**/*.ts', { cwd: root });
    expect(files.length).toBeGreaterThan(400);
    const forbidden = /child_process|node:vm|\beval\(|new Function\(|\.innerHTML\s*=/;
    // The command line is not deployed, and only itself may import it (the rules for layers). It calls az, without a shell.
    const ofCommandLine = 'src/cli/app-settings.ts';
    expect(files.filter((file) => forbidden.test(textOf(file)))).toEqual([ofCommandLine]);
    const calling = textOf(ofCommandLine);
    expect(calling).toContain("import { execFile } from 'node:child_process';");
    expect(calling).not.toMatch(/shell|node:vm|\beval\(|new Function\(/);
  });
});

describe('the attacks of the threat model', () => {
  const [, section = ''] = textOf('docs/threat-model.md').split('\n## What was attacked\n');
  const attacks = (section.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => /^\d+\. /.test(line));

  it('are all there, in their order', () => {
    const numbers = attacks.map((line) => parseInt(line, 10));
    expect(numbers).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
  });

  it.each(attacks)('have a test that fails without the defence, and a control: %s', (line) => {
    const [, fails = '', control = ''] = /: (.+) Control: (.+)$/.exec(line) ?? [];
    for (const part of [fails, control]) {
      expect(evidenceIn(part).flatMap(({ sentences }) => sentences)).not.toEqual([]);
      expect(missingOf(part)).toEqual([]);
    }
  });
});
