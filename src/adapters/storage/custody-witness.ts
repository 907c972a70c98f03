import type { AppendBlobClient } from '@azure/storage-blob';
import { ConflictError } from '../../core/errors';
import type {
  CustodyCheckpoint,
  CustodyDay,
  CustodyHead,
  CustodyWitness,
  WitnessSummary,
} from '../../ports';
import type { StorageConnection } from './connection';
import { Container, contentOf } from './container';
import { hasStatus } from './rest-error';

const line = /^(\d{6}) ([0-9a-f]{64}) ([0-9a-f]{64})$/;
const lineOf = ({ sequence, hash, mac }: CustodyHead): string =>
  `${padded(sequence)} ${hash} ${mac}\n`;
const lineLength = 137;
const headsFolder = 'heads/';
const padded = (sequence: number): string => String(sequence).padStart(6, '0');
/** How often missing heads are added, when others add some at the same time. */
const tries = 20;

/**
 * Heads of custody records in container `custody`: an append blob for each request, with a line for each
 * entry. Storage refuses a line that is not at its place, so that each is written once, in order, by one
 * call. Checkpoints are blobs of their own that are never overwritten. On Azure, a retention policy of
 * the container keeps all of it from being changed or deleted, and allows appending.
 */
export class BlobCustodyWitness implements CustodyWitness {
  private readonly container: Container;

  /** @param pageSize names of one page of a listing; 5,000 is what the Blob service allows (List Blobs) */
  constructor(
    storage: StorageConnection,
    private readonly pageSize = 5000,
  ) {
    this.container = new Container(storage, 'custody');
  }

  async append(
    requestId: string,
    head: CustodyHead,
    all: () => Promise<CustodyHead[]>,
  ): Promise<void> {
    const isAdded = await this.call(requestId, async (blob) => {
      if (head.sequence === 1) await create(blob);
      return appendAt(blob, lineOf(head), (head.sequence - 1) * lineLength);
    });
    if (!isAdded) await this.addMissing(requestId, await all());
  }

  async heads(requestId: string): Promise<CustodyHead[]> {
    return headsIn((await this.call(requestId, textOf)) ?? '');
  }

  async summaries(prefix: string): Promise<Map<string, WitnessSummary>> {
    const { found } = await this.listed(prefix, Infinity);
    return found;
  }

  async allSummaries(): Promise<Map<string, WitnessSummary> | null> {
    const { found, isComplete } = await this.listed('', 1);
    return isComplete ? found : null;
  }

  /** @param most pages of the listing that are read */
  private listed(
    prefix: string,
    most: number,
  ): Promise<{ found: Map<string, WitnessSummary>; isComplete: boolean }> {
    return this.container.call(async (container) => {
      const found = new Map<string, WitnessSummary>();
      const blobs = container.listBlobsFlat({ prefix: `${headsFolder}${prefix}` });
      let pages = 0;
      for await (const { segment, continuationToken } of blobs.byPage({
        maxPageSize: this.pageSize,
      })) {
        for (const { name, properties } of segment.blobItems)
          found.set(name.slice(headsFolder.length), {
            heads: Math.ceil((properties.contentLength ?? 0) / lineLength),
            lastAddedAt: properties.lastModified,
          });
        pages += 1;
        const hasMore = continuationToken !== undefined && continuationToken !== '';
        if (hasMore && pages === most) return { found, isComplete: false };
      }
      return { found, isComplete: true };
    });
  }

  async putCheckpoint(checkpoint: CustodyCheckpoint): Promise<void> {
    const { requestId, sequence } = checkpoint;
    await this.putOnce(`checkpoints/${requestId}/${padded(sequence)}.json`, checkpoint);
  }

  async checkpoints(requestId: string): Promise<CustodyCheckpoint[]> {
    const found: CustodyCheckpoint[] = [];
    for (const name of await this.names(`checkpoints/${requestId}/`)) {
      const content = await this.container.callBlob(name, contentOf);
      // Between the listing and the call, the retention of the container may have ended.
      if (content) found.push(JSON.parse(content.toString('utf8')) as CustodyCheckpoint);
    }
    return found;
  }

  async putDay(day: CustodyDay): Promise<void> {
    await this.putOnce(`days/${day.at.replaceAll(':', '-')}.json`, day);
  }

  private async addMissing(requestId: string, all: readonly CustodyHead[]): Promise<void> {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const isComplete = await this.call(requestId, async (blob) => {
        await create(blob);
        const content = (await textOf(blob)) ?? '';
        const present = new Set(content.split('\n'));
        const missing = all.map(lineOf).filter((one) => !present.has(one.trimEnd()));
        return missing.length === 0 || appendAt(blob, missing.join(''), content.length);
      });
      if (isComplete) return;
    }
    throw new ConflictError('Too many writers add to a witness at once.');
  }

  private call<T>(requestId: string, call: (blob: AppendBlobClient) => Promise<T>): Promise<T> {
    return this.container.call((container) =>
      call(container.getAppendBlobClient(`${headsFolder}${requestId}`)),
    );
  }

  private names(prefix: string): Promise<string[]> {
    return this.container.call(async (container) => {
      const names: string[] = [];
      for await (const { name } of container.listBlobsFlat({ prefix })) names.push(name);
      return names.sort();
    });
  }

  private async putOnce(name: string, content: object): Promise<void> {
    const text = JSON.stringify(content);
    await this.container.callBlob(name, (blob) =>
      unlessThere(blob.upload(text, Buffer.byteLength(text), onlyNew)),
    );
  }
}

const onlyNew = { conditions: { ifNoneMatch: '*' } };

/** Waits for a call that creates a blob; one that is there already stays. */
async function unlessThere(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!hasStatus(error, 409, 412)) throw error;
  }
}

const create = (blob: AppendBlobClient): Promise<void> => unlessThere(blob.create(onlyNew));

/** @returns whether the text was appended: false when the blob does not end at that position */
async function appendAt(blob: AppendBlobClient, text: string, position: number): Promise<boolean> {
  try {
    await blob.appendBlock(text, text.length, { conditions: { appendPosition: position } });
    return true;
  } catch (error) {
    if (hasStatus(error, 404, 409, 412)) return false;
    throw error;
  }
}

/** What a blob holds as text of one byte a character; null without a blob. */
const textOf = async (blob: AppendBlobClient): Promise<string | null> =>
  (await contentOf(blob))?.toString('latin1') ?? null;

const headsIn = (content: string): CustodyHead[] =>
  content.split('\n').flatMap((text) => {
    const [, sequence, hash, mac] = line.exec(text) ?? [];
    return hash && mac ? [{ sequence: Number(sequence), hash, mac }] : [];
  });
