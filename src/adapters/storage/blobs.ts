import {
  BlobSASPermissions,
  SASProtocol,
  type BlobGetPropertiesResponse,
  type BlockBlobClient,
  type UserDelegationKey,
} from '@azure/storage-blob';
import { isLoopback } from '../../core/loopback';
import { ConflictError, IntegrityError } from '../../core/errors';
import type { ScratchPrefix, ScratchRef } from '../../core/package/blob-names';
import type { PackageLink, PackageStore, ScratchStore } from '../../ports';
import { blobService, type StorageConnection } from './connection';
import { Container, contentOf } from './container';
import { decrypt, encrypt } from './encryption';
import { hasStatus, iterateStorage } from './rest-error';

/** Scratch blobs in container `scratch`, under the request's id, encrypted with the request's data key. */
export class BlobScratchStore implements ScratchStore {
  private readonly container: Container;

  constructor(storage: StorageConnection) {
    this.container = new Container(storage, 'scratch');
  }

  async write<T>(requestId: string, ref: ScratchRef<T>, key: Buffer, value: T): Promise<void> {
    const path = pathOf(requestId, ref);
    await this.container.callBlob(path, (blob) => blob.uploadData(encryptJson(key, value, path)));
  }

  async writeOnce<T>(
    requestId: string,
    ref: ScratchRef<T>,
    key: Buffer,
    value: T,
  ): Promise<boolean> {
    const path = pathOf(requestId, ref);
    const content = encryptJson(key, value, path);
    return this.container.callBlob(path, async (blob) => {
      try {
        await blob.upload(content, content.length, { conditions: { ifNoneMatch: '*' } });
        return true;
      } catch (error) {
        if (hasStatus(error, 409, 412)) return false;
        throw error;
      }
    });
  }

  async read<T>(requestId: string, ref: ScratchRef<T>, key: Buffer): Promise<T | null> {
    const path = pathOf(requestId, ref);
    const encrypted = await this.container.callBlob(path, contentOf);
    return encrypted && (JSON.parse(decrypt(key, encrypted, path).toString('utf8')) as T);
  }

  list<T>(requestId: string, { prefix }: ScratchPrefix<T>): Promise<ScratchRef<T>[]> {
    return this.container.call(async (container) => {
      const names: string[] = [];
      for await (const item of container.listBlobsFlat({ prefix: `${requestId}/${prefix}` })) {
        names.push(item.name.slice(requestId.length + 1));
      }
      return names.sort().map((name) => ({ name }));
    });
  }

  async delete(requestId: string, ref: ScratchRef<unknown>): Promise<void> {
    await this.container.callBlob(pathOf(requestId, ref), (blob) => blob.deleteIfExists());
  }

  async deleteAll(requestId: string, prefix: ScratchPrefix<unknown>): Promise<void> {
    for (const ref of await this.list(requestId, prefix)) await this.delete(requestId, ref);
  }
}

const pathOf = (requestId: string, { name }: ScratchRef<unknown>): string => `${requestId}/${name}`;

/** @param context name of the blob: its content cannot be moved to another */
const encryptJson = (key: Buffer, value: unknown, context: string): Buffer =>
  encrypt(key, Buffer.from(JSON.stringify(value)), context);

/** Packages in container `packages`, named by the request's id. */
export class BlobPackageStore implements PackageStore {
  private readonly container: Container;
  private readonly delegation: DelegationKeys;
  /** Origin from which packages are downloaded. */
  readonly origin: string;

  /**
   * @throws Error when a connection string names storage that is not on loopback: links are signed
   *   with the account key then, which must be the emulator's only
   */
  constructor(private readonly storage: StorageConnection) {
    const { url } = blobService(storage);
    this.origin = new URL(url).origin;
    if (typeof storage === 'string' && !isLoopback(url))
      throw new Error('STORAGE_CONNECTION_STRING must name storage on loopback.');
    this.container = new Container(storage, 'packages');
    this.delegation = new DelegationKeys(storage);
  }

