import { p256 } from '@noble/curves/nist.js';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

interface KeyVersion {
  version: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/**
 * Azure Key Vault as its REST API (7.x) answers the SDK: keys with versions, whose private halves never
 * leave it, and secrets. It asks for a token by a challenge, as the vault does, and refuses operations
 * that a key is not for.
 */
export class SimulatedVault implements HttpClient {
  readonly url = 'https://simulated.vault.azure.net';
  readonly secrets = new Map<string, string>();
  readonly calls: string[] = [];
  isForbidden = false;
  private readonly keys = new Map<string, KeyVersion[]>();

  constructor() {
    this.rotate('wrap');
    this.rotate('sign');
  }

  /** Makes a new version of a key, which is from now on the current one. */
  rotate(name: 'wrap' | 'sign'): void {
    const made =
      name === 'wrap'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const version = randomBytes(16).toString('hex');
    const versions = this.keys.get(name) ?? [];
    this.keys.set(name, [
      ...versions,
      {
        version,
        privateKey: createPrivateKey(made.privateKey.export({ format: 'pem', type: 'pkcs8' })),
        publicKey: made.publicKey,
      },
    ]);
  }

  sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const { pathname } = new URL(request.url);
    const answer = (status: number, body: object, headers: Record<string, string> = {}) =>
      Promise.resolve({
        request,
        status,
        headers: createHttpHeaders({ 'content-type': 'application/json', ...headers }),
        bodyAsText: JSON.stringify(body),
      });
    if (!request.headers.has('authorization')) {
      const challenge =
        'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"';
      return answer(401, {}, { 'www-authenticate': challenge });
    }
    this.calls.push(`${request.method} ${pathname}`);
    if (this.isForbidden) return answer(403, { error: { code: 'Forbidden', message: 'no' } });
    const [, kind, name = '', version, operation] = pathname.split('/');
    if (kind === 'secrets') {
      const value = this.secrets.get(name);
      return value === undefined
        ? answer(404, { error: { code: 'SecretNotFound' } })
        : answer(200, { value, id: `${this.url}/secrets/${name}/1`, attributes: {} });
    }
    const versions = this.keys.get(name) ?? [];
    if (version === 'versions')
      return answer(200, {
        value: versions.map((one) => ({ kid: this.idOf(name, one), attributes: {} })),
      });
    const key = version ? versions.find((one) => one.version === version) : versions.at(-1);
    if (!key) return answer(404, { error: { code: 'KeyNotFound' } });
    if (!operation) {
      const jwk = key.publicKey.export({ format: 'jwk' });
      const key_ops = name === 'wrap' ? ['wrapKey', 'unwrapKey'] : ['sign', 'verify'];
      return answer(200, {
        key: { ...jwk, kid: this.idOf(name, key), key_ops },
        attributes: { enabled: true },
      });
    }
    const { value } = JSON.parse(request.body as string) as { value: string };
    const given = Buffer.from(value, 'base64url');
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    const results: Record<string, () => Buffer> = {
      'wrap wrapkey': () => publicEncrypt({ key: key.publicKey, ...padding }, given),
      'wrap unwrapkey': () => privateDecrypt({ key: key.privateKey, ...padding }, given),
      'sign sign': () => signDigest(given, key.privateKey),
    };
    const work = results[`${name} ${operation}`];
    if (!work) return answer(403, { error: { code: 'Forbidden' } });
    return answer(200, { kid: this.idOf(name, key), value: work().toString('base64url') });
  }

  private idOf(name: string, { version }: KeyVersion): string {
    return `${this.url}/keys/${name}/${version}`;
  }
}

/** ECDSA over a digest that was made already, as the vault signs it: r and s, 32 bytes each. */
function signDigest(digest: Buffer, key: KeyObject): Buffer {
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  return Buffer.from(p256.sign(digest, secret, { prehash: false }));
}
