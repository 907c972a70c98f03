import { randomUUID } from 'node:crypto';
import type { BlobServiceProperties, StorageProbe } from '../../ports/storage-probe';
import { blobService, tableClient, type StorageConnection } from './connection';
import { hasStatus } from './rest-error';

const containers = ['packages', 'scratch'];

/** Examines an account of Azure Storage, or the emulator. */
export class AzureStorageProbe implements StorageProbe {
  constructor(private readonly storage: StorageConnection) {}

  async blobService(): Promise<BlobServiceProperties> {
    const {
      cors = [],
      deleteRetentionPolicy,
      _response: response,
    } = await blobService(this.storage).getProperties();
    return {
      corsRules: cors,
      isSoftDeleteEnabled: deleteRetentionPolicy?.enabled === true,
      date: response.headers.get('date') ?? null,
    };
  }

  async publicContainers(): Promise<string[]> {
    const service = blobService(this.storage);
    const found: string[] = [];
    for (const name of containers) {
      const container = service.getContainerClient(name);
      if (!(await container.exists())) continue;
      const { blobPublicAccess } = await container.getProperties();
      if (blobPublicAccess !== undefined) found.push(name);
    }
    return found;
  }

  async tryTable(): Promise<void> {
    const table = tableClient(this.storage, `doctor${randomUUID().replaceAll('-', '')}`);
    await table.createTable();
    await table.deleteTable();
  }

  isForbidden(error: unknown): boolean {
    return hasStatus(error, 403);
  }
}
