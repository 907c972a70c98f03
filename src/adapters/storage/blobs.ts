import {
  BlobSASPermissions,
  SASProtocol,
  type BlobGetPropertiesResponse,
  type BlockBlobClient,
  type ContainerClient,
  type UserDelegationKey,
} from '@azure/storage-blob';
import { ConflictError, IntegrityError } from '../../core/errors';
import type { PackageLink, PackageStore, ScratchStore } from '../../ports';
import { blobService, type StorageConnection } from './connection';
import { hasStatus } from './rest-error';
import { decrypt, encrypt } from './encryption';

/** A container, made when it is first needed. */
class Container {
  private ready: Promise<unknown> | undefined;
  private readonly client: ContainerClient;

  constructor(storage: StorageConnection, name: string) {
    this.client = blobService(storage).getContainerClient(name);
  }

  async get(): Promise<ContainerClient> {
    this.ready ??= this.client.createIfNotExists().catch((error: unknown) => {
      this.ready = undefined;
      throw error;
    });
    await this.ready;
    return this.client;
  }

  async blob(name: string): Promise<BlockBlobClient> {
    return (await this.get()).getBlockBlobClient(name);
  }
}

/** Work blobs in container `work`, under the request's id, each sealed with the request's key. */
export class BlobScratchStore implements ScratchStore {
  private readonly container: Container;

  constructor(storage: StorageConnection) {
    this.container = new Container(storage, 'work');
  }

  async write(requestId: string, name: string, key: Buffer, value: unknown): Promise<void> {
    const blob = await this.container.blob(`${requestId}/${name}`);
    await blob.uploadData(sealJson(requestId, name, key, value));
  }

  async writeOnce(requestId: string, name: string, key: Buffer, value: unknown): Promise<boolean> {
    const blob = await this.container.blob(`${requestId}/${name}`);
    const content = sealJson(requestId, name, key, value);
    try {
      await blob.upload(content, content.length, { conditions: { ifNoneMatch: '*' } });
      return true;
    } catch (error) {
      if (hasStatus(error, 409, 412)) return false;
      throw error;
    }
  }

  async read(requestId: string, name: string, key: Buffer): Promise<unknown> {
    const blob = await this.container.blob(`${requestId}/${name}`);
    try {
      const encrypted = await blob.downloadToBuffer();
      return JSON.parse(decrypt(key, encrypted, `${requestId}/${name}`).toString('utf8'));
    } catch (error) {
      if (hasStatus(error, 404)) return null;
      throw error;
    }
  }

  async list(requestId: string, prefix: string): Promise<string[]> {
    const container = await this.container.get();
    const names: string[] = [];
    for await (const item of container.listBlobsFlat({ prefix: `${requestId}/${prefix}` })) {
      names.push(item.name.slice(requestId.length + 1));
    }
    return names.sort();
  }

  async deleteAll(requestId: string, prefix = ''): Promise<void> {
    const container = await this.container.get();
    for (const name of await this.list(requestId, prefix)) {
      await container.getBlockBlobClient(`${requestId}/${name}`).deleteIfExists();
    }
  }
}

const sealJson = (requestId: string, name: string, key: Buffer, value: unknown): Buffer =>
  encrypt(key, Buffer.from(JSON.stringify(value)), `${requestId}/${name}`);

/** Packages in container `packages`, named by the request's id. */
export class BlobPackageStore implements PackageStore {
  private readonly container: Container;
  private readonly delegation: DelegationKeys;
  /** Origin that packages are downloaded from. */
  readonly origin: string;

  /**
   * @throws Error when a connection string names storage that is not on loopback: links are signed
   *   with the account key then, which only the emulator's may be.
   */
  constructor(private readonly storage: StorageConnection) {
    const { hostname, origin } = new URL(blobService(storage).url);
    this.origin = origin;
    const isLoopback = hostname === '127.0.0.1' || hostname === 'localhost';
    if (typeof storage === 'string' && !isLoopback)
      throw new Error('STORAGE_CONNECTION_STRING must name storage on loopback.');
    this.container = new Container(storage, 'packages');
    this.delegation = new DelegationKeys(storage);
  }

