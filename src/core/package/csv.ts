import { stringify } from 'csv-stringify/sync';
import { withoutFormula, type Column } from './csv-columns';

/** A table as CSV (RFC 4180), with a header line. */
export const csv = (columns: readonly Column[], rows: readonly object[]): string =>
  stringify([...rows], {
    header: true,
    columns: columns.map(({ name }) => name),
    record_delimiter: '\r\n',
  });

/** The same for spreadsheets: with a byte order mark, and without anything that they take for a formula. */
export function spreadsheetCsv(columns: readonly Column[], rows: readonly object[]): string {
  const safe = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withoutFormula(value)])),
  );
  return `\uFEFF${csv(columns, safe)}`;
}
