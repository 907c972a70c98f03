import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectReadByBash, unsetVariables } from '../helpers/page-commands';
import { root } from '../helpers/root';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = textOf('docs/disaster.md');
/** Commands, in order, also those within a list. */
const blocks = [...page.matchAll(/^( *)```\n([\s\S]*?)^\1```$/gm)].map(
  ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
);

describe('the commands of docs/disaster.md', () => {
  it('are read by bash', () => {
    expectReadByBash(blocks);
  });

  it('use no variable that an earlier command has not set', () => {
    expect(unsetVariables(blocks)).toEqual([]);
  });

  it('use, in an emergency, nothing of the preparation that it has not written down', () => {
    const [prepare = '', ...emergency] = blocks;
    const [, written = ''] = /^for name in ([^;]+);/m.exec(prepare) ?? [];
    const kept = new Set(written.split(' '));
    const text = emergency.join('\n');
    const prepared = [...prepare.matchAll(/(?:^export |\s)([A-Z_]+\d?)=/gm)].map(
      ([, name]) => name,
    );
    expect(prepared.length).toBeGreaterThan(5);
    for (const name of prepared)
      if (new RegExp(`\\$\\{?${name}\\b`).test(text)) expect(kept).toContain(name);
  });

  it('leave no placeholder to be guessed, and no key on a command line', () => {
    const text = blocks.join('\n');
    expect(text).not.toMatch(/<[a-z -]+>|YOUR|CHANGEME|\.\.\./);
    expect(text).not.toMatch(/(?:--header|-H) "?x-functions-key/);
  });

  it('name scripts that there are', () => {
    const scripts = [...blocks.join('\n').matchAll(/scripts\/[\w.-]+/g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [script] of scripts)
      expect([script, existsSync(join(root, script))]).toEqual([script, true]);
  });
});

describe('the sections of docs/disaster.md', () => {
  const sections = page.split(/^## /m).slice(1);
  const cases = sections.filter((section) => /^[3-8]\. /.test(section));

  it('are numbered in their order', () => {
    const numbers = sections.map((section) => Number(/^(\d+)\. /.exec(section)?.[1]));
    expect(numbers).toEqual(numbers.map((_number, index) => index + 1));
  });

  it('say of each case what is lost', () => {
    expect(cases).toHaveLength(6);
    for (const section of cases) expect(section).toMatch(/^\*\*Lost\*\*/m);
  });
});
