import { stringify } from 'csv-stringify/sync';
import { withoutFormula, type Column } from './csv-columns';
import { csvSeparator } from './csv-separator';

/** A table as CSV (RFC 4180), with a header line. */
export const csv = (columns: readonly Column[], rows: readonly object[]): string =>
  separated(columns, rows, ',');

const separated = (
  columns: readonly Column[],
  rows: readonly object[],
  delimiter: ',' | ';',
): string =>
  stringify([...rows], {
    header: true,
    columns: columns.map(({ name }) => name),
    delimiter,
    record_delimiter: '\r\n',
  });

/**
 * The same for spreadsheets: with a byte order mark, without anything that they take for a formula, and
 * separated as they read it: by semicolons where a comma is the sign of decimals.
 * @param locale of the reader (BCP 47)
 */
export function spreadsheetCsv(
  columns: readonly Column[],
  rows: readonly object[],
  locale: string,
): string {
  const safe = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withoutFormula(value)])),
  );
  return `\uFEFF${separated(columns, safe, csvSeparator(locale))}`;
}
