import {
  directoryHeader,
  localHeader,
  localHeaderLength,
  type Method,
} from '../../src/adapters/package/zip-format';
import { endRecords, longestEnd, parseEnd, shortestEnd } from '../../src/core/package/zip-end';

/** Bytes from their description: `hex field name`, one field a line. */
const bytes = (fields: string): string =>
  fields
    .split('\n')
    .map((line) => line.trim().split('  ')[0])
    .join('')
    .replaceAll(' ', '');

// 0xd6 is a letter of two bytes in UTF-8; sizes of more than 32 bits.
const entry = {
  name: 'a/Ö',
  method: 8 as Method,
  size: 0x1_0203_0405,
  storedSize: 0x2_0a0b_0c0d,
};
const offset = 0x3_1122_3344;
const aes = `01 99  AES
  07 00  length of the field
  02 00  AE-2
  41 45  AE
  03  256 bits`;

describe('the records of a ZIP file', () => {
  // Fields by APPNOTE.TXT 4.3.7 and 4.5.3, and by the AES specification of WinZip.
  it('have a local header with sizes of 64 bits, and an entry that reveals no time', () => {
    expect(localHeader(entry).toString('hex')).toBe(
      bytes(`50 4b 03 04  signature
        33 00  version needed: 5.1
        01 08  encrypted, UTF-8
        63 00  method: AES
        00 00  time
        21 00  date: 1980-01-01
        00 00 00 00  CRC, which AE-2 does not have
        ff ff ff ff  size in the archive: see ZIP64
        ff ff ff ff  size: see ZIP64
        04 00  length of the name
        1f 00  length of the extra fields
        61 2f c3 96  name
        01 00  ZIP64
        10 00  length of the field
        05 04 03 02 01 00 00 00  size
        0d 0c 0b 0a 02 00 00 00  size in the archive
        ${aes}
        08 00  deflated`),
    );
    expect(localHeaderLength(entry.name)).toBe(localHeader(entry).length);
  });

  it('name the method of an entry that is stored', () => {
    const stored = localHeader({ ...entry, method: 0 });
    expect(stored.subarray(-2).toString('hex')).toBe('0000');
    expect(stored.subarray(0, -2).equals(localHeader(entry).subarray(0, -2))).toBe(true);
  });

  // APPNOTE.TXT 4.3.12.
  it('have a header in the directory with the offset of the local one', () => {
    expect(directoryHeader({ ...entry, offset }).toString('hex')).toBe(
      bytes(`50 4b 01 02  signature
        33 00  version made by
        33 00  version needed
        01 08  encrypted, UTF-8
        63 00  method: AES
        00 00  time
        21 00  date
        00 00 00 00  CRC
        ff ff ff ff  size in the archive
        ff ff ff ff  size
        04 00  length of the name
        27 00  length of the extra fields
        00 00  length of the comment
        00 00  disk
        00 00  internal attributes
        00 00 00 00  external attributes
        ff ff ff ff  offset: see ZIP64
        61 2f c3 96  name
        01 00  ZIP64
        18 00  length of the field
        05 04 03 02 01 00 00 00  size
        0d 0c 0b 0a 02 00 00 00  size in the archive
        44 33 22 11 03 00 00 00  offset
        ${aes}
        08 00  deflated`),
    );
  });

  // APPNOTE.TXT 4.3.14 to 4.3.16.
  let end: Buffer;
  beforeAll(() => {
    end = Buffer.from(endRecords(0x1_0000_0007, offset, 0x4_5566_7788));
  });

  it('end with the position of the directory in 64 bits', () => {
    expect(end.toString('hex')).toBe(
      bytes(`50 4b 06 06  signature of the ZIP64 end
        2c 00 00 00 00 00 00 00  length of the rest: 44
        33 00  version made by
        33 00  version needed
        00 00 00 00  this disk
        00 00 00 00  disk of the directory
        07 00 00 00 01 00 00 00  entries on this disk
        07 00 00 00 01 00 00 00  entries
        88 77 66 55 04 00 00 00  length of the directory
        44 33 22 11 03 00 00 00  offset of the directory
        50 4b 06 07  signature of the locator
        00 00 00 00  disk of the ZIP64 end
        cc aa 88 66 07 00 00 00  its offset: after the directory
        01 00 00 00  disks
        50 4b 05 06  signature of the end
        00 00  this disk
        00 00  disk of the directory
        ff ff  entries on this disk
        ff ff  entries
        ff ff ff ff  length of the directory
        ff ff ff ff  offset of the directory
        00 00  length of the comment`),
    );
    expect(end).toHaveLength(longestEnd);
  });

  it('are found by their end, and only where it is whole', () => {
    expect(parseEnd(end)).toEqual({ offset, size: 0x4_5566_7788, length: longestEnd });
    expect(parseEnd(end.subarray(1))).toBeNull();
    expect(parseEnd(Buffer.concat([end, Buffer.alloc(1)]))).toBeNull();
    expect(parseEnd(Buffer.alloc(longestEnd))).toBeNull();
    expect(parseEnd(Buffer.alloc(0))).toBeNull();
    expect(parseEnd(endRecords(1, 2, 3).subarray(1))).toBeNull();
  });
});

