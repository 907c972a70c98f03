/** Which rows of a long list are drawn: those in sight, and some around them. */

/** A heading before the row with this index. */
export interface ListHeading {
  index: number;
  key: string;
}

export interface ListShape {
  length: number;
  /** In order. */
  headings: readonly ListHeading[];
  /** Heights in CSS pixels. */
  row: number;
  heading: number;
}

/** Number of headings before or at a row. */
function headingsUpTo(headings: readonly ListHeading[], index: number): number {
  let [low, high] = [0, headings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((headings[middle]?.index ?? Infinity) <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where a row begins. */
export const topOfRow = ({ headings, row, heading }: ListShape, index: number): number =>
  index * row + headingsUpTo(headings, index) * heading;

/** Where a heading begins. */
export const topOfHeading = ({ headings, row, heading }: ListShape, which: number): number =>
  (headings[which]?.index ?? 0) * row + which * heading;

export const heightOf = ({ length, headings, row, heading }: ListShape): number =>
  length * row + headings.length * heading;

/** The row that a place of the list is in. */
export function rowAt(shape: ListShape, y: number): number {
  let [low, high] = [0, Math.max(0, shape.length - 1)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (topOfRow(shape, middle) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Rows drawn before and behind those in sight. */
const around = 8;

/** Indexes of the first and the last row that are drawn, and of the headings between them. */
export function windowOf(
  shape: ListShape,
  { top, height }: { top: number; height: number },
): { first: number; last: number; headings: number[] } {
  if (shape.length === 0) return { first: 0, last: -1, headings: [] };
  const first = Math.max(0, rowAt(shape, top) - around);
  const last = Math.min(shape.length - 1, rowAt(shape, top + height) + around);
  const from = first === 0 ? 0 : headingsUpTo(shape.headings, first - 1);
  const to = headingsUpTo(shape.headings, last);
  return { first, last, headings: Array.from({ length: to - from }, (_, i) => from + i) };
}

/** Headings of a list of which every part has a number of rows; parts without rows have none. */
export function headingsOf(parts: readonly { key: string; rows: number }[]): ListHeading[] {
  const headings: ListHeading[] = [];
  let index = 0;
  for (const { key, rows } of parts) {
    if (rows > 0) headings.push({ index, key });
    index += rows;
  }
  return headings;
}

/** How many rows and headings a list has, which are its items in the order in which they are read. */
export const countOf = ({ length, headings }: Pick<ListShape, 'length' | 'headings'>): number =>
  length + headings.length;

/** Where a row stands among all items of a list, from 1 on. */
export const numberOfRow = ({ headings }: Pick<ListShape, 'headings'>, index: number): number =>
  index + headingsUpTo(headings, index) + 1;

/** Where a heading stands among all items of a list, from 1 on. */
export const numberOfHeading = ({ headings }: Pick<ListShape, 'headings'>, which: number): number =>
  (headings[which]?.index ?? 0) + which + 1;
