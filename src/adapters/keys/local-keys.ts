import { calculateJwkThumbprint, CompactSign, importJWK, type JWK } from 'jose';
import { createECDH, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KeyStore, RequestKeys } from '../../ports';
import { decrypt, encrypt } from '../storage/encryption';
import { HashKeys } from './hash-keys';
import { derive, requestKeysOf } from './request-keys';
import { detached } from './signature';

const prefix = 'local.v1.';

/** What is in the file, which an error does not name: a setting may hold anything. */
function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error('LOCAL_KEY_FILE names a file that cannot be read.');
  }
}

/** Key store of the embedded default: a 256-bit key in a file wraps the secret of every request. */
export class LocalKeyStore implements KeyStore {
  private readonly wrappingKey: Buffer;
  private readonly hashKeys: HashKeys;
  private readonly protectionKey: Buffer;
  private readonly signingKey: JWK;

  /** @throws Error when the file cannot be read, or does not hold 32 bytes in base64 */
  constructor(path: string) {
    const master = Buffer.from(readKey(path).trim(), 'base64');
    if (master.length !== 32) throw new Error('LOCAL_KEY_FILE must hold 32 bytes in base64.');
    this.wrappingKey = derive(master, 'wrap', 32);
    this.hashKeys = new HashKeys(derive(master, 'hash', 32));
    this.protectionKey = derive(master, 'protect', 32);
    this.signingKey = signingKeyOf(derive(master, 'sign', 48));
  }

  createSecret(): Promise<string> {
    const wrapped = encrypt(this.wrappingKey, randomBytes(32), prefix);
    return Promise.resolve(prefix + wrapped.toString('base64url'));
  }

  unwrap(wrappedSecret: string): Promise<RequestKeys> {
    const wrapped = Buffer.from(wrappedSecret.slice(prefix.length), 'base64url');
    return Promise.resolve(requestKeysOf(decrypt(this.wrappingKey, wrapped, prefix)));
  }

  encryptWithMasterKey(text: string, context: string): Promise<string> {
    const encrypted = encrypt(this.protectionKey, Buffer.from(text, 'utf8'), context);
    return Promise.resolve(prefix + encrypted.toString('base64url'));
  }

  decryptWithMasterKey(encrypted: string, context: string): Promise<string> {
    const bytes = Buffer.from(encrypted.slice(prefix.length), 'base64url');
    return Promise.resolve(decrypt(this.protectionKey, bytes, context).toString('utf8'));
  }

  async sign(content: Buffer, keysAddress: string): Promise<string> {
    const kid = await calculateJwkThumbprint(this.signingKey);
    const jws = await new CompactSign(content)
      .setProtectedHeader({ alg: 'ES256', kid, jku: keysAddress })
      .sign(await importJWK(this.signingKey, 'ES256'));
    return detached(jws);
  }

  async publicKeys(): Promise<{ keys: object[] }> {
    const { kty, crv, x, y } = this.signingKey;
    const kid = await calculateJwkThumbprint(this.signingKey);
    return { keys: [{ kty, crv, x, y, kid, use: 'sig', alg: 'ES256' }] };
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
}

/** Order of the curve P-256 (SEC 2). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A key of P-256 from 384 random bits (FIPS 186-5 appendix A.2.1). */
function signingKeyOf(bits: Buffer): JWK {
  const d = (BigInt(`0x${bits.toString('hex')}`) % (order - 1n)) + 1n;
  const secret = Buffer.from(d.toString(16).padStart(64, '0'), 'hex');
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  return {
    kty: 'EC',
    crv: 'P-256',
    d: secret.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  };
}
