/** Numbers on a page: to copy so few takes no time. */
const pageLength = 4_096;

/**
 * A list of numbers that grows by pages. An array copies everything that it holds whenever it has to grow:
 * of millions of numbers that takes longer than the event loop may wait.
 */
export class NumberList {
  private readonly pages: number[][] = [];
  length = 0;

  push(value: number): void {
    if (this.length % pageLength === 0) this.pages.push([]);
    this.pages.at(-1)?.push(value);
    this.length += 1;
  }

  /** @returns undefined where the list has no such place */
  at(index: number): number | undefined {
    return this.pages[Math.floor(index / pageLength)]?.[index % pageLength];
  }
}
