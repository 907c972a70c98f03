import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storageConnectionString, type StorageAccount } from '../../local/azurite';
import { CallLimit, type CallAllowance } from '../../src/adapters/genesys/call-limit';
import { LocalKeyStore } from '../../src/adapters/keys/local-keys';
import { tableClient } from '../../src/adapters/storage/connection';
import { BlobCustodyWitness } from '../../src/adapters/storage/custody-witness';
import { TableLedger } from '../../src/adapters/storage/ledger';
import { TableRateLimiter } from '../../src/adapters/storage/rate-limiter';
import { telemetryMetrics } from '../../src/adapters/telemetry/metrics';
import type { Clock, CustodyWitness } from '../../src/ports';
import { takeAccount } from './outside-jest';

/** An account of Azurite of its own, with a key store, for tests of the adapters. */
export class TestStorage {
  private constructor(
    readonly folder: string,
    readonly connectionString: string,
    readonly keys: LocalKeyStore,
    readonly account: StorageAccount,
    /** Log of the emulator. */
    readonly log: string,
  ) {}

  static async start(): Promise<TestStorage> {
    const folder = mkdtempSync(join(tmpdir(), 'storage-'));
    const { account, ports, log } = await takeAccount();
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'));
    const connectionString = storageConnectionString(account, ports);
    return new TestStorage(folder, connectionString, new LocalKeyStore(keyFile), account, log);
  }

  witness(): BlobCustodyWitness {
    return new BlobCustodyWitness(this.connectionString);
  }

  /** The request ledger of a worker. */
  ledger(clock: Clock, witness: CustodyWitness = this.witness()): TableLedger {
    return new TableLedger(this.connectionString, this.keys, clock, witness);
  }

  /** Ids of all requests, as they are stored, whatever the index says. */
  async requestIds(): Promise<string[]> {
    const table = tableClient(this.connectionString, 'requests');
    const ids: string[] = [];
    const queryOptions = { filter: "RowKey eq 'request'", select: ['PartitionKey'] };
    for await (const { partitionKey } of table.listEntities({ queryOptions }))
      ids.push(partitionKey ?? '');
    return ids.sort();
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
    rmSync(this.folder, { recursive: true, force: true });
    return Promise.resolve();
  }
}
