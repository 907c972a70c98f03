import type { ContentEdit, Edit } from './edits';
import type { Range } from '../mapped-text';
import { each } from '../steps';

/** Content in its transfer encoding (RFC 2045 section 6). */
export interface Encoded {
  /** The whole mail, or the whole of what the content stands in. */
  bytes: Buffer;
  range: Range;
}

/** Content without its transfer encoding. */
export interface Decoded {
  bytes: Buffer;
  /** Replacements in the content as replacements in what it stands in. They are in order. */
  toEncoded: (edits: readonly ContentEdit[]) => Generator<void, Edit[]>;
  /** Whether there is something in it that the encoding does not account for. */
  hasForeign: boolean;
}

export type TransferEncoding = 'none' | 'base64' | 'quotedPrintable' | 'unknown';

/** The transfer encoding by its name; RFC 2045 says that content in an unknown one cannot be read. */
export function transferEncoding(name: string): TransferEncoding {
  switch (name.trim().toLowerCase()) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return 'none';
    case 'base64':
      return 'base64';
    case 'quoted-printable':
      return 'quotedPrintable';
    default:
      return 'unknown';
  }
}

/** Content as it stands, where it is in no encoding. */
export function asItStands({ bytes, range }: Encoded): Decoded {
  const toEncoded = (edits: readonly ContentEdit[]) =>
    each(edits, (edit) => ({
      ...edit,
      start: range.start + edit.start,
      end: range.start + edit.end,
    }));
  return { bytes: bytes.subarray(range.start, range.end), toEncoded, hasForeign: false };
}

/** The line from a place on: its end without the line break, and where the next one begins. */
export function lineAt(bytes: Buffer, at: number, end: number): { end: number; next: number } {
  const found = bytes.indexOf(10, at);
  if (found < 0 || found >= end) return { end, next: end };
  return { end: found > at && bytes[found - 1] === 13 ? found - 1 : found, next: found + 1 };
}

/** The line break after a line; after the last one, as the first one has it. */
export function lineBreakAt(bytes: Buffer, lineEnd: number): string {
  const at = lineEnd < bytes.length ? lineEnd : lineAt(bytes, 0, bytes.length).end;
  return bytes[at] === 10 ? '\n' : '\r\n';
}

/** Work between two pauses, in bytes. */
export const workSize = 65_536;
