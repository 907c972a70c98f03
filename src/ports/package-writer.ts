import type { EntryRecord, WrittenPart } from '../core/package/part-manifest';

export type { WrittenPart };

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

/** Parts that follow one another in the package, and how they are read. */
export interface PartReading {
  parts: AsyncIterable<Pick<WrittenPart, 'bytes' | 'entries'>>;
  /** Offset of the first of them in the package. */
  start: number;
  /** Offset at which the reading ends: that of the last of them, or of what follows it. */
  end: number;
  /** Called with the bytes up to there, in their order. */
  onBytes?: (bytes: Buffer) => void;
  /** Asked before every part but the first: where it says no, the reading ends there. */
  mayGoOn?: () => boolean;
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
   * @returns the offset at which the last part ends
   * @throws IntegrityError when an entry is missing, added or different
   */
  verifyDirectory(requestId: string, manifests: AsyncIterable<WrittenPart>): Promise<number>;
  /**
   * Reads parts of the committed package and compares them with their manifests.
   * @returns how many were read before `mayGoOn` said no; null when all were
   * @throws IntegrityError when an entry is damaged or different
   */
  verifyParts(requestId: string, passphrase: string, reading: PartReading): Promise<number | null>;
}
