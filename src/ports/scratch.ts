import type { ScratchPrefix, ScratchRef } from '../core/package/blob-names';

/** Intermediate data of a request, encrypted with its data key. */
export interface ScratchStore {
  write<T>(requestId: string, ref: ScratchRef<T>, key: Buffer, value: T): Promise<void>;
  /** Stores a blob unless it exists. Returns whether it was stored. */
  writeOnce<T>(requestId: string, ref: ScratchRef<T>, key: Buffer, value: T): Promise<boolean>;
  /** Content of a blob; null when it does not exist. */
  read<T>(requestId: string, ref: ScratchRef<T>, key: Buffer): Promise<T | null>;
  /** Blobs whose names begin with a prefix, in the order of their names. */
  list<T>(requestId: string, prefix: ScratchPrefix<T>): Promise<ScratchRef<T>[]>;
  delete(requestId: string, ref: ScratchRef<unknown>): Promise<void>;
  /** Deletes the blobs whose names begin with a prefix. */
  deleteAll(requestId: string, prefix: ScratchPrefix<unknown>): Promise<void>;
}
