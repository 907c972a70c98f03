import { join } from 'node:path';
import type { StorageAccount } from '../../local/azurite';
import { CallLimit, type CallAllowance } from '../../src/adapters/genesys/call-limit';
import { LocalKeyStore } from '../../src/adapters/keys/local-keys';
import { BlobCustodyWitness } from '../../src/adapters/storage/custody-witness';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { TableRateLimiter } from '../../src/adapters/storage/rate-limiter';
import { telemetryMetrics } from '../../src/adapters/telemetry/metrics';
import type { Clock, CustodyWitness } from '../../src/ports';
import { endAccount, startAccount, type TestAccount } from './test-account';

/** An account of Azurite of its own, with a key store, for tests of the adapters. */
export class TestStorage implements TestAccount {
  private constructor(
    readonly folder: string,
    readonly connectionString: string,
    readonly keys: LocalKeyStore,
    readonly account: StorageAccount,
    readonly log: string,
  ) {}

  static async start(): Promise<TestStorage> {
    const { folder, connectionString, account, log } = await startAccount();
    const keys = new LocalKeyStore(join(folder, 'key'));
    return new TestStorage(folder, connectionString, keys, account, log);
  }

  witness(): BlobCustodyWitness {
    return new BlobCustodyWitness(this.connectionString);
  }

  /** The request ledger of a worker. */
  ledger(clock: Clock, witness: CustodyWitness = this.witness()): TableLedger {
    return new TableLedger(this.connectionString, this.keys, clock, witness);
  }

  /** A worker's rate limiter by a clock of its own. */
  rateLimiter(now: () => number = Date.now): TableRateLimiter {
    const clock = { now: () => new Date(now()) };
    return new TableRateLimiter(this.connectionString, this.keys, clock, telemetryMetrics);
  }

  /** A worker's view of the allowance of API calls of an organisation. */
  callLimit(allowance: CallAllowance, now?: () => number): CallLimit {
    return new CallLimit(this.rateLimiter(now), 'main', allowance);
  }

  stop(): Promise<void> {
    endAccount(this);
    return Promise.resolve();
  }
}
