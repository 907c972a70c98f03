import { spawnSync } from 'node:child_process';
import { decisionBodyLimit } from '../../src/functions/officer/decisions';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretNameOf } from '../../src/adapters/keys/secret';
import { loadConfig } from '../../src/config/config';
import { alertCodes } from '../../src/core/request/alerts';
import { root } from '../helpers/root';

interface Resource {
  type: string;
  name: string;
  scope?: string;
  properties: Record<string, unknown>;
}

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const snapshotOf = (name: string): Resource[] =>
  (
    JSON.parse(textOf(`infra/parameters/${name}.snapshot.json`)) as {
      predictedResources: Resource[];
    }
  ).predictedResources;
const ofType = (resources: Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type === type);

const check = spawnSync('node', ['scripts/infra-check.cjs'], {
  cwd: root,
  encoding: 'utf8',
  env: { ...process.env, CI: '' },
});
const hasCompiler = !check.stdout.startsWith('Skipped');
if (!hasCompiler) process.stderr.write(`test/infra: ${check.stdout}`);

describe('what is deployed', () => {
  (hasCompiler ? it : it.skip)(
    'compiles with every rule as an error, and is what its snapshots say',
    () => {
      expect(check.stdout + check.stderr).not.toContain('FAILED');
      expect(check.status).toBe(0);
      const parameters = readdirSync(join(root, 'infra/parameters'));
      const files = parameters.filter((name) => name.endsWith('.bicepparam'));
      expect(files.length).toBeGreaterThan(1);
      for (const file of files) expect(check.stdout).toContain(`ok     snapshot of ${file}`);
    },
  );

  it('gives the identity the roles of the table in docs/deployment.md, and no others', () => {
    const documented = [
      ...textOf('docs/deployment.md').matchAll(/^\| ([A-Z][\w ]+?) +\| ([^|]+?) +\| [^|]+\|$/gm),
    ].map(([, role, on]) => `${role} on ${on}`);
    const targets: [RegExp, string][] = [
      [/storageAccounts\/pkg\w+$/, 'packages account'],
      [/storageAccounts\/hub\w+$/, 'task hub account'],
      [/keys\/wrap$/, 'key `wrap`'],
      [/keys\/sign$/, 'key `sign`'],
      [/vaults\/[\w-]+$/, 'vault'],
      [/components\/[\w-]+$/, 'Application Insights'],
      [/workspaces\/[\w-]+$/, 'workspace'],
      [/communicationServices\/[\w-]+$/, 'Communication Services'],
    ];
    const assigned = ofType(snapshotOf('small'), 'Microsoft.Authorization/roleAssignments').map(
      ({ name, properties }) => {
        // The name is a hash of scope, principal and role, and says so.
        const scope = /^\[guid\('([^']+)'/.exec(name)?.[1] ?? '';
        const on = targets.find(([pattern]) => pattern.test(scope))?.[1] ?? scope;
        const role = String(properties['description']);
        expect(String(properties['roleDefinitionId'])).toContain(`'${role}'`);
        return `${role} on ${on}`;
      },
    );
    expect(assigned.sort()).toEqual(documented.sort());
  });

  it('lets the pipeline write the app, and nothing else', () => {
    const all = ofType(snapshotOf('private'), 'Microsoft.Authorization/roleAssignments');
    const deployer = all.filter(
      ({ properties }) => properties['principalId'] === '33333333-3333-3333-3333-333333333333',
    );
    expect(deployer.map(({ properties }) => properties['description'])).toEqual([
      'Storage Blob Data Contributor',
    ]);
  });

  it.each(['small', 'private'])('sets the app of %s up so that it loads', (name) => {
    const [settings] = snapshotOf(name).filter(
      ({ type, name: path }) => type === 'Microsoft.Web/sites/config' && /appsettings$/.test(path),
    );
    const secrets: Record<string, string> = {
      HASH_KEY: Buffer.alloc(32).toString('base64'),
      WEBHOOK_SECRET: `whsec_${Buffer.alloc(32).toString('base64')}`,
    };
    const values = Object.fromEntries(
      Object.entries(settings?.properties ?? {}).map(([key, value]) => {
        const text = String(value);
        const reference = /^@Microsoft\.KeyVault\(VaultName=[\w-]+;SecretName=([\w-]+)\)$/.exec(
          text,
        );
        if (reference) {
          expect(reference[1]).toBe(secretNameOf(key));
          return [key, secrets[key] ?? 'a secret'];
        }
        // Whoever deploys writes it.
        if (text === 'controller/processing.json')
          return [key, join(root, 'controller/processing.example.json')];
        // What is known at the deployment only.
        if (text.startsWith('[') && key === 'STORAGE_LOG_WORKSPACE_ID')
          return [key, '00000000-0000-4000-8000-000000000000'];
        return [key, text.startsWith('[') ? 'https://known-later.example/' : text];
      }),
    );
    const config = loadConfig(values);
    expect(config.portal.origin).toMatch(/^https:/);
    const { storage } = config;
    expect(storage.kind === 'account' && storage.account).toMatch(/^pkg/);
    expect(values['AzureWebJobsStorage__accountName']).toMatch(/^hub/);
    // The plan refuses these.
    for (const key of ['FUNCTIONS_WORKER_RUNTIME', 'FUNCTIONS_EXTENSION_VERSION'])
      expect(values).not.toHaveProperty(key);
    const secretSettings = Object.keys(values).filter((key) => /SECRET$|_KEY$|PASSWORD/.test(key));
    for (const key of secretSettings)
      expect(String(settings?.properties[key])).toMatch(/^@Microsoft\.KeyVault/);
  });

  it.each(['small', 'private'])(
    'lets bodies in to the app of %s that are somewhat larger than the largest that it takes',
    (name) => {
      const [settings] = snapshotOf(name).filter(({ name: path }) => /appsettings$/.test(path));
      const most = Number(settings?.properties['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']);
      expect(most).toBeGreaterThan(decisionBodyLimit);
      expect(most).toBeLessThanOrEqual(4 * decisionBodyLimit);
    },
  );

  it.each(['small', 'private'])(
    'keeps %s closed: no shared keys, no public blobs, TLS 1.2',
    (name) => {
      for (const { properties } of ofType(snapshotOf(name), 'Microsoft.Storage/storageAccounts')) {
        expect(properties).toMatchObject({
          allowSharedKeyAccess: false,
          allowBlobPublicAccess: false,
          minimumTlsVersion: 'TLS1_2',
          supportsHttpsTrafficOnly: true,
        });
      }
      const [packages] = ofType(snapshotOf(name), 'Microsoft.Storage/storageAccounts/blobServices');
      expect(packages?.properties).toMatchObject({
        deleteRetentionPolicy: { enabled: false },
        isVersioningEnabled: false,
        cors: { corsRules: [{ allowedMethods: ['GET', 'HEAD'] }] },
      });
      const rules = (packages?.properties['cors'] as { corsRules: { allowedOrigins: string[] }[] })
        .corsRules;
      expect(rules.flatMap(({ allowedOrigins }) => allowedOrigins)).toEqual([
        name === 'private'
          ? 'https://privacy.shop.example'
          : expect.stringMatching(/azurewebsites\.net$/),
      ]);
      const [vault] = ofType(snapshotOf(name), 'Microsoft.KeyVault/vaults');
      expect(vault?.properties).toMatchObject({
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
      });
    },
  );

  it.each(['small', 'private'])('keeps the heads of custody records of %s unchanged', (name) => {
    const containers = 'Microsoft.Storage/storageAccounts/blobServices/containers';
    const policies = ofType(snapshotOf(name), `${containers}/immutabilityPolicies`);
    expect(policies.map(({ name: path }) => path.replace(/^pkg\w+/, ''))).toEqual([
      '/default/custody/default',
    ]);
    expect(policies[0]?.properties).toEqual({
      immutabilityPeriodSinceCreationInDays: 1095,
      allowProtectedAppendWrites: true,
    });
  });

  it.each(['small', 'private'])(
    'deletes in %s nothing that is needed, and all of it then',
    (name) => {
      const [rules] = ofType(
        snapshotOf(name),
        'Microsoft.Storage/storageAccounts/managementPolicies',
      );
      interface Rule {
        definition: {
          filters: { prefixMatch: string[]; blobTypes: string[] };
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: number } } };
        };
      }
      const { policy } = rules?.properties as { policy: { rules: Rule[] } };
      const days = policy.rules.map(({ definition: { filters, actions } }) => [
        ...[filters.prefixMatch.join(), filters.blobTypes.join()],
        actions.baseBlob.delete.daysAfterModificationGreaterThan,
      ]);
      // A package: verification, three months, 30 days of availability. Heads: three years, and the policy.
      expect(days).toEqual([
        ['packages/', 'blockBlob', 160],
        ['scratch/', 'blockBlob', 120],
        ['custody/', 'appendBlob,blockBlob', 3 * 366 + 60],
      ]);
    },
  );

  it('has a rule and a page of the runbook for each alert that the app raises', () => {
    const names = ofType(snapshotOf('small'), 'Microsoft.Insights/scheduledQueryRules').map(
      ({ name }) => name.replace('privacy-', ''),
    );
    expect(names.sort()).toEqual([...alertCodes, 'monitorHeartbeatMissing'].sort());
    const runbook = textOf('docs/runbook.md');
    for (const name of names) expect(runbook).toContain(`\n## ${name}\n`);
  });

  it('is deployed by a text that knows its parameters, outputs and secrets', () => {
    const template = textOf('infra/main.bicep');
    const text = textOf('docs/deployment.md');
    const outputs = [...template.matchAll(/^output (\w+)/gm)].map(([, name]) => name);
    const rows = [...text.matchAll(/^\| `(\w+)` +\| [^|]+\|$/gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual(outputs.sort());
    const parameters = [...template.matchAll(/^param (\w+)/gm)].map(([, name]) => name);
    for (const name of [
      'customDomain',
      'secretSettings',
      'privateNetworking',
      'deployerPrincipalId',
    ]) {
      expect(parameters).toContain(name);
      expect(text).toContain(`\`${name}\``);
    }
    const [, always = ''] = /secretSettings: concat\(\[([^\]]+)\]/.exec(template) ?? [];
    for (const [, setting = ''] of always.matchAll(/'(\w+)'/g))
      expect(text).toContain(`--name ${secretNameOf(setting)} `);
    for (const file of ['azure.yaml', '.github/workflows/deploy.yml'])
      expect(textOf(file).length).toBeGreaterThan(100);
  });
});
