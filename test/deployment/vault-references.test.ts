import { withVaultSecrets } from '../../src/composition/vault-references';
import { loadConfig } from '../../src/config/config';

const reference = '@Microsoft.KeyVault(VaultName=privacy;SecretName=hash-key)';

describe('settings of an app in Azure', () => {
  const settings = { HASH_KEY: reference, PORTAL_ORIGIN: 'https://privacy.shop.example' };

  it('are examined with the secrets that their references name', async () => {
    const asked: string[] = [];
    const read = (setting: string): Promise<string> => {
      asked.push(setting);
      return Promise.resolve('the key');
    };
    expect(await withVaultSecrets(settings, read)).toEqual({ ...settings, HASH_KEY: 'the key' });
    expect(asked).toEqual(['HASH_KEY']);
  });

  it('keep a reference that cannot be read, which is reported as one', async () => {
    const unread = await withVaultSecrets(settings, () => Promise.reject(new Error('Forbidden')));
    expect(unread).toEqual(settings);
    const values = { ...unread, KEY_VAULT_URL: 'https://privacy.vault.azure.net' };
    expect(() => loadConfig(values)).toThrow(/HASH_KEY is a reference to Key Vault/);
  });

  it('stay as they are without a vault', async () => {
    expect(await withVaultSecrets(settings)).toEqual(settings);
  });
});
