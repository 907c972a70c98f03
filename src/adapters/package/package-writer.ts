import type { PackageStore } from '../../ports';
import type {
  PackageWriter,
  PartReading,
  PartWriter,
  WrittenPart,
} from '../../ports/package-writer';
import { commitPackage } from './commit';
import { PartWriter as ZipPartWriter } from './part-writer';
import { verifyDirectory, verifyParts } from './verify';

/** Packages as encrypted ZIP files in the package store. */
export class ZipPackageWriter implements PackageWriter {
  constructor(private readonly store: PackageStore) {}

  startPart(requestId: string, part: string, passphrase: string): PartWriter {
    return new ZipPartWriter(this.store, requestId, part, passphrase);
  }

  commit(
    requestId: string,
    manifests: AsyncIterable<WrittenPart>,
    version: string | null,
  ): Promise<number> {
    return commitPackage(this.store, requestId, manifests, version);
  }

  verifyDirectory(requestId: string, manifests: AsyncIterable<WrittenPart>): Promise<number> {
    return verifyDirectory(this.store, requestId, manifests);
  }

  verifyParts(requestId: string, passphrase: string, reading: PartReading): Promise<number | null> {
    return verifyParts(this.store, requestId, passphrase, reading);
  }
}
