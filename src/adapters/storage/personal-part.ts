import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { ConflictError } from '../../core/errors';
import type { KeyStore, RequestDetails, RequestRecord } from '../../ports';
import { decrypt, encrypt } from './encryption';
import type { Columns } from './ledger-rows';
import { longTextOf, withLongText } from './long-column';
import type { StoredRow } from './table';

const compress = promisify<string, Buffer>(deflate);
const decompress = promisify<Buffer, Buffer>(inflate);
/** The first byte of a JSON object; no zlib stream begins with it (RFC 1950 section 2.2). */
const braceByte = 0x7b;

const column = 'details';

/** The personal part of requests, in the row of each, compressed and encrypted with the request's key. */
export class PersonalPart {
  constructor(private readonly keys: Pick<KeyStore, 'unwrap'>) {}

  /** @throws ConflictError when the personal part, or its key, was deleted */
  async in(row: StoredRow | null, record: RequestRecord): Promise<RequestDetails> {
    const text = row && longTextOf(row, column);
    if (!text) throw new ConflictError('The personal part of the request was deleted.');
    const key = await this.dataKey(record);
    const content = decrypt(key, Buffer.from(text, 'base64'), record.requestId);
    // A row of before the compression holds the JSON itself.
    const json = content[0] === braceByte ? content : await decompress(content);
    return JSON.parse(json.toString('utf8')) as RequestDetails;
  }

  /** The row of a request with this personal part. @throws ConflictError when its key was destroyed */
  async putInto(
    columns: Columns,
    record: RequestRecord,
    details: RequestDetails,
  ): Promise<Columns> {
    const key = await this.dataKey(record);
    const content = await compress(JSON.stringify(details));
    const encrypted = encrypt(key, content, record.requestId).toString('base64');
    return withLongText(columns, column, encrypted);
  }

  private async dataKey(record: RequestRecord): Promise<Buffer> {
    if (record.wrappedSecret === null)
      throw new ConflictError('The key of the request was destroyed.');
    return (await this.keys.unwrap(record.wrappedSecret)).dataKey;
  }
}

/** Whether a row still has the personal part of its request. */
export const hasPersonalPart = (row: StoredRow): boolean => Boolean(longTextOf(row, column));

export const withoutPersonalPart = (row: Columns): Columns => withLongText(row, column, '');
