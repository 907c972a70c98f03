import { jobNames, type JobName } from '../../core/jobs/schedule';
import type { JobState, JobStore } from '../../ports';
import type { StorageConnection } from './connection';
import { Table, textOf, type StoredRow } from './table';

const partitionKey = 'job';

/** Due times of jobs in a table of their own: a row for each job. */
export class TableJobs implements JobStore {
  private readonly table: Table;

  constructor(storage: StorageConnection) {
    this.table = new Table(storage, 'jobs');
  }

  async read(): Promise<ReadonlyMap<JobName, JobState>> {
    const stored = new Map<JobName, JobState>();
    for (const row of await this.table.list(partitionKey)) {
      const name = jobNames.find((one) => one === row.rowKey);
      if (name !== undefined) stored.set(name, stateOf(row));
    }
    return stored;
  }

  write(name: JobName, state: JobState, expected: JobState | null): Promise<boolean> {
    return this.table.update({ partitionKey, rowKey: name }, (row) => {
      const isExpected = isSame(row === null ? null : stateOf(row), expected);
      return isExpected ? { columns: columnsOf(state), result: true } : { result: false };
    });
  }
}

const columnsOf = ({ dueAt, after, claimedUntil }: JobState): Record<string, string> => ({
  dueAt,
  after: after ?? '',
  claimedUntil: claimedUntil ?? '',
});

const isSame = (one: JobState | null, other: JobState | null): boolean =>
  one === null || other === null
    ? one === other
    : one.dueAt === other.dueAt &&
      one.after === other.after &&
      one.claimedUntil === other.claimedUntil;

/** A row that cannot be read is due now: the job then runs once too often. */
function stateOf(row: StoredRow): JobState {
  const time = (column: string): string | null => {
    const text = textOf(row, column);
    return text === null || Number.isNaN(Date.parse(text)) ? null : text;
  };
  return {
    dueAt: time('dueAt') ?? new Date(0).toISOString(),
    after: textOf(row, 'after') || null,
    claimedUntil: time('claimedUntil'),
  };
}
