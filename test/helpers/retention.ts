import { TableStatistics } from '../../src/adapters/storage/statistics';
import type { Clock } from '../../src/ports';
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
  settings: {
    legalClock: { timeZone: 'UTC', holidays: new Set(), isSuspendedByVerification: false },
  },
  statistics: new TableStatistics(storage.connectionString),
});
