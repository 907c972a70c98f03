/** Most blocks of a block blob, https://learn.microsoft.com/rest/api/storageservices/put-block-list */
export const mostBlocks = 50_000;

const mebibyte = 1024 * 1024;

/**
 * Bytes of a block, by its index in the part, from 0. Blocks run across entries. They grow with the
 * part, so that a large part needs fewer blocks.
 */
export const blockLength = (sequence: number): number =>
  (sequence < 128 ? 8 : sequence < 512 ? 16 : 32) * mebibyte;

/** Bytes that a part with this number of blocks holds. */
export function partCapacity(blocks: number): number {
  let bytes = 0;
  for (let sequence = 0; sequence < blocks; sequence += 1) bytes += blockLength(sequence);
  return bytes;
}

/** Most pages of a package: every pass over a page writes a part, which takes at least one block. */
const mostPages = 5000;

/** Conversations on a page: the number wanted, or more when there would be too many pages. */
export const pageLength = (conversations: number, wanted: number): number =>
  Math.max(wanted, Math.ceil(conversations / mostPages));
