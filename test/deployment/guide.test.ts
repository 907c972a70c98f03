import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { officerRoles } from '../../src/core/authentication/officer-roles';
import {
  expectReadByBash,
  unsetVariables,
  variablesSet,
  variablesUsed,
} from '../helpers/page-commands';
import { root } from '../helpers/root';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const guide = textOf('docs/deployment.md');
/** Commands of a part of the page, in order; the only other blocks are JSON. */
const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^```\n([\s\S]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => !block.startsWith('{'));
const blocks = blocksOf(guide);
/** Parts of the page: people come to each of them with a terminal of its own. */
const parts = guide.split(/^(?=## )/m);

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

describe('the commands of docs/deployment.md', () => {
  it('are read by bash', () => {
    expectReadByBash(blocks);
  });

  it('use no variable that an earlier command has not set', () => {
    expect(unsetVariables(blocks)).toEqual([]);
  });

  it('keep what a later part uses, in the file that every terminal reads', () => {
    const kept = new Set<string>();
    const lost: string[] = [];
    for (const part of parts) {
      const text = blocksOf(part).join('\n');
      const own = new Set(variablesSet(text));
      for (const name of variablesUsed(text))
        if (!own.has(name) && !kept.has(name)) lost.push(`${part.split('\n')[0]}: ${name}`);
      for (const names of matches(text, /^keep (.+)$/gm)) {
        // `keep $NEEDED` keeps what that variable lists.
        for (const name of names.replaceAll('$', '').split(' ')) {
          kept.add(name);
          const [list = ''] = matches(text, new RegExp(`^${name}="([^"]*)"`, 'gm'));
          for (const listed of list.split(/\s+/)) kept.add(listed);
        }
      }
    }
    expect(kept.size).toBeGreaterThan(20);
    expect(lost).toEqual([]);
  });

  it('keep values as they are, and only the last of each', () => {
    const folder = mkdtempSync(join(tmpdir(), 'guide-'));
    try {
      const run = (input: string): string =>
        spawnSync('bash', ['-eu'], { input, cwd: folder, encoding: 'utf8' }).stdout;
      const making = blocks.find((block) => block.includes('keep() {')) ?? '';
      run(
        `${making}. .local/deployment.env; A='first'; keep A; A='*' B='{"x": "it'"'"'s"}' C=; keep A B C`,
      );
      expect(
        run('. .local/deployment.env; printf "%s|" "$A" "$B" "$C"; bash -c \'echo "$A"\''),
      ).toBe(`*|{"x": "it's"}||*\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('call no function that their own part has not defined, but the one of the file', () => {
    const defined = (text: string): string[] => matches(text, /^(\w+)\(\) \{/gm);
    const names = new Set(defined(blocks.join('\n')));
    names.delete('keep');
    expect([...names].sort()).toEqual(['assign', 'output', 'put']);
    for (const part of parts) {
      const text = blocksOf(part).join('\n');
      for (const name of names)
        if (new RegExp(`(?:^|\\$\\()${name} `, 'm').test(text))
          expect(defined(text)).toContain(name);
    }
  });

  it('set no values of the first time when a later version is deployed', () => {
    const [later = ''] = parts.filter((part) => part.startsWith('## A later version\n'));
    expect(blocksOf(later).join('\n')).toContain('azd up');
    expect(blocksOf(later).join('\n')).not.toMatch(/azd env|\bcp |production\.bicepparam <|keep /);
  });

  it('ask for a setting of JSON as JSON', () => {
    const json = [...guide.matchAll(/\bAPP_SETTINGS='([^']+)'/g)].map(([, text = '']) => text);
    const shown = [...guide.matchAll(/^```\n(\{[\s\S]*?)^```$/gm)].map(([, text = '']) => text);
    expect(json.length).toBeGreaterThan(1);
    for (const text of [...json, ...shown]) expect(() => JSON.parse(text) as unknown).not.toThrow();
  });

  it('put no secret on a command line, and print none that they set', () => {
    const text = blocks.join('\n');
    expect(text).not.toMatch(/secret set[^\n]*--value/);
    const set = [...text.replaceAll('\\\n', ' ').matchAll(/az keyvault secret set [^;\n]+/g)];
    expect(set.length).toBeGreaterThan(0);
    for (const [command] of set) expect(command).toContain('--output none');
    const lines = text.replaceAll('\\\n', ' ');
    const reading =
      /^.*az (?:ad app credential reset|keyvault secret show|functionapp keys set).*$/gm;
    expect([...lines.matchAll(reading)].length).toBe(3);
    for (const [command] of lines.matchAll(reading))
      expect(command).toMatch(/^\(umask 077 .* > \.local\/secrets\/[\w-]+\)$/);
    expect(lines).not.toMatch(/--header ["']x-functions-key/);
  });

  it('are in numbered steps, and refer to no step that there is not', () => {
    const steps = [...guide.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(steps).toEqual(steps.map((_step, index) => index + 1));
    for (const [, number] of guide.matchAll(/\b[Ss]teps? (\d+)/g))
      expect(steps).toContain(Number(number));
  });
});

describe('the registration of the officers', () => {
  interface Api {
    requestedAccessTokenVersion: number;
    oauth2PermissionScopes: { id: string }[];
    preAuthorizedApplications?: { delegatedPermissionIds: string[] }[];
  }
  interface Registration {
    api: Api;
    optionalClaims: Record<'idToken' | 'accessToken', { name: string }[]>;
    appRoles: { id: string; value: string; allowedMemberTypes: string[] }[];
  }
  const { api, optionalClaims, appRoles } = JSON.parse(
    textOf('infra/entra/officers.json'),
  ) as Registration;

  it('has every role of the app, for people or for programs', () => {
    expect(appRoles.map(({ value }) => value)).toEqual(officerRoles);
    const ofPrograms = appRoles.filter(({ allowedMemberTypes }) =>
      allowedMemberTypes.includes('Application'),
    );
    expect(ofPrograms.map(({ value }) => value)).toEqual([
      'Authenticators.Enrol',
      'Readiness.Read',
    ]);
    for (const { allowedMemberTypes } of ofPrograms)
      expect(allowedMemberTypes).toEqual(['Application']);
    const ids = [...appRoles, ...api.oauth2PermissionScopes].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the claims that the app reads, in tokens of the version that it takes', () => {
    expect(api.requestedAccessTokenVersion).toBe(2);
    expect(optionalClaims.idToken.map(({ name }) => name)).toEqual(['acrs', 'auth_time']);
    expect(optionalClaims.accessToken.map(({ name }) => name)).toEqual([
      'acrs',
      'auth_time',
      'idtyp',
    ]);
  });

  it('lets the Azure CLI ask for a token, by a second file once the directory knows the scope', () => {
    const second = JSON.parse(textOf('infra/entra/officers-cli.json')) as { api: Api };
    const { preAuthorizedApplications = [], ...first } = second.api;
    const scopes = api.oauth2PermissionScopes.map(({ id }) => id);
    expect(
      preAuthorizedApplications.map(({ delegatedPermissionIds }) => delegatedPermissionIds),
    ).toEqual([scopes]);
    // Whole, so that the first file holds whether the directory merges or replaces what it is sent.
    expect(first).toEqual(api);
    expect(Object.keys(second)).toEqual(['api']);
    expect(blocks.join('\n')).toContain('for file in officers officers-cli; do');
  });
});

describe('the file of parameters that is copied', () => {
  it('names every parameter of step 6 that one is told to write into it', () => {
    const file = textOf('infra/parameters/small.bicepparam');
    for (const { parameter } of neededParameters()) expect(file).toMatch(lineOf(parameter));
    for (const name of ['settings', 'secretSettings', 'customDomain', 'mailDomainIds'])
      expect(file).toMatch(lineOf(name));
  });
});

describe('the block of values', () => {
  it('sets every variable that is needed and that no earlier step has set', () => {
    const text = blocks.join('\n');
    const set = new Set(variablesSet(text));
    const [values = ''] = matches(text, /^NEEDED="([^"]*)"/gm);
    const loop = /for name in (.*); do\n {2}azd env set/.exec(text)?.[1] ?? '';
    const passed = `${values} ${loop}`.split(/\s+/);
    for (const { variable } of neededParameters()) {
      expect([...set]).toContain(variable);
      expect(passed).toContain(variable);
    }
  });
});

const lineOf = (parameter: string): RegExp => new RegExp(`^(?:// )?param ${parameter} = `, 'm');

/** Rows of the first table of step 6. */
function neededParameters(): { parameter: string; variable: string }[] {
  const [, table = ''] =
    /the app does not start without them\.\n\n([\s\S]*?)\n\n/.exec(guide) ?? [];
  const rows = [...table.matchAll(/^\| `(\w+)` +\| `(\w+)`/gm)];
  expect(rows.length).toBeGreaterThan(10);
  return rows.map(([, parameter = '', variable = '']) => ({ parameter, variable }));
}
