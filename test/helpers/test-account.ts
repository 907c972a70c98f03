import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageAccount } from '../../local/azurite';
import type * as Connection from '../../src/adapters/storage/connection';
import { outside, takeAccount } from './outside-jest';

/** An account of Azurite of its own, with a key file, of a test that loads no adapters for it. */
export interface TestAccount {
  /** Where the key file `key` is. */
  folder: string;
  account: StorageAccount;
  connectionString: string;
  /** Log of the emulator. */
  log: string;
}

export async function startAccount(): Promise<TestAccount> {
  const folder = mkdtempSync(join(tmpdir(), 'storage-'));
  const { account, ports, log } = await takeAccount();
  writeFileSync(join(folder, 'key'), randomBytes(32).toString('base64'));
  const connectionString = outside.azurite.storageConnectionString(account, ports);
  return { folder, account, connectionString, log };
}

export function endAccount({ folder }: TestAccount): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Ids of all requests, as they are stored, whatever the index says. */
export async function requestIdsIn({ connectionString }: TestAccount): Promise<string[]> {
  const { tableClient } = outside.app<typeof Connection>('adapters/storage/connection');
  const table = tableClient(connectionString, 'requests');
  await table.createTable();
  const ids: string[] = [];
  const queryOptions = { filter: "RowKey eq 'request'", select: ['PartitionKey'] };
  for await (const { partitionKey } of table.listEntities({ queryOptions }))
    ids.push(partitionKey ?? '');
  return ids.sort();
}
