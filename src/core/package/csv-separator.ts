/**
 * What separates the columns of a table for spreadsheets: a semicolon where a comma is the sign of decimals.
 * @param locale of the reader (BCP 47); a tag that is none has no say
 */
export function csvSeparator(locale: string): ',' | ';' {
  try {
    const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
    return parts.some(({ type, value }) => type === 'decimal' && value === ',') ? ';' : ',';
  } catch {
    return ',';
  }
}
