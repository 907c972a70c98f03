/** The records at the end of a package (APPNOTE.TXT 6.3.10 sections 4.3.14 to 4.3.16), in the browser, too. */

const full16 = 0xffff;
const full32 = 0xffffffff;
const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;

/** Lengths of the records at the end of a package: without those of ZIP64, and with them. */
export const shortestEnd = 22;
export const longestEnd = 98;

/** Where the directory of a package is. */
export interface PackageEnd {
  offset: number;
  size: number;
  /** Length of the records. */
  length: number;
}

/**
 * Reads where the directory is.
 * @param tail the last `longestEnd` bytes, or all where there are fewer
 * @returns null when it is not the end of a package
 */
export function parseEnd(tail: Uint8Array): PackageEnd | null {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length);
  const at = tail.length - shortestEnd;
  if (at < 0 || view.getUint32(at, true) !== endSignature) return null;
  const size = view.getUint32(at + 12, true);
  const offset = view.getUint32(at + 16, true);
  const isShort = view.getUint16(at + 10, true) < full16 && size < full32 && offset < full32;
  if (isShort) return { offset, size, length: shortestEnd };
  const at64 = tail.length - longestEnd;
  if (at64 < 0 || view.getUint32(at64, true) !== end64Signature) return null;
  return {
    size: Number(view.getBigUint64(at64 + 40, true)),
    offset: Number(view.getBigUint64(at64 + 48, true)),
    length: longestEnd,
  };
}
