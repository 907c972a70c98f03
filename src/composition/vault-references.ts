import { DefaultAzureCredential } from '@azure/identity';
import { VaultSecrets } from '../adapters/keys/secret';
import { isVaultReference } from '../config/source';

type Settings = Record<string, string | undefined>;

/** Reads the secret of a setting. */
export type ReadSecret = (setting: string) => Promise<string>;

/**
 * Settings of an app in Azure, in which references to the vault have been replaced by the secrets, read as whoever is
 * signed in on this machine. A reference that cannot be read stays one, and is reported as a wrong setting.
 */
export async function withVaultSecrets(
  settings: Settings,
  read: ReadSecret | null = readerOf(settings['KEY_VAULT_URL']),
): Promise<Settings> {
  if (read === null) return settings;
  const entries = Object.entries(settings).map(async ([name, value]) => [
    name,
    isVaultReference(value ?? '') ? await read(name).catch(() => value) : value,
  ]);
  return Object.fromEntries(await Promise.all(entries)) as Settings;
}

function readerOf(vaultUrl: string | undefined): ReadSecret | null {
  if (!vaultUrl) return null;
  const vault = new VaultSecrets(vaultUrl, new DefaultAzureCredential());
  return (setting) => vault.read(setting);
}
