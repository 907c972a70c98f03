import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import {
  directoryHeader,
  localHeader,
  localHeaderLength,
  type DirectoryEntry,
} from '../../src/adapters/package/zip-format';
import { endRecords } from '../../src/core/package/zip-end';

/**
 * Writes a package whose contents are holes in the file, so that it may be of any size: readers can list
 * it, and extract nothing.
 */
export function writeSparsePackage(
  file: string,
  contents: readonly { name: string; size: number }[],
): void {
  const handle = openSync(file, 'w');
  let offset = 0;
  const entries = contents.map(({ name, size }): DirectoryEntry => {
    const entry = { name, method: 0 as const, size, storedSize: size + 28, offset };
    writeSync(handle, localHeader(entry), 0, undefined, offset);
    offset += localHeaderLength(name) + entry.storedSize;
    return entry;
  });
  const directory = Buffer.concat(entries.map(directoryHeader));
  const tail = Buffer.concat([directory, endRecords(entries.length, offset, directory.length)]);
  ftruncateSync(handle, offset);
  writeSync(handle, tail, 0, undefined, offset);
  closeSync(handle);
}
