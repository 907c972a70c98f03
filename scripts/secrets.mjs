// `npm run secrets [-- --subscription ID --group NAME --app NAME --cloud NAME]`: sets the secrets that the app's settings refer to and
// the vault does not have, then lets the app read its references again. Without options the Azure Developer CLI names
// the app. Secrets are generated, taken from files of .local/secrets, which are then deleted, or typed where nobody sees
// them; they are on no command line and in no log. A file of a secret that is set already is named, and left. Where the
// app has read all of them, nobody needs a role on the vault.
import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  ChainedTokenCredential,
} from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';

/** The Azure Resource Manager of each cloud. */
const managements = {
  AzureCloud: 'https://management.azure.com',
  AzureUSGovernment: 'https://management.usgovcloudapi.net',
  AzureChinaCloud: 'https://management.chinacloudapi.cn',
};

/** Secrets that nobody has to know before: how each is made. */
const generated = {
  'hash-key': () => randomBytes(32).toString('base64'),
  'webhook-secret': () => `whsec_${randomBytes(32).toString('base64')}`,
};

/**
 * Settings that refer to a secret of a vault.
 * @param {Record<string, string>} settings
 * @returns {{setting: string, secret: string}[]}
 */
export const referencesOf = (settings) =>
  Object.entries(settings).flatMap(([setting, value]) => {
    const [, content] = /^@Microsoft\.KeyVault\((.*)\)$/i.exec(value.trim()) ?? [];
    if (content === undefined) return [];
    const secret =
      /(?:^|;)SecretName=([\w-]+)/i.exec(content)?.[1] ??
      /(?:^|;)SecretUri=https:\/\/[^/]+\/secrets\/([\w-]+)/i.exec(content)?.[1];
    return secret === undefined ? [] : [{ setting, secret }];
  });

/**
 * Sets what is missing and refreshes the references.
 * @param {object} world
 * @param {(method: string, path: string) => Promise<any>} world.site calls the app's resource
 * @param {{names: () => Promise<string[]>, set: (name: string, value: string) => Promise<void>}} world.vault
 * @param {((question: string) => Promise<string>) | null} world.ask asks a person; null where nobody is there
 * @param {{read: (name: string) => string, remove: (name: string) => void}} world.given secrets in files, empty where there is none
 * @param {(line: string) => void} world.say
 * @param {() => Promise<void>} world.pause between two looks at the references
 * @returns {Promise<boolean>} whether every reference is resolved
 */
export async function completeSecrets(world) {
  const { properties: settings } = await world.site('POST', 'config/appsettings/list');
  const references = referencesOf(settings);
  const isWhole = await completeReferences(references, world);
  // It may be a copy that somebody keeps on purpose, or another value than the one that is set.
  for (const { secret } of references)
    if (world.given.read(secret) !== '')
      world.say(
        `left     .local/secrets/${secret}: it is set. Delete the file if it is not a copy that you need.`,
      );
  return isWhole;
}

async function completeReferences(references, world) {
  const { vault, say } = world;
  const { open, count } = await lookAtReferences(world);
  // Right after the app was created, Azure may not list its references yet.
  if (open.length === 0 && count >= references.length) {
    say('The app has read every secret.');
    return true;
  }
  let present;
  try {
    present = new Set(await vault.names());
  } catch (error) {
    // Azure reads references some moments after it is told to: what looked unread may need nobody.
    if (await areResolved(world, 4)) return true;
    throw error;
  }
  const missing = references.filter(({ secret }) => !present.has(secret));
  for (const { secret } of references) if (present.has(secret)) say(`present  ${secret}`);
  const unknown = await setMissing(missing, world);
  if (missing.some(({ secret }) => secret === 'hash-key'))
    say('Keep a copy of hash-key where your keys are kept: ids of requests follow from it.');
  if (unknown.length > 0) {
    for (const secret of unknown) say(`missing  ${secret}`);
    say('Run npm run secrets on a terminal, as somebody who has these secrets.');
    return false;
  }
  return areResolved(world, 20);
}

/** Makes, takes or asks for each secret and sets it. Returns the names of those that nobody knows. */
async function setMissing(missing, { vault, ask, given, say }) {
  const unknown = [];
  for (const { setting, secret } of missing) {
    const make = generated[secret];
    const known = given.read(secret).trim();
    const value =
      known || (make ? make() : ((await ask?.(`${setting} (not shown): `)) ?? '').trim());
    if (value === '') unknown.push(secret);
    else {
      await vault.set(secret, value);
      given.remove(secret);
      say(`${make && known === '' ? 'made     ' : 'set      '}${secret}`);
    }
  }
  return unknown;
}

