import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';

/** How storage is reached: by a connection string (the emulator) or by the app's identity. */
export type StorageConnection = string | StorageByIdentity;

export interface StorageByIdentity {
  /** Endpoints, such as `https://name.blob.core.windows.net`. */
  blobUrl: string;
  tableUrl: string;
  credential: TokenCredential;
}

/** Endpoints of an account, in the cloud whose storage accounts have this domain. */
export const storageOf = (
  { account, suffix }: { account: string; suffix: string },
  credential: TokenCredential,
): StorageByIdentity => ({
  blobUrl: `https://${account}.blob.${suffix}`,
  tableUrl: `https://${account}.table.${suffix}`,
  credential,
});

/**
 * The client's own retries are short. Durable timers wait for anything that lasts longer, because they
 * cost nothing and survive a restart.
 */
const retryOptions = { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 5000 };

export const blobService = (storage: StorageConnection): BlobServiceClient =>
  typeof storage === 'string'
    ? BlobServiceClient.fromConnectionString(storage, { retryOptions })
    : new BlobServiceClient(storage.blobUrl, storage.credential, { retryOptions });

export const tableClient = (storage: StorageConnection, name: string): TableClient =>
  typeof storage === 'string'
    ? TableClient.fromConnectionString(storage, name, { allowInsecureConnection: true })
    : new TableClient(storage.tableUrl, name, storage.credential);
