import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { officerRoles } from '../../src/core/authentication/officer-roles';
import { root } from '../helpers/root';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const guide = textOf('docs/deployment.md');
/** Commands, in order; the only other blocks are JSON. */
const blocks = [...guide.matchAll(/^```\n([\s\S]*?)^```$/gm)]
  .map(([, block = '']) => block)
  .filter((block) => !block.startsWith('{'));

/** Where a command sets a variable: `NAME=`, `for NAME in`, `read -rsp "…" NAME`. */
const setting = /(?:(?:^|[\s;(])(?=\w+=)|\bfor (?=\w+ in)|read -rsp "[^"]*" )([A-Za-z_]\w*)/g;

describe('the commands of docs/deployment.md', () => {
  it('are read by bash', () => {
    expect(blocks.length).toBeGreaterThan(15);
    for (const block of blocks) {
      const { stderr } = spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' });
      expect(`${block}${stderr}`).toBe(block);
    }
  });

  it('use no variable that an earlier command has not set', () => {
    const known = new Set<string>();
    const unknown: string[] = [];
    for (const line of blocks.join('\n').split('\n')) {
      for (const [, name = ''] of line.matchAll(setting)) known.add(name);
      for (const [, name = ''] of line.matchAll(/\$\{?([A-Za-z_]\w*)/g))
        if (!known.has(name)) unknown.push(`${name}: ${line}`);
    }
    expect(unknown).toEqual([]);
  });

  it('put no secret on a command line, and print none that they set', () => {
    const text = blocks.join('\n');
    expect(text).not.toMatch(/secret set[^\n]*--value/);
    const set = [...text.replaceAll('\\\n', ' ').matchAll(/az keyvault secret set [^;\n]+/g)];
    expect(set.length).toBeGreaterThan(0);
    for (const [command] of set) expect(command).toContain('--output none');
  });

  it('are in numbered steps, and refer to no step that there is not', () => {
    const steps = [...guide.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number));
    expect(steps).toEqual(steps.map((_step, index) => index + 1));
    for (const [, number] of guide.matchAll(/\b[Ss]teps? (\d+)/g))
      expect(steps).toContain(Number(number));
  });
});

describe('the registration of the officers', () => {
  interface Registration {
    api: {
      requestedAccessTokenVersion: number;
      oauth2PermissionScopes: { id: string }[];
      preAuthorizedApplications: { delegatedPermissionIds: string[] }[];
    };
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
    expect(ofPrograms.map(({ value }) => value)).toEqual(['Authenticators.Enrol']);
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

  it('lets the Azure CLI ask for a token, with a scope that there is', () => {
    const scopes = api.oauth2PermissionScopes.map(({ id }) => id);
    expect(
      api.preAuthorizedApplications.map(({ delegatedPermissionIds }) => delegatedPermissionIds),
    ).toEqual([scopes]);
  });
});
