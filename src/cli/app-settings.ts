import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { NotReachableError, UsageError } from './api';

/** A deployed app, as Azure knows it. */
export interface DeployedApp {
  name: string;
  resourceGroup: string;
  /** Id or name; undefined for the one that `az` has chosen. */
  subscription: string | undefined;
}

/** What `az functionapp config appsettings list` prints. */
const listed = z.array(z.object({ name: z.string(), value: z.string().nullable() }));

const run = promisify(execFile);

/**
 * The settings of a deployed app, read by the Azure CLI as whoever is signed in there. References to Key Vault stay
 * references.
 * @throws UsageError when a name cannot be one of Azure
 * @throws NotReachableError when the Azure CLI is missing, or does not have them; settings are in no message
 */
export async function settingsOfApp(app: DeployedApp): Promise<Record<string, string>> {
  const { name, resourceGroup, subscription } = app;
  const named = [
    optionOf('app', 'name', name),
    optionOf('resource-group', 'resource-group', resourceGroup),
    ...(subscription === undefined ? [] : [optionOf('subscription', 'subscription', subscription)]),
  ];
  const settings = await listOf(['functionapp', 'config', 'appsettings', 'list', ...named]);
  return Object.fromEntries(settings.map((one) => [one.name, one.value ?? '']));
}

/** An option of `az` in one word, so that no value is taken for another option. */
function optionOf(given: string, option: string, value: string): string {
  if (!/^[\w(][\w().\- ]{0,89}$/.test(value)) throw new UsageError(`--${given} is no name.`);
  return `--${option}=${value}`;
}

async function listOf(args: readonly string[]): Promise<z.infer<typeof listed>> {
  try {
    const options = { maxBuffer: 16 * 1024 * 1024 };
    const { stdout } = await run('az', [...args, '--output=json'], options);
    return listed.parse(JSON.parse(stdout));
  } catch (error) {
    // Codes of errors only: a message of the child repeats what it printed.
    const isMissing = (error as { code?: unknown }).code === 'ENOENT';
    throw new NotReachableError(
      isMissing
        ? 'The Azure CLI (az) is not installed.'
        : 'The Azure CLI does not have the settings of this app. Try az login, and look at the names of app, resource group and subscription.',
    );
  }
}
