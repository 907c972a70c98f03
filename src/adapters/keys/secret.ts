import type { TokenCredential } from '@azure/identity';
import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets';

/**
 * A secret that authenticates the app to another system. It is read again when that system refuses it,
 * so that it can be changed without a restart.
 */
export class Secret {
  constructor(
    private current: string,
    /** Reads it where it is stored; null where it is in the settings only. */
    private readonly reread: (() => Promise<string>) | null = null,
  ) {}

  get value(): string {
    return this.current;
  }

  /** Reads the secret again. @returns whether it differs from the one that was refused */
  async renew(): Promise<boolean> {
    if (this.reread === null) return false;
    const before = this.current;
    // Without an answer of the vault the secret stays.
    this.current = await this.reread().catch(() => before);
    return this.current !== before;
  }
}

/** Name of a setting's secret in the vault: `GENESYS_CLIENT_SECRET` is `genesys-client-secret`. */
export const secretNameOf = (setting: string): string => setting.toLowerCase().replaceAll('_', '-');

/** Reads secrets from Azure Key Vault by the names of their settings. */
export class VaultSecrets {
  private readonly client: SecretClient;

  constructor(vaultUrl: string, credential: TokenCredential, options: SecretClientOptions = {}) {
    this.client = new SecretClient(vaultUrl, credential, options);
  }

  /** @throws Error when there is no such secret, or the vault does not answer */
  async read(setting: string): Promise<string> {
    const { value } = await this.client.getSecret(secretNameOf(setting));
    if (value === undefined) throw new Error('The key vault has no value for this secret.');
    return value;
  }
}
