/**
 * Answers of a server, of which a later one may come before an earlier one: what was asked for last is the
 * newest.
 */
export class Arrivals {
  private asked = 0;
  private newest = 0;

  /** To be called when something is asked for. @returns whether its answer is news, to be called with that */
  ask(): () => boolean {
    this.asked += 1;
    const number = this.asked;
    return () => {
      if (number < this.newest) return false;
      this.newest = number;
      return true;
    };
  }

  /** Nothing that was asked for so far is news any more. */
  forget(): void {
    this.newest = this.asked += 1;
  }
}
