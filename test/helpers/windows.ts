interface Window {
  from: string;
  to: string;
}

/** Expects that windows are an interval, without gap or overlap, in the order of time. */
export function expectWhole(windows: readonly Window[], from: string, to: string): void {
  const ends = windows.map((window) => window.to);
  expect(windows.map((window) => window.from)).toEqual([from, ...ends.slice(0, -1)]);
  expect(ends.at(-1)).toBe(to);
}
