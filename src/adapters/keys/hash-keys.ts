import { createHmac } from 'node:crypto';

/**
 * Keys of the app's keyed hashes (HMAC-SHA256): the present one, and those before it. The present key
 * makes hashes; every key recognises what it has made.
 */
export class HashKeys {
  constructor(
    private readonly present: Buffer,
    private readonly previous: readonly Buffer[] = [],
  ) {}

  /** Keyed hash (hex) of a text by the present key, different for each purpose. */
  hash(purpose: string, text: string): string {
    return hashBy(this.present, purpose, text);
  }

  /** The same by every key, that of the present key first. */
  hashes(purpose: string, text: string): string[] {
    return [this.present, ...this.previous].map((key) => hashBy(key, purpose, text));
  }
}

const hashBy = (key: Buffer, purpose: string, text: string): string =>
  createHmac('sha256', key).update(`${purpose}\0${text}`).digest('hex');
