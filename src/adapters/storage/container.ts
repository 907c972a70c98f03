import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { blobService, type StorageConnection } from './connection';
import { callStorage } from './rest-error';

/** A container, created when it is first used. */
export class Container {
  private ready: Promise<unknown> | undefined;
  private readonly client: ContainerClient;

  constructor(storage: StorageConnection, name: string) {
    this.client = blobService(storage).getContainerClient(name);
  }

  /** @throws StorageUnavailableError when storage does not answer or is overloaded */
  call<T>(call: (container: ContainerClient) => Promise<T>): Promise<T> {
    return callStorage(async () => {
      this.ready ??= this.client.createIfNotExists().catch((error: unknown) => {
        this.ready = undefined;
        throw error;
      });
      await this.ready;
      return call(this.client);
    });
  }

  /** @throws StorageUnavailableError as `call` */
  callBlob<T>(name: string, call: (blob: BlockBlobClient) => Promise<T>): Promise<T> {
    return this.call((container) => call(container.getBlockBlobClient(name)));
  }
}
