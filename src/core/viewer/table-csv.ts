import { withoutFormula } from '../package/csv-columns';
import { csvSeparator } from '../package/csv-separator';

const quoted = (value: string): string =>
  /[",;\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

/**
 * A table that is shown, for spreadsheets: as RFC 4180 has it, with a byte order mark, without formulas, and
 * separated as they read it.
 * @param locale of the reader (BCP 47)
 */
export function tableCsv(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  locale: string,
): string {
  const separator = csvSeparator(locale);
  const line = (values: readonly string[]): string =>
    `${values.map((value) => quoted(String(withoutFormula(value)))).join(separator)}\r\n`;
  return `\ufeff${[columns, ...rows].map(line).join('')}`;
}
