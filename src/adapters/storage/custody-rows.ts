import { emptyChain, type ChainHead } from '../../core/custody/chain';
import type { CustodyHead } from '../../core/custody/heads';
import type { CustodyAnnotation, CustodyEntry } from '../../core/custody/record';
import type { CustodyEnd, CustodyRecord } from '../../ports';
import { padded, type Columns } from './ledger-rows';
import { textOf, type Row, type StoredRow } from './table';

/** Rows of a custody record in table `requests`, and where the request's own row says that it ends. Pure. */

/** Where a request's custody record ends. */
export const endColumns = ['sequence', 'chain', 'mac', 'checkpoint'];
export const entryPrefix = 'custody-';
export const annotationPrefix = 'annotation-';

/** The head that was written with an entry; none where the row has no keyed hash. */
export function headOfEntry(row: StoredRow): CustodyHead[] {
  const { sequence, hash } = JSON.parse(textOf(row, 'entry') ?? '{}') as CustodyEntry;
  const mac = textOf(row, 'mac');
  return mac === null ? [] : [{ sequence, hash, mac }];
}

export function endOf(requestId: string, row: StoredRow): CustodyEnd {
  const hash = textOf(row, 'chain');
  const mac = textOf(row, 'mac');
  const sequence = Number(row['sequence'] ?? 0);
  return {
    requestId,
    head: hash === null || mac === null ? null : { sequence, hash, mac },
    checkpoint: Number(row['checkpoint'] ?? 0),
  };
}

/** The entry of a row. */
export const entryOf = (row: StoredRow): CustodyEntry =>
  JSON.parse(textOf(row, 'entry') ?? '{}') as CustodyEntry;

/** The record that rows are of. */
export const custodyOf = (
  entries: readonly StoredRow[],
  annotations: readonly StoredRow[],
): CustodyRecord => ({
  entries: entries.map(entryOf),
  annotations: new Map(
    annotations.map((row) => [
      Number(row.rowKey?.slice(annotationPrefix.length)),
      JSON.parse(textOf(row, 'annotation') ?? '{}') as CustodyAnnotation,
    ]),
  ),
  heads: entries.flatMap(headOfEntry),
});

/** The entry that the next one is bound to. */
export const chainEndOf = (columns: Columns): ChainHead => ({
  sequence: Number(columns['sequence'] ?? 0),
  hash: typeof columns['chain'] === 'string' ? columns['chain'] : emptyChain.hash,
});

/** An entry, and who did what it says, as rows. @param mac keyed hash of the head that the entry makes */
export function rowsOfEntry(
  requestId: string,
  { entry, annotation }: { entry: CustodyEntry; annotation: CustodyAnnotation | null },
  mac: string,
): Row[] {
  const rowOf = (prefix: string, content: Columns): Row => ({
    partitionKey: requestId,
    rowKey: `${prefix}${padded(entry.sequence)}`,
    ...content,
  });
  const rows = [rowOf(entryPrefix, { entry: JSON.stringify(entry), mac })];
  if (annotation) rows.push(rowOf(annotationPrefix, { annotation: JSON.stringify(annotation) }));
  return rows;
}
