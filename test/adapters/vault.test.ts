import type { TokenCredential } from '@azure/identity';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { LocalKeyStore } from '../../src/adapters/keys/local-keys';
import { Secret, VaultSecrets } from '../../src/adapters/keys/secret';
import { VaultKeyStore } from '../../src/adapters/keys/vault-keys';
import { IntegrityError, StorageUnavailableError } from '../../src/core/errors';
import type { KeyStore } from '../../src/ports';
import { SimulatedVault } from '../helpers/vault';

const credential: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const address = 'https://privacy.shop.example/.well-known/jwks.json';

function storeOf(vault: SimulatedVault): VaultKeyStore {
  return new VaultKeyStore({
    vaultUrl: vault.url,
    credential,
    hashKey: Buffer.alloc(32, 1),
    clientOptions: { httpClient: vault, retryOptions: { maxRetries: 0 } },
  });
}

/** Whether a detached signature over content is by one of the keys. */
async function isSigned(store: KeyStore, content: Buffer, jws: string): Promise<boolean> {
  const [header, , signature] = jws.split('.');
  const keys: JSONWebKeySet = await store.publicKeys();
  const whole = `${header}.${content.toString('base64url')}.${signature}`;
  return compactVerify(whole, createLocalJWKSet(keys)).then(
    () => true,
    () => false,
  );
}

describe('keys in Key Vault', () => {
  it('wrap secrets, from which every instance derives the same keys', async () => {
    const vault = new SimulatedVault();
    const wrapped = await storeOf(vault).createSecret();
    const one = await storeOf(vault).unwrap(wrapped);
    const other = await storeOf(vault).unwrap(wrapped);
    expect(one).toEqual(other);
    expect(one.passphrase).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(await storeOf(vault).createSecret()).not.toBe(wrapped);
  });

  it('are used once for a secret that is unwrapped repeatedly', async () => {
    const vault = new SimulatedVault();
    const store = storeOf(vault);
    const wrapped = await store.createSecret();
    for (let i = 0; i < 5; i += 1) await store.unwrap(wrapped);
    expect(vault.calls.filter((call) => call.endsWith('/unwrapkey'))).toHaveLength(1);
  });

  it('decrypt after a rotation what was encrypted before it, and encrypt with the new version', async () => {
    const vault = new SimulatedVault();
    const before = await storeOf(vault).createSecret();
    const closed = await storeOf(vault).encryptWithMasterKey(
      'https://tickets.example/hook',
      'request-1',
    );
    vault.rotate('wrap');
    const store = storeOf(vault);
    await expect(store.unwrap(before)).resolves.toHaveProperty('passphrase');
    await expect(store.decryptWithMasterKey(closed, 'request-1')).resolves.toBe(
      'https://tickets.example/hook',
    );
    const versionOf = (wrapped: string): string | undefined => wrapped.split('.')[2];
    expect(versionOf(await store.createSecret())).not.toBe(versionOf(before));
  });

  it('decrypt in the same context only, and nothing that was changed', async () => {
    const store = storeOf(new SimulatedVault());
    const closed = await store.encryptWithMasterKey('secret', 'here');
    await expect(store.decryptWithMasterKey(closed, 'there')).rejects.toBeInstanceOf(
      IntegrityError,
    );
    await expect(store.decryptWithMasterKey(`local.v1.${closed}`, 'here')).rejects.toBeInstanceOf(
      IntegrityError,
    );
  });

  it('sign so that signatures made before a rotation stay verifiable', async () => {
    const vault = new SimulatedVault();
    const content = Buffer.from('tag manifest');
    const before = await storeOf(vault).sign(content, address);
    vault.rotate('sign');
    const store = storeOf(vault);
    const after = await store.sign(content, address);
    expect(await isSigned(store, content, before)).toBe(true);
    expect(await isSigned(store, content, after)).toBe(true);
    expect(await isSigned(store, Buffer.from('another'), after)).toBe(false);
    expect(await isSigned(storeOf(new SimulatedVault()), content, after)).toBe(false);
    expect((await store.publicKeys()).keys).toHaveLength(2);
  });

  it('fail with the status of the vault when it refuses the app', async () => {
    const vault = new SimulatedVault();
    const store = storeOf(vault);
    vault.isForbidden = true;
    await expect(store.createSecret()).rejects.toMatchObject({ statusCode: 403 });
  });

  it('fail with an error of the app when the vault is overloaded', async () => {
    const vault = new SimulatedVault();
    const wrapped = await storeOf(vault).createSecret();
    const store = new VaultKeyStore({
      vaultUrl: vault.url,
      credential,
      hashKey: Buffer.alloc(32, 1),
      clientOptions: {
        httpClient: {
          sendRequest: (request) =>
            Promise.resolve({
              request,
              status: 503,
              headers: createHttpHeaders({ 'content-type': 'application/json' }),
              bodyAsText: JSON.stringify({ error: { code: 'ServiceUnavailable' } }),
            }),
        },
        retryOptions: { maxRetries: 0 },
      },
    });
    const calls = [
      () => store.createSecret(),
      () => store.unwrap(wrapped),
      () => store.encryptWithMasterKey('text', 'context'),
      () => store.sign(Buffer.from('x'), address),
      () => store.publicKeys(),
    ];
    for (const call of calls) await expect(call()).rejects.toThrow(StorageUnavailableError);
  });

  it('give the same hash for the same key and text, and another for another purpose', () => {
    const store = storeOf(new SimulatedVault());
    expect(store.keyedHash('request', 'T-1')).toBe(store.keyedHash('request', 'T-1'));
    expect(store.keyedHash('request', 'T-1')).not.toBe(store.keyedHash('body', 'T-1'));
    expect(LocalKeyStore.prototype).toHaveProperty('keyedHash');
  });
});

describe('a secret of the settings', () => {
  it('is read again from the vault when it was refused, and only then', async () => {
    const vault = new SimulatedVault();
    vault.secrets.set('genesys-client-secret', 'first');
    const secrets = new VaultSecrets(vault.url, credential, { httpClient: vault });
    const secret = new Secret('first', () => secrets.read('GENESYS_CLIENT_SECRET'));
    expect(secret.value).toBe('first');
    expect(await secret.renew()).toBe(false);
    vault.secrets.set('genesys-client-secret', 'second');
    expect(secret.value).toBe('first');
    expect(await secret.renew()).toBe(true);
    expect(secret.value).toBe('second');
  });

  it('stays the same while the vault does not answer, or where there is none', async () => {
    const vault = new SimulatedVault();
    const secrets = new VaultSecrets(vault.url, credential, {
      httpClient: vault,
      retryOptions: { maxRetries: 0 },
    });
    const secret = new Secret('first', () => secrets.read('GENESYS_CLIENT_SECRET'));
    expect(await secret.renew()).toBe(false);
    expect(await new Secret('only').renew()).toBe(false);
    expect(secret.value).toBe('first');
  });
});
