import { spawnSync } from 'node:child_process';
import { root } from '../helpers/root';

interface Site {
  (method: string, path: string): Promise<unknown>;
}
interface World {
  site: Site;
  vault: { names: () => Promise<string[]>; set: (name: string, value: string) => Promise<void> };
  ask: ((question: string) => Promise<string>) | null;
  given: { read: (name: string) => string; remove: (name: string) => void };
  say: (line: string) => void;
  pause: () => Promise<void>;
}
const { completeSecrets, optionsOf, referencesOf } = jest.requireActual<{
  completeSecrets: (world: World) => Promise<boolean>;
  optionsOf: (args: string[], environment: Record<string, string>) => Record<string, string>;
  referencesOf: (settings: Record<string, string>) => { setting: string; secret: string }[];
}>('../../scripts/secrets.mjs');

const reference = (secret: string): string =>
  `@Microsoft.KeyVault(VaultName=privacy-vault;SecretName=${secret})`;
const appSettings = {
  PORTAL_ORIGIN: 'https://privacy.shop.example',
  GENESYS_CLIENT_SECRET: reference('genesys-client-secret'),
  HASH_KEY: reference('hash-key'),
  WEBHOOK_SECRET: reference('webhook-secret'),
};

/** An app and its vault, and somebody who knows one secret. */
class Deployment {
  readonly secrets = new Map<string, string>();
  readonly said: string[] = [];
  readonly asked: string[] = [];
  /** Secrets in files, by name. */
  readonly given = new Map<string, string>();
  /** Whether the vault lets the caller look into it. */
  isVaultOpen = true;
  /** Whether Azure lists the references already. */
  areListed = true;
  /** Looks at the references until they are resolved. */
  looks = 0;
  refreshes = 0;

  constructor(private readonly resolvedAfter = 1) {}

  private readonly site: Site = (method, path) => {
    if (`${method} ${path}` === 'POST config/appsettings/list')
      return Promise.resolve({ properties: appSettings });
    if (`${method} ${path}` === 'POST config/configreferences/appsettings/refresh') {
      this.refreshes += 1;
      return Promise.resolve(null);
    }
    expect(`${method} ${path}`).toBe('GET config/configreferences/appsettings');
    this.looks += 1;
    const value = referencesOf(appSettings).map(({ setting, secret }) => ({
      name: `app/${setting}`,
      properties: {
        status:
          this.secrets.has(secret) && this.looks >= this.resolvedAfter
            ? 'Resolved'
            : 'SecretNotFound',
      },
    }));
    return Promise.resolve({ value: this.areListed ? value : [] });
  };

  complete(known: string | null): Promise<boolean> {
    return completeSecrets({
      site: this.site,
      vault: {
        names: () =>
          this.isVaultOpen
            ? Promise.resolve([...this.secrets.keys()])
            : Promise.reject(new Error('The vault refuses you.')),
        set: (name, value) => Promise.resolve(void this.secrets.set(name, value)),
      },
      ask:
        known === null
          ? null
          : (question) => {
              this.asked.push(question);
              return Promise.resolve(known);
            },
      given: {
        read: (name) => this.given.get(name) ?? '',
        remove: (name) => void this.given.delete(name),
      },
      say: (line) => void this.said.push(line),
      pause: () => Promise.resolve(),
    });
  }
}

describe('the secrets that settings refer to', () => {
  it('are known by both forms of a reference, and other settings are none', () => {
    expect(
      referencesOf({
        A: reference('a-secret'),
        B: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/b-secret/)',
        C: 'a value',
      }),
    ).toEqual([
      { setting: 'A', secret: 'a-secret' },
      { setting: 'B', secret: 'b-secret' },
    ]);
  });
});