/** Lets the app read its references again. Returns how many Azure lists, and those that are not read. */
async function lookAtReferences({ site }) {
  await site('POST', 'config/configreferences/appsettings/refresh');
  const { value } = await site('GET', 'config/configreferences/appsettings');
  return {
    count: value.length,
    open: value.filter(({ properties }) => properties.status !== 'Resolved'),
  };
}

/** Looks at the references until the app has read them all; a role that is new takes a few minutes to count. */
async function areResolved(world, looks) {
  let open = [];
  for (let look = 0; look < looks; look += 1) {
    ({ open } = await lookAtReferences(world));
    if (open.length === 0) {
      world.say('The app has read every secret.');
      return true;
    }
    await world.pause();
  }
  for (const { name, properties } of open)
    world.say(`not read ${basename(name)}: ${properties.status}. May the app's identity read it?`);
  return false;
}

/** Secrets in files of a folder, one each, by name. */
const filesOf = (folder) => ({
  read: (name) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  },
  remove: (name) => rmSync(join(folder, name), { force: true }),
});

/** Reads a line from the terminal without showing it. */
function askHidden(question) {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((done, refuse) => {
    let line = '';
    const end = (finish) => {
      stdin.setRawMode(false).pause().removeListener('data', take);
      stderr.write('\n');
      finish();
    };
    function take(typed) {
      for (const key of typed) {
        if (key === '\u0003') return end(() => refuse(new Error('Stopped.')));
        if (key === '\r' || key === '\n') return end(() => done(line));
        line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key;
      }
    }
    stdin.on('data', take);
  });
}

/**
 * What to set secrets of.
 * @param {string[]} args of the command line
 * @param {Record<string, string | undefined>} environment by which the Azure Developer CLI names the app
 * @returns {{subscription: string, group: string, app: string, management: string}}
 * @throws {Error} naming what is missing, or a cloud that is not known
 */
export function optionsOf(args, environment) {
  const { values } = parseArgs({
    args,
    options: {
      subscription: { type: 'string', default: environment.AZURE_SUBSCRIPTION_ID },
      group: { type: 'string', default: environment.AZURE_RESOURCE_GROUP },
      app: { type: 'string', default: environment.functionAppName },
      cloud: { type: 'string', default: 'AzureCloud' },
    },
  });
  const lacking = ['subscription', 'group', 'app'].filter((name) => !values[name]);
  if (lacking.length > 0) throw new Error(`Name ${lacking.map((name) => `--${name}`).join(', ')}.`);
  const { cloud, ...others } = values;
  const management = managements[cloud];
  if (management === undefined)
    throw new Error(`--cloud is one of ${Object.keys(managements).join(', ')}.`);
  return { ...others, management };
}

/** Calls the app's resource in the Azure Resource Manager. */
const siteOf =
  ({ subscription, group, app, management }, credential) =>
  async (method, path) => {
    const { token } = await credential.getToken(`${management}/.default`);
    const resource = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Web/sites/${app}`;
    const response = await fetch(`${management}${resource}/${path}?api-version=2022-03-01`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new Error(`${method} ${path} of ${app}: ${response.status}.`);
    return response.headers.get('content-type')?.includes('json') ? response.json() : null;
  };

/** The vault that the app's settings name. A refusal says which role is missing. */
function vaultOf(url, credential) {
  const client = new SecretClient(url, credential);
  const explained = async (call) => {
    try {
      return await call();
    } catch (error) {
      if (error.statusCode !== 403) throw error;
      throw new Error(
        `${url} refuses you: you need the role Key Vault Secrets Officer, and a role that was just assigned takes some minutes. With private networking, the vault is reached from its network only.`,
        { cause: error },
      );
    }
  };
  return {
    names: () =>
      explained(async () => {
        const names = [];
        for await (const { name } of client.listPropertiesOfSecrets()) names.push(name);
        return names;
      }),
    set: (name, value) => explained(() => client.setSecret(name, value)),
  };
}

async function main() {
  const options = optionsOf(process.argv.slice(2), process.env);
  const sources = [new AzureCliCredential(), new AzureDeveloperCliCredential()];
  // Whoever runs azd is signed in there, and may be signed in elsewhere with az.
  if (process.env.AZURE_ENV_NAME) sources.reverse();
  const credential = new ChainedTokenCredential(...sources);
  const site = siteOf(options, credential);
  const { properties: settings } = await site('POST', 'config/appsettings/list');
  const isThereSomebody = process.stdin.isTTY === true;
  const isWhole = await completeSecrets({
    site,
    vault: vaultOf(settings.KEY_VAULT_URL, credential),
    ask: isThereSomebody ? askHidden : null,
    given: filesOf('.local/secrets'),
    say: (line) => console.log(line),
    pause: () => wait(15_000),
  });
  process.exitCode = isWhole ? 0 : 1;
}

if (basename(process.argv[1] ?? '') === 'secrets.mjs')
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
