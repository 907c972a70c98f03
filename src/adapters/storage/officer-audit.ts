import { randomUUID } from 'node:crypto';
import type { Clock, OfficerAuditEvent, OfficerAuditLog } from '../../ports';
import type { StorageConnection } from './connection';
import { Table } from './table';

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

/** Events of officers in table `officerAudit`: a row for each, by the day and the time. */
export class TableOfficerAudit implements OfficerAuditLog {
  private readonly table: Table;

  constructor(
    storage: StorageConnection,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'officerAudit');
  }

  async append({ event, actor, code }: OfficerAuditEvent): Promise<void> {
    const now = this.clock.now();
    const key = { partitionKey: dayOf(now), rowKey: `${now.toISOString()}~${randomUUID()}` };
    await this.table.put([{ ...key, event, actor: actor ?? '', code: code ?? '' }]);
  }

  async deleteBefore(time: Date): Promise<void> {
    const rows = await this.table.query(`PartitionKey lt '${dayOf(time)}'`, ['PartitionKey']);
    for (const day of new Set(rows.map(({ partitionKey }) => partitionKey ?? '')))
      await this.table.deletePartition(day);
  }
}
