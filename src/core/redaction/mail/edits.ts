/**
 * Bytes from `start` to `end` that are replaced by `content` and `tail`. They may be asked to be longer,
 * because base64 keeps what follows only when the length changes by whole groups: `filler` is what shows
 * nothing or a space where it stands between the two; a space, where it is not named.
 */
export interface Edit {
  start: number;
  end: number;
  content: Buffer;
  filler?: Buffer;
  tail?: Buffer;
}

/** Replaces a stretch of a text: `start` and `end` count UTF-16 units. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
}

/** A replacement in decoded content, in which the filler is a space of its charset. */
export type ContentEdit = Required<Edit>;

const nothing = Buffer.alloc(0);
const space = Buffer.from(' ');

/** A replacement of bytes that are ASCII, which a space makes longer. */
export const contentEdit = (edit: Edit): ContentEdit => ({
  filler: space,
  tail: nothing,
  ...edit,
});

/** The whole of what a replacement puts there, with as many fillers as are needed. */
export const contentOf = (
  { content, filler = space, tail = nothing }: Edit,
  fillers = 0,
): Buffer =>
  fillers === 0 && tail.length === 0
    ? content
    : Buffer.concat([content, ...new Array<Buffer>(fillers).fill(filler), tail]);

/** In the order of their places; insertions before what replaces what follows them. */
export function inOrder<T extends { start: number; end: number }>(edits: readonly T[]): T[] {
  const compare = (a: T, b: T): number => a.start - b.start || a.end - b.end;
  // Most are found in order, and there may be very many.
  const isSorted = edits.every((one, i) => {
    const before = edits[i - 1];
    return before === undefined || compare(before, one) <= 0;
  });
  return isSorted ? [...edits] : edits.toSorted(compare);
}

/** Replacements without those that begin within an earlier one. */
export function withoutOverlaps<T extends { start: number; end: number }>(
  edits: readonly T[],
): T[] {
  let end = -1;
  return inOrder(edits).filter((edit) => {
    if (edit.start < end) return false;
    end = edit.end;
    return true;
  });
}

/** Adds many to a list; as arguments of one call they would be too many for the stack. */
export function append<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one);
}

/** How many replacements are worked on between two pauses. */
const batch = 500;

/** Works on each one, with pauses. */
export function* each<T, R>(list: readonly T[], work: (one: T) => R): Generator<void, R[]> {
  const results: R[] = [];
  for (const one of list) {
    results.push(work(one));
    if (results.length % batch === 0) yield;
  }
  return results;
}

/** Bytes with their replacements, which are in order and do not overlap. Pauses now and then. */
export function* applyEdits(bytes: Buffer, edits: readonly Edit[]): Generator<void, Buffer> {
  if (edits.length === 0) return bytes;
  const change = edits.reduce(
    (sum, edit) => sum + contentOf(edit).length - (edit.end - edit.start),
    0,
  );
  const result = Buffer.alloc(bytes.length + change);
  let at = 0;
  let written = 0;
  yield* each(edits, (edit) => {
    written += bytes.copy(result, written, at, edit.start);
    written += contentOf(edit).copy(result, written);
    at = edit.end;
  });
  bytes.copy(result, written, at);
  return result;
}
