import { stringify } from 'csv-stringify/sync';
import { withoutFormula, type Column } from '../../core/package/csv-columns';

const text = (value: string): Buffer => Buffer.from(value, 'utf8');

/** A table as RFC 4180 in UTF-8, with a head. */
export const csv = (columns: readonly Column[], rows: readonly object[]): Buffer =>
  text(
    stringify([...rows], {
      header: true,
      columns: columns.map(({ name }) => name),
      record_delimiter: '\r\n',
    }),
  );

/** The same for spreadsheets: with a byte order mark, and nothing that they would take for a formula. */
export function spreadsheetCsv(columns: readonly Column[], rows: readonly object[]): Buffer {
  const safe = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withoutFormula(value)])),
  );
  return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), csv(columns, safe)]);
}

/** One line for each file: hash, two spaces, name (RFC 8493 section 2.1.3). */
export const manifest = (entries: readonly { name: string; sha256: string }[]): Buffer =>
  text(entries.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));

export const bagDeclaration = text('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');

/** `bag-info.txt` (RFC 8493 section 2.2.2); a value of several lines becomes one. */
export const bagInfo = (values: Record<string, string>): Buffer =>
  text(
    Object.entries(values)
      .map(([name, value]) => `${name}: ${value.replaceAll(/\s+/g, ' ')}\n`)
      .join(''),
  );
