import { createHash, randomBytes } from 'node:crypto';
import type { Clock, TokenStore } from '../../ports';
import type { StorageConnection } from '../storage/connection';
import { Table, textOf, type Row, type StoredRow } from '../storage/table';
import { expiryOf, TokenExpiry, tokenTable } from './token-expiry';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Milliseconds in which several uses of a token are one: a page makes many calls at once. */
const oneUse = 10_000;

/** 256 random bits as a text that may stand in a URL or a cookie. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Tokens in table `codesAndSessions`: a row for each, under its kind and its hash. */
export class TableTokenStore<T extends object> implements TokenStore<T> {
  private readonly table: Table;
  private readonly expiry: TokenExpiry;

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
    this.table = new Table(storage, tokenTable);
    this.expiry = new TokenExpiry(storage, clock);
  }

  newToken(): string {
    return newToken();
  }

  async put(token: string, value: T, requestId = ''): Promise<void> {
    await this.putHash(hashOf(token), value, requestId);
  }

  /** As `put`, of a token of which only the hash is known. */
  async putHash(hash: string, value: T, requestId = ''): Promise<void> {
    await this.table.put([await this.indexedRow(hash, value, requestId)]);
  }

  /** Returns the value of a living token, whose lifetime goes on; null without one. */
  async get(token: string): Promise<T | null> {
    const row = await this.living(hashOf(token));
    return row && valueOf<T>(row);
  }

  /** As `get`, of a token of which only the hash is known. */
  async ofHash(hash: string): Promise<T | null> {
    const row = await this.living(hash);
    return row && valueOf<T>(row);
  }

  async touch(token: string): Promise<T | null> {
    const row = await this.living(hashOf(token));
    if (row === null) return null;
    const value = valueOf<T>(row);
    const before = expiryOf(row);
    const next = this.expiryFromNow();
    if (before !== null && next !== null && next - before < oneUse) return value;
    // A lost race only means that another use has kept the token alive, or ended it.
    const requestId = textOf(row, 'requestId') ?? '';
    const again = await this.indexedRow(hashOf(token), value, requestId, before);
    await this.table.replace(again, row.etag);
    return value;
  }

  async take(token: string): Promise<T | null> {
    const row = await this.living(hashOf(token));
    if (row === null) return null;
    return (await this.table.take(this.kind, hashOf(token), row.etag)) ? valueOf<T>(row) : null;
  }

  async delete(token: string): Promise<void> {
    await this.table.delete(this.kind, hashOf(token));
  }

  private async living(hash: string): Promise<StoredRow | null> {
    const row = await this.table.get(this.kind, hash);
    if (row === null) return null;
    const expires = expiryOf(row);
    return expires !== null && expires <= this.clock.now().getTime() ? null : row;
  }

  /** When a token whose lifetime begins now expires; null for never. */
  private expiryFromNow(): number | null {
    return this.seconds === null ? null : this.clock.now().getTime() + this.seconds * 1000;
  }

  /**
   * The row of a token whose lifetime begins now, with its entry in the index of expiry written.
   * @param before when the token expired until now; null for a new one
   */
  private async indexedRow(
    rowKey: string,
    value: T,
    requestId: string,
    before: number | null = null,
  ): Promise<Row> {
    const expires = this.expiryFromNow();
    if (expires !== null) await this.expiry.note(this.kind, rowKey, expires, before);
    return {
      partitionKey: this.kind,
      rowKey,
      requestId,
      value: JSON.stringify(value),
      ...(expires === null ? {} : { expires: String(expires) }),
    };
  }
}

const valueOf = <T>(row: StoredRow): T => JSON.parse(textOf(row, 'value') ?? '{}') as T;
