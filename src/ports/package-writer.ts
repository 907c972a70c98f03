import type { EntryRecord, PartManifest } from '../core/package/part-manifest';

/** What a finished part consists of. */
export type WrittenPart = Pick<PartManifest, 'part' | 'bytes' | 'blockIds' | 'entries'>;

/** Writes the entries of one part of a package. */
export interface PartWriter {
  /**
   * Adds an entry. Text is compressed (`deflate`), media is stored. When the content's source throws,
   * the part stays as it was before, and the error is thrown.
   */
  add(
    name: string,
    content: Buffer | AsyncIterable<Buffer>,
    compression: 'deflate' | 'store',
  ): Promise<EntryRecord>;
  /** Runs work that adds entries. When it throws, none of them is added. */
  atomically<T>(work: () => Promise<T>): Promise<T>;
  /** Stages what is left. Nothing of the part counts before its manifest is stored. */
  finish(): Promise<WrittenPart>;
}

/** Where a part is in the package, and who is given its bytes while they are read. */
export interface PartReading {
  /** Offset of the part in the package. */
  start: number;
  /** Called with the bytes of the package, in their order. */
  onBytes?: (bytes: Buffer) => void;
}

/** Writes, commits and verifies the package of a request. */
export interface PackageWriter {
  /** @param part name of the part, of one length for all parts of a package */
  startPart(requestId: string, part: string, passphrase: string): PartWriter;
  /**
   * Joins the parts to the package.
   * @param version that the stored package must still have; null when there must be none
   * @returns size of the package in bytes
   * @throws ConflictError when another package was committed meanwhile, IntegrityError when there are
   *   more blocks than a blob can have
   */
  commit(
    requestId: string,
    manifests: AsyncIterable<WrittenPart>,
    version: string | null,
  ): Promise<number>;
  /**
   * Compares the directory of the committed package with the manifests of its parts.
   * @returns the offset of each part
   * @throws IntegrityError when an entry is missing, added or different
   */
  verifyDirectory(requestId: string, manifests: AsyncIterable<WrittenPart>): Promise<number[]>;
  /**
   * Reads one part of the committed package and compares it with its manifest.
   * @throws IntegrityError when an entry is damaged or different
   */
  verifyPart(
    requestId: string,
    passphrase: string,
    manifest: WrittenPart,
    reading: PartReading,
  ): Promise<void>;
}
