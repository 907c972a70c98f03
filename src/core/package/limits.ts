/** Limits of block blobs, and how a package stays inside them. Pure. */

/** https://learn.microsoft.com/rest/api/storageservices/put-block-list */
export const mostBlocks = 50_000;

const mebibyte = 1024 * 1024;

/**
 * Bytes of the n-th block of a part, from 0. Blocks run across entries; they grow with the part, so
 * that a large one does not take more blocks than there are.
 */
export const blockLength = (sequence: number): number =>
  (sequence < 128 ? 8 : sequence < 512 ? 16 : 32) * mebibyte;

/** Bytes that a part of so many blocks can hold. */
export function partCapacity(blocks: number): number {
  let bytes = 0;
  for (let sequence = 0; sequence < blocks; sequence += 1) bytes += blockLength(sequence);
  return bytes;
}

/** Pages that a package is divided into at most: every round of a page is a part, with a block at least. */
const mostPages = 5000;

/** Conversations on a page: as many as set, or more where there would be too many pages. */
export const pageLength = (conversations: number, wanted: number): number =>
  Math.max(wanted, Math.ceil(conversations / mostPages));
