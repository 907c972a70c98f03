import { randomBytes } from 'node:crypto';
import { deriveKeys, saltLength, type EntryKeys } from './aes';

export interface SaltedKeys {
  salt: Buffer;
  keys: EntryKeys;
}

/** Most keys that are derived before they are asked for. */
const mostAhead = 32;
/** Random bytes are drawn for so many salts at a time. */
const saltsAtOnce = 32;

/**
 * Keys for one entry after the other. Deriving them takes a millisecond of a core each, which is
 * most of the work for a small entry: once entries follow each other, keys are made ahead, on the
 * thread pool, while entries are written.
 */
export class EntryKeyring {
  private readonly ready: Promise<SaltedKeys>[] = [];
  private taken = 0;
  private random: Buffer = Buffer.alloc(0);

  constructor(private readonly passphrase: string) {}

  next(): Promise<SaltedKeys> {
    const keys = this.ready.shift() ?? this.derive();
    // A part of one entry makes one key; one of many has them all made in time.
    const ahead = Math.min(this.taken, mostAhead);
    this.taken += 1;
    while (this.ready.length < ahead) this.ready.push(this.derive());
    return keys;
  }

  private derive(): Promise<SaltedKeys> {
    if (this.random.length === 0) this.random = randomBytes(saltLength * saltsAtOnce);
    const salt = this.random.subarray(0, saltLength);
    this.random = this.random.subarray(saltLength);
    const made = deriveKeys(this.passphrase, salt).then((keys) => ({ salt, keys }));
    // Whoever takes it is told of a failure; keys that nobody takes fail unheard.
    made.catch(() => undefined);
    return made;
  }
}
