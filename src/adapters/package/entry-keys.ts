import { randomBytes } from 'node:crypto';
import { deriveKeys, saltLength, type EntryKeys } from './aes';

export interface SaltedKeys {
  salt: Buffer;
  keys: EntryKeys;
}

/** Most keys that are derived before they are asked for. */
const mostAhead = 128;
/** Random bytes are drawn for so many salts at a time. */
const saltsAtOnce = 32;

/**
 * Keys for one entry after the other. Deriving them takes most of a millisecond of a core each, which
 * is most of the work for a small entry: once entries follow each other, keys are made ahead, on the
 * thread pool, while entries are written. Whichever is made first is given out first: a thread that
 * has to wait for its turn keeps nobody waiting.
 */
export class EntryKeyring {
  private readonly made: SaltedKeys[] = [];
  private underWay = 0;
  private failure: Error | null = null;
  /** Who waits for keys. */
  private waiting: ((made: SaltedKeys | Error) => void)[] = [];
  private taken = 0;
  private random: Buffer = Buffer.alloc(0);

  constructor(private readonly passphrase: string) {}

  async next(): Promise<SaltedKeys> {
    // A part of one entry makes one key; one of many has them all made in time.
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
