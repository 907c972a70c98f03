import { createHmac } from 'node:crypto';

/**
 * Keys of the app's keyed hashes (HMAC-SHA256): the present one, and those before it. The present key
 * makes hashes; every key recognises what it has made.
 */
export class HashKeys {
  private readonly previous: readonly Buffer[];

  /** @param others keys that were the present one before, or are to be it next */
  constructor(
    private readonly present: Buffer,
    others: readonly Buffer[] = [],
  ) {
    this.previous = others.filter((one) => !one.equals(present));
  }

  /** Id of the present key. */
  get id(): string {
    return idOf(this.present);
  }

  /**
   * Keyed hash (hex) of a text, different for each purpose.
   * @param id of the key; the present one without it, and where no key has it
   */
  hash(purpose: string, text: string, id: string | null = null): string {
    const key = this.previous.find((one) => idOf(one) === id) ?? this.present;
    return hashBy(key, purpose, text);
  }

  /** The same by every key, that of the present key first. */
  hashes(purpose: string, text: string): string[] {
    return [this.present, ...this.previous].map((key) => hashBy(key, purpose, text));
  }
}

/** The id of a key, which says nothing about it. */
const idOf = (key: Buffer): string => hashBy(key, 'keyId', '').slice(0, 8);

const hashBy = (key: Buffer, purpose: string, text: string): string =>
  createHmac('sha256', key).update(`${purpose}\0${text}`).digest('hex');
