import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Time as the durable engine has it. */
export interface EngineClock {
  /** Milliseconds since 1970. */
  now(): number;
  advance(milliseconds: number): void;
  /**
   * Calls back after so many milliseconds, at most 2^31 - 1.
   * @returns a function that cancels the call
   */
  after(milliseconds: number, call: () => void): () => void;
}

/** The machine's time, moved on by what was asked for. The offset is kept over restarts. */
export class HostClock implements EngineClock {
  private readonly file: string;
  private offset: number;

  constructor(directory: string) {
    this.file = join(directory, 'clock-offset');
    this.offset = existsSync(this.file) ? Number(readFileSync(this.file, 'utf8')) : 0;
  }

  now(): number {
    return Date.now() + this.offset;
  }

  advance(milliseconds: number): void {
    this.offset += milliseconds;
    // Others read the file at any time: it is never there in half.
    writeFileSync(`${this.file}.new`, String(this.offset));
    renameSync(`${this.file}.new`, this.file);
  }

  after(milliseconds: number, call: () => void): () => void {
    const timeout = setTimeout(call, milliseconds);
    return () => clearTimeout(timeout);
  }
}
