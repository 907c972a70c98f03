import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
import { keyDerivation, keysOf, saltLength, type EntryKeys } from './aes';
import { keyThread } from './threads';

export interface SaltedKeys {
  salt: Buffer;
  keys: EntryKeys;
}

/** Most entries whose keys are derived in advance. */
const mostAhead = 16;
/** Entries whose keys the thread derives for one message: to wake a thread takes time from both. */
const entriesAtOnce = 2;

/**
 * Keys for one entry after the other. To derive them takes most of a millisecond of a core, which is most
 * of the work for a small entry. Once entries follow each other, a thread derives keys in advance while
 * entries are written: one thread and not Node's pool, whose threads would take the processor from the
 * writer. Where the thread is late, the writer derives keys as well and does not wait.
 */
export class EntryKeyring {
  private readonly made: SaltedKeys[] = [];
  private underWay = 0;
  private taken = 0;

  constructor(private readonly passphrase: string) {}

  async next(): Promise<SaltedKeys> {
    // A part with a single entry needs no thread; a part with many has keys ready in time.
    const ahead = Math.min(this.taken, mostAhead);
    this.taken += 1;
    while (this.made.length + this.underWay + entriesAtOnce <= ahead) this.deriveInAdvance();
    // Answers and timers have their turn when this thread is idle, which a writer of small entries seldom is.
    if (this.made.length === 0) await immediate();
    return this.made.shift() ?? this.derive();
  }

  private derive(): SaltedKeys {
    const salt = randomBytes(saltLength);
    const { rounds, length, digest } = keyDerivation;
    return { salt, keys: keysOf(pbkdf2Sync(this.passphrase, salt, rounds, length, digest)) };
  }

  private deriveInAdvance(): void {
    const salts = Array.from({ length: entriesAtOnce }, () => randomBytes(saltLength));
    this.underWay += entriesAtOnce;
    const done = (made: SaltedKeys[]): void => {
      this.underWay -= entriesAtOnce;
      this.made.push(...made);
    };
    keyThread
      .running()
      .ask({ passphrase: this.passphrase, salts, ...keyDerivation })
      .then(
        (derived) =>
          done(
            salts.flatMap((salt, i) => {
              const bytes = derived[i];
              return bytes ? [{ salt, keys: keysOf(bytes) }] : [];
            }),
          ),
        // The keys of a thread that has ended are derived by this one.
        () => done([]),
      );
  }
}