describe('ZIP64 fields', () => {
  const most = 0xffff_fffe;
  const small = { name: 'a', method: 0 as Method, size: most, storedSize: most, offset: most };
  const zip64Of = (header: Buffer, extra: number): string[] | null => {
    if (header.readUInt16LE(extra) !== 1) return null;
    const length = header.readUInt16LE(extra + 2);
    return Array.from({ length: length / 8 }, (_, i) =>
      header.readBigUInt64LE(extra + 4 + i * 8).toString(16),
    );
  };

  it.each<[string, Partial<typeof small>, string[] | null, string[] | null]>([
    ['nothing', {}, null, null],
    ['the size', { size: most + 1 }, ['ffffffff', 'fffffffe'], ['ffffffff']],
    ['the stored size', { storedSize: 2 ** 32 }, ['fffffffe', '100000000'], ['100000000']],
    ['the offset', { offset: 2 ** 33 }, null, ['200000000']],
    [
      'everything',
      { size: 2 ** 40, storedSize: 2 ** 41, offset: most + 1 },
      ['10000000000', '20000000000'],
      ['10000000000', '20000000000', 'ffffffff'],
    ],
  ])('stand in headers where %s needs more than 32 bits', (_name, change, local, directory) => {
    const one = { ...small, ...change };
    const header = localHeader(one);
    expect(zip64Of(header, 31)).toEqual(local);
    expect(header).toHaveLength(localHeaderLength('a'));
    expect(header.readUInt32LE(18)).toBe(local === null ? most : 0xffff_ffff);
    const inDirectory = directoryHeader(one);
    expect(zip64Of(inDirectory, 47)).toEqual(directory);
    expect(inDirectory.readUInt32LE(20)).toBe(Math.min(one.storedSize, 0xffff_ffff));
    expect(inDirectory.readUInt32LE(24)).toBe(Math.min(one.size, 0xffff_ffff));
    expect(inDirectory.readUInt32LE(42)).toBe(Math.min(one.offset, 0xffff_ffff));
  });

  it('are replaced in a local header by a field that readers skip, of the same length', () => {
    const header = localHeader({ ...small, size: 1, storedSize: 29 });
    expect(header.toString('hex')).toBe(
      bytes(`50 4b 03 04  signature
        33 00 01 08 63 00 00 00 21 00 00 00 00 00  as above
        1d 00 00 00  size in the archive
        01 00 00 00  size
        01 00  length of the name
        1f 00  length of the extra fields
        61  name
        20 a2  growth hint
        10 00  length of the field
        28 a0  its signature
        0c 00  bytes kept free
        00 00 00 00 00 00 00 00 00 00 00 00  kept free
        ${aes}
        00 00  stored`),
    );
  });

  it.each<[number, number, number, number]>([
    [0, 0, 0, shortestEnd],
    [0xfffe, most, most, shortestEnd],
    [0xffff, 1, 2, longestEnd],
    [1, most + 1, 2, longestEnd],
    [1, 2, most + 1, longestEnd],
  ])(
    'stand at the end of %d entries at %d with %d bytes where needed',
    (entries, at, size, length) => {
      const end = Buffer.from(endRecords(entries, at, size));
      expect(end).toHaveLength(length);
      const short = end.subarray(-shortestEnd);
      expect(short.readUInt16LE(8)).toBe(Math.min(entries, 0xffff));
      expect(short.readUInt16LE(10)).toBe(Math.min(entries, 0xffff));
      expect(short.readUInt32LE(12)).toBe(Math.min(size, 0xffff_ffff));
      expect(short.readUInt32LE(16)).toBe(Math.min(at, 0xffff_ffff));
      for (const before of [0, 1, 200]) {
        const tail = Buffer.concat([Buffer.alloc(before), end]).subarray(-longestEnd);
        expect(parseEnd(tail)).toEqual({ offset: at, size, length });
      }
    },
  );
});
