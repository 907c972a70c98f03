import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { KeyStore, RequestKeys } from '../../ports';
import { open, seal } from './seal';

const prefix = 'local.v1.';
/** Crockford's base 32: no letters that are read as digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Key store of the embedded default: one 256-bit key in a file wraps every request's secret. */
export class LocalKeyStore implements KeyStore {
  private readonly wrappingKey: Buffer;
  private readonly hashKey: Buffer;

  /** @throws Error when the file does not hold 32 bytes in base64. */
  constructor(path: string) {
    const master = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
    if (master.length !== 32) throw new Error('LOCAL_KEY_FILE must hold 32 bytes in base64.');
    this.wrappingKey = derive(master, 'wrap', 32);
    this.hashKey = derive(master, 'hash', 32);
  }

  createSecret(): Promise<string> {
    const wrapped = seal(this.wrappingKey, randomBytes(32), prefix);
    return Promise.resolve(prefix + wrapped.toString('base64url'));
  }

  unwrap(wrappedSecret: string): Promise<RequestKeys> {
    const wrapped = Buffer.from(wrappedSecret.slice(prefix.length), 'base64url');
    const secret = open(this.wrappingKey, wrapped, prefix);
    return Promise.resolve({
      passphrase: passphraseOf(derive(secret, 'passphrase', 28)),
      sealingKey: derive(secret, 'work', 32),
      invitationToken: derive(secret, 'invitation', 32).toString('base64url'),
    });
  }

  keyedHash(purpose: string, text: string): string {
    return createHmac('sha256', this.hashKey).update(`${purpose}\0${text}`).digest('hex');
  }
}

/** HKDF (RFC 5869) with SHA-256. */
const derive = (key: Buffer, purpose: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, length));

/** Five bits of each byte: 28 characters hold 140 random bits, in groups of four. */
function passphraseOf(bytes: Buffer): string {
  const characters = [...bytes].map((byte) => alphabet[byte & 31]).join('');
  return characters.match(/.{4}/g)?.join('-') ?? '';
}
