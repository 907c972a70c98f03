import { withoutFormula } from '../package/csv-columns';

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

const line = (values: readonly string[]): string =>
  `${values.map((value) => quoted(String(withoutFormula(value)))).join(',')}\r\n`;

/** A table that is shown, as RFC 4180 has it, with a byte order mark for spreadsheets and without formulas. */
export const tableCsv = (
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string => `\ufeff${[columns, ...rows].map(line).join('')}`;
