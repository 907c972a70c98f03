/** The records at the end of a package (APPNOTE.TXT 6.3.10 sections 4.3.14 to 4.3.16), in the browser, too. */

const full16 = 0xffff;
const full32 = 0xffffffff;
/** Made by and needed for ZIP64 and AES (4.4.3). */
const version = 51;
const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
/** Length of the first record of ZIP64, before its locator. */
const end64Length = 56;

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

/**
 * The records at the end of a package, with those of ZIP64 where something is too large without.
 * @param entries of the directory
 */
export function endRecords(
  entries: number,
  directoryOffset: number,
  directorySize: number,
): Uint8Array<ArrayBuffer> {
  const isShort = entries < full16 && directorySize < full32 && directoryOffset < full32;
  const bytes = new Uint8Array(isShort ? shortestEnd : longestEnd);
  const end = new DataView(bytes.buffer, bytes.length - shortestEnd);
  end.setUint32(0, endSignature, true);
  end.setUint16(8, Math.min(entries, full16), true);
  end.setUint16(10, Math.min(entries, full16), true);
  end.setUint32(12, Math.min(directorySize, full32), true);
  end.setUint32(16, Math.min(directoryOffset, full32), true);
  if (isShort) return bytes;
  const end64 = new DataView(bytes.buffer, 0, end64Length);
  end64.setUint32(0, end64Signature, true);
  end64.setBigUint64(4, BigInt(end64Length - 12), true);
  end64.setUint16(12, version, true);
  end64.setUint16(14, version, true);
  end64.setBigUint64(24, BigInt(entries), true);
  end64.setBigUint64(32, BigInt(entries), true);
  end64.setBigUint64(40, BigInt(directorySize), true);
  end64.setBigUint64(48, BigInt(directoryOffset), true);
  const locator = new DataView(bytes.buffer, end64Length);
  locator.setUint32(0, locatorSignature, true);
  locator.setBigUint64(8, BigInt(directoryOffset + directorySize), true);
  locator.setUint32(16, 1, true);
  return bytes;
}
