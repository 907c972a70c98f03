import { randomBytes } from 'node:crypto';
import { deriveKeys, saltLength, type EntryKeys } from './aes';

export interface SaltedKeys {
  salt: Buffer;
  keys: EntryKeys;
}

/** Most keys that are derived in advance. */
const mostAhead = 128;
/** Salts for which random bytes are drawn at a time. */
const saltsAtOnce = 32;

/**
 * Keys for one entry after the other. To derive a key takes most of a millisecond of a core, which is
 * most of the work for a small entry. Once entries follow each other, keys are therefore derived in
 * advance, on the thread pool, while entries are written. The key that is ready first is used first, so
 * that a thread that has to wait delays nobody.
 */
export class EntryKeyring {
  private readonly made: SaltedKeys[] = [];
  private underWay = 0;
  private failure: Error | null = null;
  /** Callers that wait for keys. */
  private waiting: ((made: SaltedKeys | Error) => void)[] = [];
  private taken = 0;
  private random: Buffer = Buffer.alloc(0);

  constructor(private readonly passphrase: string) {}

  async next(): Promise<SaltedKeys> {
    // A part with a single entry derives one key; a part with many has them ready in time.
    const ahead = Math.min(this.taken, mostAhead) + this.waiting.length + 1;
    this.taken += 1;
    while (this.made.length + this.underWay < ahead) this.derive();
    const ready = this.failure ?? this.made.shift();
    const given =
      ready ?? (await new Promise<SaltedKeys | Error>((done) => this.waiting.push(done)));
    if (given instanceof Error) throw given;
    return given;
  }

  private derive(): void {
    if (this.random.length === 0) this.random = randomBytes(saltLength * saltsAtOnce);
    const salt = this.random.subarray(0, saltLength);
    this.random = this.random.subarray(saltLength);
    this.underWay += 1;
    deriveKeys(this.passphrase, salt).then(
      (keys) => {
        this.underWay -= 1;
        const next = this.waiting.shift();
        if (next) next({ salt, keys });
        else this.made.push({ salt, keys });
      },
      (error: unknown) => {
        this.failure = error instanceof Error ? error : new Error(String(error));
        for (const next of this.waiting.splice(0)) next(this.failure);
      },
    );
  }
}
