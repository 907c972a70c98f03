import type { EngineClock } from '../../local/host/durable/host-clock';

/** Lets everything happen that waits for nothing but other code of this process. */
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A clock that a test moves: time stands still between, and no code waits for the machine's time. */
export class ManualClock implements EngineClock {
  private readonly calls = new Set<{ at: number; call: () => void }>();

  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  /** Moves the time without the calls that are due; `pass` makes them. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.time + milliseconds, call };
    this.calls.add(entry);
    return () => this.calls.delete(entry);
  }

  /** Time of the next call, in milliseconds since 1970; null when nothing waits. */
  get next(): number | null {
    return this.calls.size === 0 ? null : Math.min(...[...this.calls].map(({ at }) => at));
  }

  /** Lets the time pass up to a moment. Each call is made at its time, and what follows it settles. */
  async pass(until: number): Promise<void> {
    await settle();
    for (let { next } = this; next !== null && next <= until; { next } = this) {
      this.time = Math.max(this.time, next);
      for (const entry of [...this.calls]) {
        if (entry.at > this.time || !this.calls.delete(entry)) continue;
        entry.call();
      }
      await settle();
    }
    this.time = Math.max(this.time, until);
  }
}
