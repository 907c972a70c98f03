/** How much had come at a time, in bytes and milliseconds. */
interface Sample {
  at: number;
  bytes: number;
}

/** Time over which a pace is measured, in milliseconds. */
const span = 8000;
const least = 1000;

/** Measures how fast something comes. */
export class Pace {
  private samples: Sample[] = [];

  /** Forgets what was measured, as after a pause. */
  reset(): void {
    this.samples = [];
  }

  /**
   * @param at time in milliseconds
   * @returns bytes a second over the last seconds; null while that cannot be said
   */
  add(at: number, bytes: number): number | null {
    this.samples = [...this.samples.filter((one) => at - one.at <= span), { at, bytes }];
    const [first] = this.samples;
    if (first === undefined || at - first.at < least || bytes <= first.bytes) return null;
    return ((bytes - first.bytes) * 1000) / (at - first.at);
  }
}