  private blob(requestId: string): Promise<BlockBlobClient> {
    return this.container.blob(`${requestId}.zip`);
  }

  async stageBlock(requestId: string, blockId: string, content: Buffer): Promise<void> {
    await (await this.blob(requestId)).stageBlock(blockId, content, content.length);
  }

  async version(requestId: string): Promise<string | null> {
    return (await this.properties(requestId))?.etag ?? null;
  }

  async commit(requestId: string, blockIds: string[], version: string | null): Promise<void> {
    const blob = await this.blob(requestId);
    try {
      await blob.commitBlockList(blockIds, {
        conditions: version === null ? { ifNoneMatch: '*' } : { ifMatch: version },
        blobHTTPHeaders: {
          blobContentType: 'application/zip',
          blobContentDisposition: 'attachment; filename="my-data.zip"',
        },
      });
    } catch (error) {
      if (hasStatus(error, 409, 412)) throw new ConflictError('The package is another one by now.');
      throw error;
    }
  }

  async size(requestId: string): Promise<number | null> {
    return (await this.properties(requestId))?.contentLength ?? null;
  }

  private async properties(requestId: string): Promise<BlobGetPropertiesResponse | null> {
    try {
      return await (await this.blob(requestId)).getProperties();
    } catch (error) {
      if (hasStatus(error, 404)) return null;
      throw error;
    }
  }

  async read(requestId: string, from: number, count: number): Promise<Buffer> {
    return (await this.blob(requestId)).downloadToBuffer(from, count);
  }

  async *stream(requestId: string, from: number, count: number): AsyncIterable<Buffer> {
    const blob = await this.blob(requestId);
    const { readableStreamBody } = await blob.download(from, count, { maxRetryRequests: 5 });
    if (!readableStreamBody) throw new IntegrityError('The package has no content.');
    for await (const chunk of readableStreamBody) yield chunk as Buffer;
  }

  async delete(requestId: string): Promise<void> {
    await (await this.blob(requestId)).deleteIfExists({ deleteSnapshots: 'include' });
  }

  async link(requestId: string, minutes: number): Promise<PackageLink | null> {
    const blob = await this.blob(requestId);
    // The storage service judges the link by its own clock, so its life is counted by that one.
    const properties = await this.properties(requestId);
    if (properties === null) return null;
    const now = properties.date ?? new Date();
    const expiresOn = new Date(now.getTime() + minutes * 60_000);
    const permissions = BlobSASPermissions.parse('r');
    const url =
      typeof this.storage === 'string'
        ? await blob.generateSasUrl({ permissions, protocol: SASProtocol.HttpsAndHttp, expiresOn })
        : await blob.generateUserDelegationSasUrl(
            { permissions, protocol: SASProtocol.Https, expiresOn },
            await this.delegation.keyUntil(expiresOn, now),
          );
    return { url, expiresAt: expiresOn.toISOString(), etag: properties.etag ?? '' };
  }
}

/** Life of a key that links are signed with; a new one is asked for when a link would outlive it. */
const delegationHours = 24;

/**
 * Keys of the app's identity that links are signed with (user delegation SAS): storage gives them out
 * for a day, and no key of the account has to exist.
 */
class DelegationKeys {
  private current: { key: Promise<UserDelegationKey>; until: Date } | null = null;

  constructor(private readonly storage: StorageConnection) {}

  /** @param now by the store's clock */
  keyUntil(until: Date, now: Date): Promise<UserDelegationKey> {
    if (this.current && this.current.until > until) return this.current.key;
    const ends = new Date(Math.max(now.getTime() + delegationHours * 3_600_000, until.getTime()));
    // A quarter of an hour before: clocks differ.
    const begins = new Date(now.getTime() - 900_000);
    const key = blobService(this.storage).getUserDelegationKey(begins, ends);
    key.catch(() => (this.current = null));
    this.current = { key, until: ends };
    return key;
  }
}
