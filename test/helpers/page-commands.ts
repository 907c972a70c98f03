import { spawnSync } from 'node:child_process';

/** Where a command sets a variable: `NAME=`, `for NAME in`, `read -r NAME`, `read -rsp "…" NAME`. */
const setting =
  /(?:(?:^|[\s;(])(?=\w+=)|\bfor (?=\w+ in)|read -rs?p? (?:"[^"]*" )?)([A-Za-z_]\w*)/g;
/** Where a command uses one: `$NAME`, `${NAME…`. */
const use = /\$\{?([A-Za-z_]\w*)/g;

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** Names of the variables that commands set. */
export const variablesSet = (text: string): string[] => matches(text, setting);
/** Names of the variables that commands use. */
export const variablesUsed = (text: string): string[] => matches(text, use);

/** Expects that bash can read each block of commands of a page. */
export function expectReadByBash(blocks: readonly string[]): void {
  expect(blocks.length).toBeGreaterThan(15);
  for (const block of blocks) {
    const { stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
    expect(`${block}${stderr}`).toBe(block);
  }
}

/** Uses of variables that no earlier line of the commands has set, each with its line. */
export function unsetVariables(blocks: readonly string[]): string[] {
  const known = new Set<string>();
  return blocks
    .join('\n')
    .split('\n')
    .flatMap((line) => {
      for (const name of variablesSet(line)) known.add(name);
      return variablesUsed(line)
        .filter((name) => !known.has(name))
        .map((name) => `${name}: ${line}`);
    });
}
