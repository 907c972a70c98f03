import { TableStatistics } from '../../src/adapters/storage/statistics';
import type { Clock } from '../../src/ports';
import type { IndexRepairServices } from '../../src/services/index-repair';
import type { RetentionServices } from '../../src/services/retention';
import type { TestStorage } from './storage';

const nothing = (): Promise<void> => Promise.resolve();

/** What the retention of requests needs, where nothing is stored of them but ledger and statistics. */
export const retentionOf = (storage: TestStorage, clock: Clock): RetentionServices => ({
  clock,
  ledger: storage.ledger(clock),
  outbox: { forget: nothing },
  packages: { delete: nothing },
  scratch: { deleteAll: nothing },
  statistics: new TableStatistics(storage.connectionString),
});

/** What the nightly repair of the index needs. */
export const indexRepairOf = (storage: TestStorage, clock: Clock): IndexRepairServices => ({
  ledger: storage.ledger(clock),
  settings: {
    legalClock: { timeZone: 'UTC', holidays: new Set(), isSuspendedByVerification: false },
  },
  statistics: new TableStatistics(storage.connectionString),
  witness: storage.witness(),
});
