import { spreadsheetCsv } from '../package/csv';
import type { Column } from '../package/csv-columns';
import type { CustodyLine } from './record';

const column = (name: string, description: string, type: Column['type'] = 'string'): Column => ({
  name,
  type,
  description,
});

/** Columns of a custody record as a table, in order. */
const custodyColumns: readonly Column[] = [
  column('sequence', 'Number of the entry', 'integer'),
  column('at', 'When (ISO 8601, UTC)', 'datetime'),
  column('event', 'What happened'),
  column('from', 'State before'),
  column('to', 'State after'),
  column('reasonCode', 'Code of the reason'),
  column('detail', 'Counts, codes and methods, joined by "; "'),
  column('officer', 'Name of the officer, until it is deleted'),
  column('justification', 'Reason of the officer, until it is deleted'),
  column('actor', 'Opaque id of the officer'),
  column('previous', 'Fingerprint of the entry before'),
  column('hash', 'Fingerprint of the entry'),
];

/**
 * A custody record as a table for spreadsheets: nothing in it is taken for a formula. It is there to be
 * read; what can be verified is the record as JSON.
 * @param locale of the reader (BCP 47)
 */
export const custodyCsv = (lines: readonly CustodyLine[], locale: string): string =>
  spreadsheetCsv(
    custodyColumns,
    lines.map(({ annotation, detail = {}, ...entry }) => ({
      ...entry,
      detail: Object.entries(detail)
        .map(([name, value]) => `${name}: ${value}`)
        .join('; '),
      officer: annotation?.displayName ?? '',
      justification: annotation?.justification ?? '',
    })),
    locale,
  );
