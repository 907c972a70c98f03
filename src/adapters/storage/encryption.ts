import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { IntegrityError } from '../../core/errors';

const nonceLength = 12;
const tagLength = 16;

/** Encrypts with AES-256-GCM: nonce, tag, ciphertext. `context` must be the same for decryption. */
export function encrypt(key: Buffer, content: Buffer, context: string): Buffer {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** @throws IntegrityError when key or context differ, or the content was changed */
export function decrypt(key: Buffer, encrypted: Buffer, context: string): Buffer {
  try {
    const nonce = encrypted.subarray(0, nonceLength);
    const tag = encrypted.subarray(nonceLength, nonceLength + tagLength);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    return Buffer.concat([
      decipher.update(encrypted.subarray(nonceLength + tagLength)),
      decipher.final(),
    ]);
  } catch {
    throw new IntegrityError('The data cannot be decrypted.');
  }
}
