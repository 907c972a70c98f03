import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { Table, textOf, type Row, type StoredRow } from '../storage/table';

/** What a token stands for. Rows of the table hold its hash only. */
export interface StoredToken<T> {
  value: T;
  etag: string;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** 256 random bits as a text that may stand in a URL or a cookie. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/**
 * Secrets of 256 bits that stand for something: sessions, sign-ins under way, invitations. Each is a
 * row of table `access` under its kind and its hash; it ends by the injected clock.
 */
export class TokenStore<T extends object> {
  private readonly table: Table;

  /**
   * @param kind partition of the table
   * @param seconds life of a token; null for those that live until they are deleted
   */
  constructor(
    storage: StorageConnection,
    private readonly kind: string,
    private readonly seconds: number | null,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'access');
  }

  /** @param requestId with which the token is deleted */
  async put(token: string, value: T, requestId = ''): Promise<void> {
    await this.table.put([this.row(token, value, requestId)]);
  }

  async get(token: string): Promise<StoredToken<T> | null> {
    const row = await this.living(token);
    return row && { value: valueOf<T>(row), etag: row.etag };
  }

  /** The same, and the token's life begins anew. */
  async touch(token: string): Promise<T | null> {
    const row = await this.living(token);
    if (row === null) return null;
    const value = valueOf<T>(row);
    // A lost race only means that another use has kept the token alive, or ended it.
    await this.table.replace(this.row(token, value, textOf(row, 'requestId') ?? ''), row.etag);
    return value;
  }

  /** The value of a token that is gone with this call: of several at once one gets it. */
  async take(token: string): Promise<T | null> {
    const row = await this.living(token);
    if (row === null) return null;
    return (await this.table.take(this.kind, hashOf(token), row.etag)) ? valueOf<T>(row) : null;
  }

  /** Replaces the value, unless the token was changed or has ended since. */
  async replace(token: string, value: T, etag: string, requestId: string): Promise<boolean> {
    return this.table.replace(this.row(token, value, requestId), etag);
  }

  async delete(token: string): Promise<void> {
    await this.table.delete(this.kind, hashOf(token));
  }

  private async living(token: string): Promise<StoredRow | null> {
    const row = await this.table.get(this.kind, hashOf(token));
    if (row === null) return null;
    const expires = textOf(row, 'expires');
    return expires !== null && Number(expires) <= this.clock.now().getTime() ? null : row;
  }

  private row(token: string, value: T, requestId: string): Row {
    const expires = this.seconds === null ? null : this.clock.now().getTime() + this.seconds * 1000;
    return {
      partitionKey: this.kind,
      rowKey: hashOf(token),
      requestId,
      value: JSON.stringify(value),
      ...(expires === null ? {} : { expires: String(expires) }),
    };
  }
}

const valueOf = <T>(row: StoredRow): T => JSON.parse(textOf(row, 'value') ?? '{}') as T;
