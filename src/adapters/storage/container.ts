import type { BlobClient, BlockBlobClient, ContainerClient } from '@azure/storage-blob';
import { buffer } from 'node:stream/consumers';
import { blobService, type StorageConnection } from './connection';
import { callStorage, hasCode, hasStatus, iterateStorage } from './rest-error';

/** A container, created when a call finds none. */
export class Container {
  private readonly client: ContainerClient;

  constructor(storage: StorageConnection, name: string) {
    this.client = blobService(storage).getContainerClient(name);
  }

  /**
   * @param call may be run again, where there was no container
   * @throws StorageUnavailableError when storage does not answer or is overloaded
   */
  call<T>(call: (container: ContainerClient) => Promise<T>): Promise<T> {
    return callStorage(async () => {
      try {
        return await call(this.client);
      } catch (error) {
        if (!hasCode(error, 'ContainerNotFound')) throw error;
        await this.client.createIfNotExists();
        return call(this.client);
      }
    });
  }

  /** @throws StorageUnavailableError as `call` */
  callBlob<T>(name: string, call: (blob: BlockBlobClient) => Promise<T>): Promise<T> {
    return this.call((container) => call(container.getBlockBlobClient(name)));
  }
}

/** How often the SDK asks for the rest of a blob whose download breaks off. */
const downloadRetries = 5;

/**
 * The content of a blob, by one call: `downloadToBuffer` asks for its length first.
 * @returns null without the blob
 * @throws StorageUnavailableError as `Container.call`, also when the download breaks off
 */
export async function contentOf(blob: BlobClient): Promise<Buffer | null> {
  try {
    const { readableStreamBody } = await blob.download(0, undefined, {
      maxRetryRequests: downloadRetries,
    });
    if (!readableStreamBody) throw new Error('A blob was answered without its content.');
    return await buffer(iterateStorage(readableStreamBody) as AsyncIterable<Buffer>);
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}
