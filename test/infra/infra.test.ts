import { spawnSync } from 'node:child_process';
import { decisionBodyLimit } from '../../src/functions/officer/decisions';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretNameOf } from '../../src/adapters/keys/secret';
import { loadConfig } from '../../src/config/config';
import { jobNames } from '../../src/core/jobs/schedule';
import { alertCodes } from '../../src/core/request/alerts';
import { root } from '../helpers/root';

interface Resource {
  id: string;
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
const hostJson = JSON.parse(textOf('host.json')) as {
  extensions: { durableTask: { hubName: string } };
};
const ofType = (resources: Resource[], type: string): Resource[] =>
  resources.filter((resource) => resource.type === type);

/** Files of parameters whose snapshots are kept, by name. */
const sets = ['small', 'private', 'zones', 'scheduler', 'government'];

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

  it('gives the identity the roles of the table in docs/infrastructure.md, and no others', () => {
    const documented = [
      ...textOf('docs/infrastructure.md').matchAll(
        /^\| ([A-Z][\w ]+?) +\| ([^|]+?) +\| [^|]+\|$/gm,
      ),
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
    // It publishes by the site's own endpoint, and never touches storage.
    expect(deployer.map(({ properties }) => properties['description'])).toEqual([
      'Website Contributor',
    ]);
    expect(deployer[0]?.id).toMatch(/\/sites\/privacy-\w+\/providers\//);
  });

  it.each(sets)('sets the app of %s up so that it loads', (name) => {
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
        if (key === 'STORAGE_ENDPOINT_SUFFIX') {
          expect(text).toBe('[environment().suffixes.storage]');
          return [key, name === 'government' ? 'core.usgovcloudapi.net' : 'core.windows.net'];
        }
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
    for (const service of ['blob', 'queue', 'table'])
      expect(settings?.properties[`AzureWebJobsStorage__${service}ServiceUri`]).toMatch(
        new RegExp(`storageAccounts/hub\\w+'.*primaryEndpoints\\.${service}\\]$`),
      );
    // The plan refuses these.
    for (const key of ['FUNCTIONS_WORKER_RUNTIME', 'FUNCTIONS_EXTENSION_VERSION'])
      expect(values).not.toHaveProperty(key);
    const secretSettings = Object.keys(values).filter((key) => /SECRET$|_KEY$|PASSWORD/.test(key));
    for (const key of secretSettings)
      expect(String(settings?.properties[key])).toMatch(/^@Microsoft\.KeyVault/);
  });

  it.each(sets)(
    'lets bodies in to the app of %s that are somewhat larger than the largest that it takes',
    (name) => {
      const [settings] = snapshotOf(name).filter(({ name: path }) => /appsettings$/.test(path));
      const most = Number(settings?.properties['FUNCTIONS_REQUEST_BODY_SIZE_LIMIT']);
      expect(most).toBeGreaterThan(decisionBodyLimit);
      expect(most).toBeLessThanOrEqual(4 * decisionBodyLimit);
    },
  );

  it.each(sets)('keeps %s closed: no shared keys, no public blobs, TLS 1.2', (name) => {
    for (const { properties } of ofType(snapshotOf(name), 'Microsoft.Storage/storageAccounts')) {
      expect(properties).toMatchObject({
        allowSharedKeyAccess: false,
        allowBlobPublicAccess: false,
        minimumTlsVersion: 'TLS1_2',
        supportsHttpsTrafficOnly: true,
        encryption: { requireInfrastructureEncryption: true },
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
        : expect.stringMatching(
            name === 'government' ? /\.azurewebsites\.us$/ : /\.azurewebsites\.net$/,
          ),
    ]);
    const [vault] = ofType(snapshotOf(name), 'Microsoft.KeyVault/vaults');
    expect(vault?.properties).toMatchObject({
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
    });
  });

  it.each(sets)('keeps the heads of custody records of %s unchanged', (name) => {
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

  it.each(sets)('deletes in %s nothing that is needed, and all of it then', (name) => {
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
  });

  it('has a rule and a page of the runbook for each alert that the app raises', () => {
    const names = ofType(snapshotOf('small'), 'Microsoft.Insights/scheduledQueryRules').map(
      ({ name }) => name.replace('privacy-', ''),
    );
    const heartbeats = jobNames.map((job) => `${job}HeartbeatMissing`);
    expect(names.sort()).toEqual(
      [...alertCodes, ...heartbeats, 'serverErrors', 'genesysThrottled'].sort(),
    );
    const ofMetrics = ofType(snapshotOf('small'), 'Microsoft.Insights/metricAlerts').map(
      ({ name }) => name.replace('privacy-', '').replace(/-\w+$/, ''),
    );
    expect([...new Set(ofMetrics)].sort()).toEqual(['appUnreachable', 'storageThrottled']);
    const runbook = textOf('docs/runbook.md');
    for (const name of [...names, ...ofMetrics]) expect(runbook).toContain(`\n## ${name}\n`);
  });

  it('alerts of each request for itself, of lines that arrive late too', () => {
    const rules = ofType(snapshotOf('small'), 'Microsoft.Insights/scheduledQueryRules');
    for (const code of alertCodes) {
      const rule = rules.find(({ name }) => name === `privacy-${code}`);
      expect(rule?.properties).toMatchObject({
        evaluationFrequency: 'PT1H',
        windowSize: 'PT2H',
        criteria: {
          allOf: [{ dimensions: [{ name: 'request', operator: 'Include', values: ['*'] }] }],
        },
      });
    }
  });

  it('asks the app from outside, by the address that people use', () => {
    const [test] = ofType(snapshotOf('private'), 'Microsoft.Insights/webtests');
    expect(test?.properties).toMatchObject({
      Request: { RequestUrl: 'https://privacy.shop.example/health' },
      ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true },
    });
    expect(textOf('src/functions/api/requests.ts')).toContain("route: 'health'");
    expect(ofType(snapshotOf('scheduler'), 'Microsoft.Insights/webtests')).toEqual([]);
  });

  it('binds a host name without a certificate once, and with that of the site afterwards', () => {
    const snapshot = snapshotOf('private');
    const app = textOf('infra/modules/app.bicep');
    expect(app).toMatch(/@onlyIfNotExists\(\)\s+resource domain 'hostNameBindings'/);
    expect(app.match(/sslState: 'Disabled'/g)).toHaveLength(1);
    const [, first, last] = [
      null,
      ...ofType(snapshot, 'Microsoft.Web/sites/hostNameBindings').map(
        ({ properties }) => properties,
      ),
    ];
    expect(first).toMatchObject({ sslState: 'Disabled' });
    expect(last).toMatchObject({ sslState: 'SniEnabled' });
    expect(last?.['thumbprint']).toMatch(/sites\/[\w-]+\/certificates\/portal'.*thumbprint/);
    expect(ofType(snapshot, 'Microsoft.Web/certificates')).toEqual([]);
    expect(ofType(snapshot, 'Microsoft.Web/sites/certificates').length).toBe(1);
  });

  it.each(sets)('makes the site of %s so that certificates can be bound later', (name) => {
    const [site] = ofType(snapshotOf(name), 'Microsoft.Web/sites');
    expect(site?.properties).toMatchObject({ siteScopedCertificatesEnabled: true });
  });

  it('names what is unique in the whole cloud with a suffix', () => {
    const types = [
      'Microsoft.Communication/communicationServices',
      'Microsoft.Communication/emailServices',
      'Microsoft.KeyVault/vaults',
      'Microsoft.Storage/storageAccounts',
      'Microsoft.Web/sites',
    ];
    for (const type of [...types, 'Microsoft.DurableTask/schedulers'])
      for (const { name } of ofType(snapshotOf('scheduler'), type))
        expect(name).toMatch(/5kpcjdczmv6vu/);
    const vaults = ['small', 'zones'].map(
      (name) => ofType(snapshotOf(name), 'Microsoft.KeyVault/vaults')[0]?.name,
    );
    expect(new Set(vaults).size).toBe(2);
  });

  it('makes the app after its roles, so that references to secrets are read with them', () => {
    expect(textOf('infra/main.bicep')).toMatch(
      /module app 'modules\/app\.bicep'[^]*?\n {2}dependsOn: \[roles\]\n\}/,
    );
  });

  it('keeps the mail domains linked that it is given', () => {
    const linked = (name: string) =>
      ofType(snapshotOf(name), 'Microsoft.Communication/communicationServices')[0]?.properties[
        'linkedDomains'
      ];
    expect(linked('small')).toEqual([]);
    expect(linked('private')).toEqual([expect.stringMatching(/\/domains\/shop\.example$/)]);
  });

  it('brings a deleted vault back when it is told to', () => {
    const modes = ['small', 'scheduler'].map(
      (name) => ofType(snapshotOf(name), 'Microsoft.KeyVault/vaults')[0]?.properties['createMode'],
    );
    expect(modes).toEqual(['default', 'recover']);
  });

  it('scales and stands as its parameters say', () => {
    const scale = (name: string) => {
      const [site] = ofType(snapshotOf(name), 'Microsoft.Web/sites');
      return (site?.properties['functionAppConfig'] as { scaleAndConcurrency: unknown })
        .scaleAndConcurrency;
    };
    const http = (instanceCount: number) => ({ name: 'http', instanceCount });
    const durable = (instanceCount: number) => ({ name: 'durable', instanceCount });
    expect(scale('small')).toMatchObject({ alwaysReady: [], maximumInstanceCount: 40 });
    expect(scale('private')).toMatchObject({
      alwaysReady: [http(1), durable(1)],
      maximumInstanceCount: 4,
    });
    expect(scale('scheduler')).toMatchObject({ alwaysReady: [durable(1)] });
    const zones = (name: string) =>
      ofType(snapshotOf(name), 'Microsoft.Web/serverfarms')[0]?.properties['zoneRedundant'];
    expect([zones('small'), zones('zones')]).toEqual([false, true]);
  });

  it('keeps a copy in another region, locks and a budget where they are wanted', () => {
    const accounts = (name: string) =>
      ofType(snapshotOf(name), 'Microsoft.Storage/storageAccounts').map(
        (resource) => `${resource.name.slice(0, 3)} ${(resource as unknown as Sku).sku.name}`,
      );
    interface Sku {
      sku: { name: string };
    }
    expect(accounts('small').sort()).toEqual(['hub Standard_ZRS', 'pkg Standard_ZRS']);
    expect(accounts('zones').sort()).toEqual(['hub Standard_ZRS', 'pkg Standard_GZRS']);
    const locks = (name: string) =>
      ofType(snapshotOf(name), 'Microsoft.Authorization/locks').map(({ id }) =>
        id.replace(/.*\/(\w+)\/[\w-]+\/providers\/Microsoft.Authorization\/locks\/\w+$/, '$1'),
      );
    expect(locks('small')).toEqual([]);
    expect(locks('zones').sort()).toEqual(['storageAccounts', 'vaults']);
    const budgets = (name: string) => ofType(snapshotOf(name), 'Microsoft.Consumption/budgets');
    expect(budgets('small')).toEqual([]);
    expect(budgets('zones')[0]?.properties).toMatchObject({
      amount: 250,
      timePeriod: { startDate: '2026-12-01' },
    });
  });

  it('keeps of the storage log what is about packages, without who asked, and not as long', () => {
    const snapshot = snapshotOf('small');
    const [rule] = ofType(snapshot, 'Microsoft.Insights/dataCollectionRules');
    const [flow] = rule?.properties['dataFlows'] as { streams: string[]; transformKql: string }[];
    expect(flow?.streams).toEqual(['Microsoft-Table-StorageBlobLogs']);
    expect(flow?.transformKql).toContain("ObjectKey has '/packages/'");
    for (const column of ['CallerIpAddress', 'UserAgentHeader', 'ReferrerHeader'])
      expect(flow?.transformKql).toContain(`${column} = ''`);
    const workspaces = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces');
    expect(workspaces.at(-1)?.properties['defaultDataCollectionRuleResourceId']).toMatch(
      /dataCollectionRules\/privacy-logs$/,
    );
    const [table] = ofType(snapshot, 'Microsoft.OperationalInsights/workspaces/tables');
    expect(table?.name).toMatch(/\/StorageBlobLogs$/);
    expect(table?.properties['retentionInDays']).toBe(45);
  });

  it('sets the Durable Task Scheduler up, and lets the app use it, where it is chosen', () => {
    const scheduler = (name: string) =>
      ofType(snapshotOf(name), 'Microsoft.DurableTask/schedulers');
    expect(scheduler('small')).toEqual([]);
    expect(scheduler('scheduler')[0]?.properties).toMatchObject({
      ipAllowlist: ['203.0.113.0/24'],
    });
    const [hub] = ofType(snapshotOf('scheduler'), 'Microsoft.DurableTask/schedulers/taskHubs');
    expect(hub?.name.split('/').at(-1)).toBe(hostJson.extensions.durableTask.hubName);
    const roles = ofType(snapshotOf('scheduler'), 'Microsoft.Authorization/roleAssignments');
    expect(roles.map(({ properties }) => properties['description'])).toContain(
      'Durable Task Data Contributor',
    );
  });

  it('names no host of the public cloud in another cloud', () => {
    const text = textOf('infra/parameters/government.snapshot.json');
    const hosts = text.match(
      /[\w.-]+\.(?:windows\.net|azure\.net|azurewebsites\.net|loganalytics\.io|microsoftonline\.com)/g,
    );
    expect(hosts).toBeNull();
    expect(text).toContain('https://api.loganalytics.us');
  });

  it('is the same for a subscription, with the resource group and every parameter', () => {
    const group = 'Microsoft.Resources/resourceGroups';
    const all = snapshotOf('subscription');
    expect(ofType(all, group).map(({ name }) => name)).toEqual(['privacy']);
    expect(all.filter(({ type }) => type !== group)).toEqual(snapshotOf('small'));
    const parameters = [...textOf('infra/main.bicep').matchAll(/^param (\w+)/gm)];
    const passed = [...textOf('infra/subscription.bicep').matchAll(/^ {4}(\w+): /gm)];
    expect(passed.map(([, name]) => name)).toEqual(parameters.map(([, name]) => name));
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
