import type { TokenCredential } from '@azure/identity';
import { LocalKeyStore } from '../adapters/keys/local-keys';
import { Secret, VaultSecrets } from '../adapters/keys/secret';
import { VaultKeyStore } from '../adapters/keys/vault-keys';
import type { KeysConfig } from '../config/keys';
import type { KeyStore } from '../ports';

/** @throws Error when the key file cannot be used */
export function keyStoreOf(config: KeysConfig, credential: TokenCredential): KeyStore {
  switch (config.kind) {
    case 'vault':
      return new VaultKeyStore({
        vaultUrl: config.vaultUrl,
        credential,
        hashKey: config.hashKey,
        previousHashKeys: config.previousHashKeys,
      });
    case 'file':
      return new LocalKeyStore(config.path);
  }
}

/** Makes a secret of a setting and its value. */
export type SecretFactory = (setting: string, value: string) => Secret;

/** With a vault, a secret is read there again when the other system refuses it. */
export function secretFactoryOf(config: KeysConfig, credential: TokenCredential): SecretFactory {
  if (config.kind === 'file') return (_setting, value) => new Secret(value);
  const vault = new VaultSecrets(config.vaultUrl, credential);
  return (setting, value) => new Secret(value, () => vault.read(setting));
}
