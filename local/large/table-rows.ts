import { TableClient, TableServiceClient } from '@azure/data-tables';

/** The largest row of a table. */
export interface LargestRow {
  rows: number;
  /** Bytes of the largest row as the service counts them, and of its longest column. */
  bytes: number;
  columnBytes: number;
  column: string;
}

const insecure = { allowInsecureConnection: true };

/** Bytes of a value in a row: texts are kept in UTF-16. */
const bytesOf = (value: unknown): number => (typeof value === 'string' ? value.length * 2 : 8);

/** The largest row of each table of an account. A row may have 1 MiB, a column 64 KiB. */
export async function largestRows(connection: string): Promise<Record<string, LargestRow>> {
  const service = TableServiceClient.fromConnectionString(connection, insecure);
  const found: Record<string, LargestRow> = {};
  for await (const { name = '' } of service.listTables()) {
    const largest = { rows: 0, bytes: 0, columnBytes: 0, column: '' };
    const table = TableClient.fromConnectionString(connection, name, insecure);
    for await (const row of table.listEntities<Record<string, unknown>>()) {
      largest.rows += 1;
      const columns = Object.entries(row).map(([column, value]) => ({
        column,
        bytes: bytesOf(value),
      }));
      const bytes = columns.reduce((sum, one) => sum + one.bytes + one.column.length * 2, 0);
      largest.bytes = Math.max(largest.bytes, bytes);
      for (const one of columns)
        if (one.bytes > largest.columnBytes)
          Object.assign(largest, { columnBytes: one.bytes, column: one.column });
    }
    found[name] = largest;
  }
  return found;
}
