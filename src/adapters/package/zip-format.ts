/**
 * Records of a ZIP64 file with AE-2 entries (APPNOTE.TXT 6.3.10 sections 4.3 to 4.5; WinZip AES
 * specification). Pure. Every local header contains the sizes, always in its ZIP64 field.
 */
const version = 51;
/** Encrypted, UTF-8 name. */
const flags = 0x0801;
const aesMethod = 99;
/** 1980-01-01 in MS-DOS form, so that times reveal nothing about the person. */
const dosDate = (1 << 5) | 1;
const full32 = 0xffffffff;

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

/** Length of the local header of an entry with this name, which its other fields do not change. */
export const localHeaderLength = (name: string): number => 30 + Buffer.byteLength(name) + 20 + 11;

export function localHeader({ name, method, size, storedSize }: LocalEntry): Buffer {
  const nameBytes = Buffer.from(name);
  const extra = Buffer.concat([zip64Extra(size, storedSize), aesExtra(method)]);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(aesMethod, 8);
  header.writeUInt16LE(dosDate, 12);
  header.writeUInt32LE(full32, 18);
  header.writeUInt32LE(full32, 22);
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

export function directoryHeader(entry: DirectoryEntry): Buffer {
  const nameBytes = Buffer.from(entry.name);
  const extra = Buffer.concat([
    zip64Extra(entry.size, entry.storedSize, entry.offset),
    aesExtra(entry.method),
  ]);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(version, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(aesMethod, 10);
  header.writeUInt16LE(dosDate, 14);
  header.writeUInt32LE(full32, 20);
  header.writeUInt32LE(full32, 24);
  header.writeUInt16LE(nameBytes.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(full32, 42);
  return Buffer.concat([header, nameBytes, extra]);
}

/** ZIP64 end of central directory, its locator, and the end of central directory. */
export function endRecords(
  entries: number,
  directoryOffset: number,
  directorySize: number,
): Buffer {
  const end64 = Buffer.alloc(56);
  end64.writeUInt32LE(0x06064b50, 0);
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(version, 12);
  end64.writeUInt16LE(version, 14);
  end64.writeBigUInt64LE(BigInt(entries), 24);
  end64.writeBigUInt64LE(BigInt(entries), 32);
  end64.writeBigUInt64LE(BigInt(directorySize), 40);
  end64.writeBigUInt64LE(BigInt(directoryOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directoryOffset + directorySize), 8);
  locator.writeUInt32LE(1, 16);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(0xffff, 8);
  end.writeUInt16LE(0xffff, 10);
  end.writeUInt32LE(full32, 12);
  end.writeUInt32LE(full32, 16);
  return Buffer.concat([end64, locator, end]);
}

/** Length of the end records that `endRecords` writes. */
export const endLength = 98;

/** Position of the directory, read from the last `endLength` bytes; null when `endRecords` has not written them. */
export function parseEnd(tail: Buffer): { offset: number; size: number } | null {
  if (tail.length !== endLength || tail.readUInt32LE(0) !== 0x06064b50) return null;
  return {
    size: Number(tail.readBigUInt64LE(40)),
    offset: Number(tail.readBigUInt64LE(48)),
  };
}
