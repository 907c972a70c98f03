import {
  CryptographyClient,
  KeyClient,
  type KeyClientOptions,
  type KeyVaultKey,
} from '@azure/keyvault-keys';
import type { TokenCredential } from '@azure/identity';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { createHash, randomBytes } from 'node:crypto';
import { IntegrityError } from '../../core/errors';
import type { KeyStore, RequestKeys } from '../../ports';
import { decrypt, encrypt } from '../storage/encryption';
import { callService } from '../storage/rest-error';
import { HashKeys } from './hash-keys';
import { requestKeysOf } from './request-keys';

const prefix = 'vault.v1';
const wrapKeyName = 'wrap';
const signKeyName = 'sign';
const wrapAlgorithm = 'RSA-OAEP-256';
/** How long it may take until a rotated key is used, in milliseconds. */
const rereadKeysAfter = 600_000;
/** How long an unwrapped secret is kept in memory, in milliseconds: an activity needs it many times. */
const keepSecretsFor = 60_000;

export interface VaultKeyStoreOptions {
  /** Such as `https://name.vault.azure.net`. */
  vaultUrl: string;
  credential: TokenCredential;
  /** 32 bytes with which opaque ids are derived and custody records are authenticated. */
  hashKey: Buffer;
  /** Hash keys before it, by which what they made is recognised. */
  previousHashKeys?: readonly Buffer[];
  /** Options of the SDK, such as its HTTP client. */
  clientOptions?: KeyClientOptions;
}

/**
 * Keys in Azure Key Vault: `wrap` (RSA) wraps the secret of every request, `sign` (P-256) signs packages
 * and custody records. Neither ever leaves the vault. A wrapped text names the version of its key, so
 * that it can be unwrapped after a rotation; the public half of every version stays published. Methods
 * throw StorageUnavailableError when the vault does not answer or is overloaded.
 */
export class VaultKeyStore implements KeyStore {
  private readonly client: KeyClient;
  private readonly hashKeys: HashKeys;
  private readonly current = new Map<string, { key: Promise<KeyVaultKey>; readAt: number }>();
  private readonly versions = new Map<string, CryptographyClient>();
  private readonly opened = new Map<string, { secret: Buffer; until: number }>();

  constructor(private readonly options: VaultKeyStoreOptions) {
    this.client = new KeyClient(options.vaultUrl, options.credential, options.clientOptions);
    this.hashKeys = new HashKeys(options.hashKey, options.previousHashKeys);
  }

  async createSecret(): Promise<string> {
    return this.wrap(randomBytes(32));
  }

  async unwrap(wrappedSecret: string): Promise<RequestKeys> {
    const now = Date.now();
    for (const [wrapped, { until }] of this.opened) if (until <= now) this.opened.delete(wrapped);
    const known = this.opened.get(wrappedSecret)?.secret;
    const secret = known ?? (await this.unwrapBytes(wrappedSecret));
    if (!known) this.opened.set(wrappedSecret, { secret, until: now + keepSecretsFor });
    return requestKeysOf(secret);
  }

  async encryptWithMasterKey(text: string, context: string): Promise<string> {
    const key = randomBytes(32);
    const encrypted = encrypt(key, Buffer.from(text, 'utf8'), context);
    return `${await this.wrap(key)}.${encrypted.toString('base64url')}`;
  }

  async decryptWithMasterKey(encrypted: string, context: string): Promise<string> {
    const cut = encrypted.lastIndexOf('.');
    const key = await this.unwrapBytes(encrypted.slice(0, cut));
    return decrypt(key, Buffer.from(encrypted.slice(cut + 1), 'base64url'), context).toString(
      'utf8',
    );
  }

  async sign(content: Buffer, keysAddress: string): Promise<string> {
    const key = await this.currentKey(signKeyName);
    const header = { alg: 'ES256', kid: await kidOf(key), jku: keysAddress };
    const protectedHeader = Buffer.from(JSON.stringify(header)).toString('base64url');
    const input = `${protectedHeader}.${content.toString('base64url')}`;
    const digest = createHash('sha256').update(input).digest();
    const { result } = await callVault(() => this.cryptography(key.id ?? '').sign('ES256', digest));
    return `${protectedHeader}..${Buffer.from(result).toString('base64url')}`;
  }

  publicKeys(): Promise<{ keys: object[] }> {
    return callVault(async () => {
      const keys: object[] = [];
      for await (const { version } of this.client.listPropertiesOfKeyVersions(signKeyName)) {
        if (version === undefined) continue;
        const key = await this.client.getKey(signKeyName, { version });
        keys.push({ ...publicJwk(key), kid: await kidOf(key), use: 'sig', alg: 'ES256' });
      }
      return { keys };
    });
  }

  get hashKeyId(): string {
    return this.hashKeys.id;
  }

  keyedHash(purpose: string, text: string, keyId: string | null = null): string {
    return this.hashKeys.hash(purpose, text, keyId);
  }

  keyedHashes(purpose: string, text: string): string[] {
    return this.hashKeys.hashes(purpose, text);
  }

  /** @returns version of the key and wrapped bytes, as text */
  private async wrap(bytes: Buffer): Promise<string> {
    const key = await this.currentKey(wrapKeyName);
    const { result } = await callVault(() =>
      this.cryptography(key.id ?? '').wrapKey(wrapAlgorithm, bytes),
    );
    const wrapped = Buffer.from(result).toString('base64url');
    return `${prefix}.${key.properties.version ?? ''}.${wrapped}`;
  }

  private async unwrapBytes(text: string): Promise<Buffer> {
    const [name, schema, version, wrapped] = text.split('.');
    if (`${name}.${schema}` !== prefix || !version || !wrapped)
      throw new IntegrityError('The text was not wrapped by the key vault.');
    const id = `${this.options.vaultUrl.replace(/\/$/, '')}/keys/${wrapKeyName}/${version}`;
    const { result } = await callVault(() =>
      this.cryptography(id).unwrapKey(wrapAlgorithm, Buffer.from(wrapped, 'base64url')),
    );
    return Buffer.from(result);
  }

  /** The newest version of a key. */
  private currentKey(name: string): Promise<KeyVaultKey> {
    const known = this.current.get(name);
    if (known && Date.now() - known.readAt < rereadKeysAfter) return known.key;
    const key = callVault(() => this.client.getKey(name));
    this.current.set(name, { key, readAt: Date.now() });
    key.catch(() => this.current.delete(name));
    return key;
  }

  private cryptography(id: string): CryptographyClient {
    const { credential, clientOptions } = this.options;
    const known = this.versions.get(id) ?? new CryptographyClient(id, credential, clientOptions);
    this.versions.set(id, known);
    return known;
  }
}

const callVault = <T>(call: () => Promise<T>): Promise<T> => callService('Key Vault', call);

/** The public half of a key, as JWK. */
function publicJwk({ key }: KeyVaultKey): JWK {
  const part = (bytes: Uint8Array | undefined): string =>
    Buffer.from(bytes ?? []).toString('base64url');
  return { kty: 'EC', crv: 'P-256', x: part(key?.x), y: part(key?.y) };
}

/** Id of a key: its thumbprint (RFC 7638), the same wherever it is published. */
const kidOf = (key: KeyVaultKey): Promise<string> => calculateJwkThumbprint(publicJwk(key));
