import type { Range } from '../mapped-text';
import { each, sorted } from '../steps';

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

/** In the order of their places; insertions before what replaces what follows them. In steps. */
export const inOrder = <T extends Range>(edits: readonly T[]): Generator<void, T[]> =>
  sorted(edits, (a, b) => a.start - b.start || a.end - b.end);

/** Replacements without those that begin within an earlier one. In steps. */
export function* withoutOverlaps<T extends Range>(edits: readonly T[]): Generator<void, T[]> {
  const kept: T[] = [];
  yield* each(yield* inOrder(edits), (edit) => {
    if (edit.start >= (kept.at(-1)?.end ?? 0)) kept.push(edit);
  });
  return kept;
}

/** Bytes with their replacements, which are in order and do not overlap. In steps. */
export function* applyEdits(bytes: Buffer, edits: readonly Edit[]): Generator<void, Buffer> {
  if (edits.length === 0) return bytes;
  let { length } = bytes;
  yield* each(edits, (edit) => (length += contentOf(edit).length - (edit.end - edit.start)));
  const result = Buffer.alloc(length);
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
