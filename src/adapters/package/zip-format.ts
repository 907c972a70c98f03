/**
 * Records of a ZIP file with AE-2 entries (APPNOTE.TXT 6.3.10 sections 4.3 to 4.6; WinZip AES
 * specification). Pure. Every local header contains the sizes. ZIP64 fields stand only where a value
 * needs more than 32 bits, or a count more than 16 (4.5.3): some readers know them only there.
 */

const version = 51;
/** Encrypted, UTF-8 name. */
const flags = 0x0801;
const aesMethod = 99;
/** 1980-01-01 in MS-DOS form, so that times reveal nothing about the person. */
const dosDate = (1 << 5) | 1;
/** In place of a value that stands in a ZIP64 field. */
const full32 = 0xffffffff;

const isLarge = (value: number): boolean => value >= full32;
const in32 = (value: number): number => Math.min(value, full32);

/** 0 stored, 8 deflated. */
export type Method = 0 | 8;

/** Extra field 0x9901: AE-2, AES-256, and the compression of the clear content. */
function aesExtra(method: Method): Buffer {
  const extra = Buffer.alloc(11);
  extra.writeUInt16LE(0x9901, 0);
  extra.writeUInt16LE(7, 2);
  extra.writeUInt16LE(2, 4);
  extra.write('AE', 6);
  extra.writeUInt8(3, 8);
  extra.writeUInt16LE(method, 9);
  return extra;
}

function zip64Extra(...values: number[]): Buffer {
  const extra = Buffer.alloc(4 + values.length * 8);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(values.length * 8, 2);
  values.forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + i * 8));
  return extra;
}

/** Length of the ZIP64 field of a local header, and of what stands in its place. */
const localExtraLength = 20;

/**
 * Extra field 0xa220, which readers skip: it keeps room for something that may be longer
 * (APPNOTE.TXT 4.6.10, "Microsoft Open Packaging Growth Hint").
 */
function growthHint(): Buffer {
  const extra = Buffer.alloc(localExtraLength);
  extra.writeUInt16LE(0xa220, 0);
  extra.writeUInt16LE(localExtraLength - 4, 2);
  extra.writeUInt16LE(0xa028, 4);
  extra.writeUInt16LE(localExtraLength - 8, 6);
  return extra;
}

/** Length of the local header of an entry with this name, which its other fields do not change. */
export const localHeaderLength = (name: string): number =>
  30 + Buffer.byteLength(name) + localExtraLength + 11;

/** The header before an entry. Its ZIP64 field has both sizes or none (APPNOTE.TXT 4.5.3). */
export function localHeader({ name, method, size, storedSize }: LocalEntry): Buffer {
  const nameBytes = Buffer.from(name);
  const isLong = isLarge(size) || isLarge(storedSize);
  const extra = Buffer.concat([
    isLong ? zip64Extra(size, storedSize) : growthHint(),
    aesExtra(method),
  ]);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(aesMethod, 8);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt32LE(isLong ? full32 : storedSize, 18);
  header.writeUInt32LE(isLong ? full32 : size, 22);
  header.writeUInt16LE(nameBytes.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, nameBytes, extra]);
}

export interface LocalEntry {
  name: string;
  method: Method;
  /** Bytes of clear content. */
  size: number;
  /** Bytes in the archive: salt, verifier, ciphertext and authentication code. */
  storedSize: number;
}

export interface DirectoryEntry extends LocalEntry {
  /** Offset of the local header in the file. */
  offset: number;
}

/** The header of an entry in the directory, whose ZIP64 field has what is too large, in this order. */
export function directoryHeader(entry: DirectoryEntry): Buffer {
  const nameBytes = Buffer.from(entry.name);
  const large = [entry.size, entry.storedSize, entry.offset].filter(isLarge);
  const aes = aesExtra(entry.method);
  const extra = large.length === 0 ? aes : Buffer.concat([zip64Extra(...large), aes]);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(aesMethod, 10);
  header.writeUInt16LE(dosDate, 14);
  header.writeUInt32LE(in32(entry.storedSize), 20);
  header.writeUInt32LE(in32(entry.size), 24);
  header.writeUInt16LE(nameBytes.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(in32(entry.offset), 42);
  return Buffer.concat([header, nameBytes, extra]);
}