  private call<T>(requestId: string, call: (blob: BlockBlobClient) => Promise<T>): Promise<T> {
    return this.container.callBlob(`${requestId}.zip`, call);
  }

  async stageBlock(requestId: string, blockId: string, content: Buffer): Promise<void> {
    await this.call(requestId, (blob) => blob.stageBlock(blockId, content, content.length));
  }

  async version(requestId: string): Promise<string | null> {
    return (await this.properties(requestId))?.etag ?? null;
  }

  async commit(requestId: string, blockIds: string[], version: string | null): Promise<void> {
    const options = {
      conditions: version === null ? { ifNoneMatch: '*' } : { ifMatch: version },
      blobHTTPHeaders: {
        blobContentType: 'application/zip',
        blobContentDisposition: 'attachment; filename="my-data.zip"',
      },
    };
    await this.call(requestId, async (blob) => {
      try {
        await blob.commitBlockList(blockIds, options);
      } catch (error) {
        if (hasStatus(error, 409, 412))
          throw new ConflictError('Another package was committed meanwhile.');
        throw error;
      }
    });
  }

  async size(requestId: string): Promise<number | null> {
    return (await this.properties(requestId))?.contentLength ?? null;
  }

  private properties(requestId: string): Promise<BlobGetPropertiesResponse | null> {
    return this.call(requestId, async (blob) => {
      try {
        return await blob.getProperties();
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    });
  }

  read(requestId: string, from: number, count: number): Promise<Buffer> {
    return this.call(requestId, (blob) => blob.downloadToBuffer(from, count));
  }

  async *stream(requestId: string, from: number, count: number): AsyncIterable<Buffer> {
    const { readableStreamBody } = await this.call(requestId, (blob) =>
      blob.download(from, count, { maxRetryRequests: 5 }),
    );
    if (!readableStreamBody) throw new IntegrityError('The package has no content.');
    for await (const chunk of iterateStorage(readableStreamBody)) yield chunk as Buffer;
  }

  async delete(requestId: string): Promise<void> {
    await this.call(requestId, (blob) => blob.deleteIfExists({ deleteSnapshots: 'include' }));
  }

  async link(requestId: string, minutes: number): Promise<PackageLink | null> {
    const properties = await this.properties(requestId);
    if (properties === null) return null;
    // The storage service checks the link by its own clock, so its lifetime is counted by that clock.
    const now = properties.date ?? new Date();
    const expiresOn = new Date(now.getTime() + minutes * 60_000);
    const permissions = BlobSASPermissions.parse('r');
    const url = await this.call(requestId, async (blob) =>
      typeof this.storage === 'string'
        ? blob.generateSasUrl({ permissions, protocol: SASProtocol.HttpsAndHttp, expiresOn })
        : blob.generateUserDelegationSasUrl(
            { permissions, protocol: SASProtocol.Https, expiresOn },
            await this.delegation.keyUntil(expiresOn, now),
          ),
    );
    return { url, expiresAt: expiresOn.toISOString(), etag: properties.etag ?? '' };
  }
}

/** Lifetime of a delegation key; a new one is requested when a link would outlive it. */
const delegationHours = 24;
/** How long before the present a delegation key begins, because clocks differ. */
const clockTolerance = 15 * 60_000;

/**
 * User delegation keys, with which links are signed by the app's identity: storage issues them for a day,
 * and the account needs no key.
 */
class DelegationKeys {
  private current: { key: Promise<UserDelegationKey>; until: Date } | null = null;

  constructor(private readonly storage: StorageConnection) {}

  /** A key that is valid until then. @param now by the store's clock */
  keyUntil(until: Date, now: Date): Promise<UserDelegationKey> {
    if (this.current && this.current.until > until) return this.current.key;
    const ends = new Date(Math.max(now.getTime() + delegationHours * 3_600_000, until.getTime()));
    const begins = new Date(now.getTime() - clockTolerance);
    const key = blobService(this.storage).getUserDelegationKey(begins, ends);
    key.catch(() => (this.current = null));
    this.current = { key, until: ends };
    return key;
  }
}