describe('completing the secrets of a deployment', () => {
  it('makes what nobody has to know, asks for the rest, and refreshes the references', async () => {
    const deployment = new Deployment();
    expect(await deployment.complete(' their secret\n')).toBe(true);
    expect(deployment.asked).toEqual(['GENESYS_CLIENT_SECRET (not shown): ']);
    expect(deployment.secrets.get('genesys-client-secret')).toBe('their secret');
    expect(Buffer.from(deployment.secrets.get('hash-key') ?? '', 'base64')).toHaveLength(32);
    expect(deployment.secrets.get('webhook-secret')).toMatch(/^whsec_[A-Za-z0-9+/=]{44}$/);
    expect(deployment.refreshes).toBe(2);
  });

  it('takes a secret that a file gives without asking, and removes the file once it is set', async () => {
    const deployment = new Deployment();
    deployment.given.set('genesys-client-secret', 'from a file\n');
    expect(await deployment.complete(null)).toBe(true);
    expect(deployment.secrets.get('genesys-client-secret')).toBe('from a file');
    expect([...deployment.given]).toEqual([]);
    expect(deployment.said.join()).not.toContain('from a file');
  });

  it.each([
    ['the app has read every secret', 3, true],
    ['the vault has some already', 1, true],
    ['the vault is closed, but all is read after a while', 3, false],
  ])('names a file of a secret that is set already, and keeps it: %s', async (_, count, isOpen) => {
    const deployment = new Deployment(isOpen ? 1 : 3);
    for (const { secret } of referencesOf(appSettings).slice(-count))
      deployment.secrets.set(secret, 'present');
    deployment.isVaultOpen = isOpen;
    deployment.given.set('hash-key', 'from a file\n');
    deployment.given.set('webhook-secret', 'from a file\n');
    await deployment.complete('their secret');
    const left = deployment.said.filter((line) => line.startsWith('left '));
    expect(left.map((line) => /\.local\/secrets\/[\w-]+/.exec(line)?.[0])).toEqual(
      (count === 1 ? ['webhook-secret'] : ['hash-key', 'webhook-secret']).map(
        (name) => `.local/secrets/${name}`,
      ),
    );
    expect(deployment.given.has('webhook-secret')).toBe(true);
    expect(deployment.said.join()).not.toContain('from a file');
  });

  it('does not look into the vault when the app has read every secret', async () => {
    const deployment = new Deployment();
    for (const { secret } of referencesOf(appSettings)) deployment.secrets.set(secret, 'present');
    deployment.isVaultOpen = false;
    expect(await deployment.complete(null)).toBe(true);
  });

  it('looks into the vault while Azure does not list the references', async () => {
    const deployment = new Deployment();
    deployment.areListed = false;
    await deployment.complete('their secret');
    expect(deployment.secrets.get('genesys-client-secret')).toBe('their secret');
  });

  it('waits a little for the app to read them before it says that the vault is closed', async () => {
    const slow = new Deployment(3);
    for (const { secret } of referencesOf(appSettings)) slow.secrets.set(secret, 'present');
    slow.isVaultOpen = false;
    expect(await slow.complete(null)).toBe(true);
    const without = new Deployment();
    without.isVaultOpen = false;
    await expect(without.complete('their secret')).rejects.toThrow('The vault refuses you.');
    expect(without.secrets.size).toBe(0);
  });

  it('says no secret', async () => {
    const deployment = new Deployment();
    await deployment.complete('their secret');
    const said = deployment.said.join('\n');
    expect(said).toContain('made     hash-key');
    for (const value of deployment.secrets.values()) expect(said).not.toContain(value);
  });

  it('changes nothing that is there, and reads the references again all the same', async () => {
    const deployment = new Deployment();
    for (const { secret } of referencesOf(appSettings)) deployment.secrets.set(secret, 'present');
    expect(await deployment.complete(null)).toBe(true);
    expect(new Set(deployment.secrets.values())).toEqual(new Set(['present']));
    expect(deployment.refreshes).toBe(1);
  });

  it('names what is missing where nobody can be asked, and does not end well', async () => {
    const deployment = new Deployment();
    expect(await deployment.complete(null)).toBe(false);
    expect(deployment.said).toContain('missing  genesys-client-secret');
    expect(deployment.said.join()).not.toContain('has read every secret');
  });

  it('refreshes until a role that is new counts', async () => {
    const deployment = new Deployment(4);
    expect(await deployment.complete('their secret')).toBe(true);
    expect(deployment.refreshes).toBe(4);
  });

  it('names what the app still cannot read after a while, and does not end well', async () => {
    const deployment = new Deployment(1000);
    expect(await deployment.complete('their secret')).toBe(false);
    expect(deployment.said.join()).toMatch(/not read GENESYS_CLIENT_SECRET: SecretNotFound/);
  });
});

describe('npm run secrets', () => {
  it('says which app it has to be told of', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/secrets.mjs', '--app', 'a'], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'Name --subscription, --group.\n' });
  });
});

describe('what to set secrets of', () => {
  const azd = {
    AZURE_SUBSCRIPTION_ID: 'subscription',
    AZURE_RESOURCE_GROUP: 'privacy',
    functionAppName: 'privacy-abc',
  };

  it.each([
    [[], 'https://management.azure.com'],
    [['--cloud', 'AzureUSGovernment'], 'https://management.usgovcloudapi.net'],
    [['--cloud', 'AzureChinaCloud'], 'https://management.chinacloudapi.cn'],
  ])('is named by the Azure Developer CLI, in the cloud of %j', (args, management) => {
    expect(optionsOf(args, azd)).toEqual({
      subscription: 'subscription',
      group: 'privacy',
      app: 'privacy-abc',
      management,
    });
  });

  it('is not guessed', () => {
    expect(() => optionsOf([], {})).toThrow('--subscription, --group, --app');
    expect(() => optionsOf(['--cloud', 'AzureGermanCloud'], azd)).toThrow('AzureUSGovernment');
  });
});
