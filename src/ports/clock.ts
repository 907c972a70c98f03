/** The present time. Everything that depends on time asks it, so that tests can move it. */
export interface Clock {
  now(): Date;
}

/** Time that passes, whatever the clock says. */
export interface Stopwatch {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Ends after so many milliseconds, or when the signal says so. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}
