import type { AnsweredCall } from './counted-calls';

/** Writes of one table, and how many of them came second and were refused (412). */
export interface WriteTally {
  writes: number;
  conflicts: number;
  share: number;
}

/** Counts writes of tables, by table; of a transaction by the table that it is about. */
export class WriteConflicts {
  private readonly tallies = new Map<string, { writes: number; conflicts: number }>();

  note({ method, target, sent, status, answer }: AnsweredCall): void {
    if (method === 'GET' || method === 'HEAD') return;
    const table = tableOf(target, sent);
    if (table === null) return;
    const tally = this.tallies.get(table) ?? { writes: 0, conflicts: 0 };
    tally.writes += 1;
    if (status === 412 || (isTransaction(target) && refused.test(answer.toString('utf8'))))
      tally.conflicts += 1;
    this.tallies.set(table, tally);
  }

  of(table: string): WriteTally {
    const { writes, conflicts } = this.tallies.get(table) ?? { writes: 0, conflicts: 0 };
    return { writes, conflicts, share: writes === 0 ? 0 : conflicts / writes };
  }
}

const refused = /HTTP\/1\.1 412\b/;
const isTransaction = (target: string): boolean => /^\/\w+\/\$batch/.test(target);

/** The table of a write; null where it writes no rows. */
function tableOf(target: string, sent: Buffer): string | null {
  const text = isTransaction(target)
    ? (/^(?:PUT|PATCH|POST|MERGE|DELETE) (\S+) HTTP/m.exec(sent.toString('utf8'))?.[1] ?? '')
    : target;
  const { pathname } = new URL(text, 'http://storage.invalid');
  const [, , place = ''] = decodeURIComponent(pathname).split('/');
  const table = /^\w+/.exec(place)?.[0] ?? '';
  return table === '' || table === 'Tables' ? null : table;
}
