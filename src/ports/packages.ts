export interface PackageLink {
  url: string;
  /** When it expires, by the store's clock (ISO 8601). */
  expiresAt: string;
  /** Version of the package, for `If-Match`. */
  etag: string;
}

/** The encrypted packages, one for each request. */
export interface PackageStore {
  stageBlock(requestId: string, blockId: string, content: Buffer): Promise<void>;
  /** Version of the committed package (its ETag), or null when there is none. */
  version(requestId: string): Promise<string | null>;
  /**
   * Commits the package as these blocks, in this order.
   * @param version that the package must still have; null when there must be none
   * @throws ConflictError when it has another one
   */
  commit(requestId: string, blockIds: string[], version: string | null): Promise<void>;
  /** Size of the committed package in bytes, or null when there is none. */
  size(requestId: string): Promise<number | null>;
  read(requestId: string, from: number, count: number): Promise<Buffer>;
  stream(requestId: string, from: number, count: number): AsyncIterable<Buffer>;
  delete(requestId: string): Promise<void>;
  /** A link that reads this one package; null when there is no package. */
  link(requestId: string, minutes: number): Promise<PackageLink | null>;
}
