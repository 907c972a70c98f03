import { hkdfSync } from 'node:crypto';
import type { RequestKeys } from '../../ports';

/** Crockford's base 32, without letters that are mistaken for digits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** HKDF (RFC 5869) with SHA-256. */
export const derive = (key: Buffer, purpose: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, length));

/** The keys that are derived from a request's secret of 32 random bytes. */
export const requestKeysOf = (secret: Buffer): RequestKeys => ({
  passphrase: passphraseOf(derive(secret, 'passphrase', 28)),
  dataKey: derive(secret, 'data', 32),
  invitationToken: derive(secret, 'invitation', 32).toString('base64url'),
  codeKey: derive(secret, 'codes', 32),
});

/** Five bits of each byte: 28 characters hold 140 random bits, in groups of four. */
function passphraseOf(bytes: Buffer): string {
  const characters = [...bytes].map((byte) => alphabet[byte & 31]).join('');
  return characters.match(/.{4}/g)?.join('-') ?? '';
}
