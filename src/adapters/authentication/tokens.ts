import { createHash, randomBytes } from 'node:crypto';
import type { Clock, TokenStore } from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { Table, textOf, type Row, type StoredRow } from '../storage/table';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** 256 random bits as a text that may stand in a URL or a cookie. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Tokens in table `codesAndSessions`: a row for each, under its kind and its hash. */
export class TableTokenStore<T extends object> implements TokenStore<T> {
  private readonly table: Table;

  /**
   * @param kind partition of the table
   * @param seconds lifetime of a token; null for those that live until they are deleted
   */
  constructor(
    storage: StorageConnection,
    private readonly kind: string,
    private readonly seconds: number | null,
    private readonly clock: Clock,
  ) {
    this.table = new Table(storage, 'codesAndSessions');
  }

  newToken(): string {
    return newToken();
  }

  async put(token: string, value: T, requestId = ''): Promise<void> {
    await this.table.put([this.row(token, value, requestId)]);
  }

  /** Returns the value of a living token, whose lifetime goes on; null without one. */
  async get(token: string): Promise<T | null> {
    const row = await this.living(token);
    return row && valueOf<T>(row);
  }

  async touch(token: string): Promise<T | null> {
    const row = await this.living(token);
    if (row === null) return null;
    const value = valueOf<T>(row);
    // A lost race only means that another use has kept the token alive, or ended it.
    await this.table.replace(this.row(token, value, textOf(row, 'requestId') ?? ''), row.etag);
    return value;
  }

  async take(token: string): Promise<T | null> {
    const row = await this.living(token);
    if (row === null) return null;
    return (await this.table.take(this.kind, hashOf(token), row.etag)) ? valueOf<T>(row) : null;
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
