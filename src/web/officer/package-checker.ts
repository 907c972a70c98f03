import { BlobReader, configure } from '@zip.js/zip.js';
import type { JSONWebKeySet } from 'jose';
import { browserHasher } from '../package-check/browser-hasher';
import { checkPackage, type PackageCheck } from '../package-check/check';

/** The check of packages, loaded once somebody checks one: it is larger than the rest of the console. */

// The page's policy lets no script be made of text, which workers would be.
configure({ useWebWorkers: false });

export interface CheckRequest {
  file: File;
  passphrase: string;
  /** The keys that packages are signed by; null where they cannot be read. */
  keys: JSONWebKeySet | null;
  progress: (done: number, all: number) => void;
}

/** @throws Error when the file is no package, or the passphrase is another one */
export const checkFile = ({
  file,
  passphrase,
  keys,
  progress,
}: CheckRequest): Promise<PackageCheck> =>
  checkPackage(new BlobReader(file), passphrase, keys, browserHasher, progress);
