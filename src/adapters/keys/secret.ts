import type { TokenCredential } from '@azure/identity';
import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets';

/**
 * A secret that another system takes from us. It is read anew when that system refuses it, so that it
 * can be changed without a restart.
 */
export class Secret {
  constructor(
    private current: string,
    /** Reads it where it is kept; null where it stands in the settings only. */
    private readonly reread: (() => Promise<string>) | null = null,
  ) {}

  get value(): string {
    return this.current;
  }

  /** Reads it anew. @returns whether it is another one than was refused */
  async renew(): Promise<boolean> {
    if (this.reread === null) return false;
    const before = this.current;
    // A vault that is away leaves what there is.
    this.current = await this.reread().catch(() => before);
    return this.current !== before;
  }
}

/** Name of a setting's secret in the vault: `GENESYS_CLIENT_SECRET` is `genesys-client-secret`. */
export const secretNameOf = (setting: string): string => setting.toLowerCase().replaceAll('_', '-');

/** Reads secrets of Azure Key Vault, by the names of their settings. */
export class VaultSecrets {
  private readonly client: SecretClient;

  constructor(vaultUrl: string, credential: TokenCredential, options: SecretClientOptions = {}) {
    this.client = new SecretClient(vaultUrl, credential, options);
  }

  /** @throws Error when there is no such secret, or the vault does not answer */
  async read(setting: string): Promise<string> {
    const { value } = await this.client.getSecret(secretNameOf(setting));
    if (value === undefined) throw new Error('The vault holds no value of this secret.');
    return value;
  }
}
