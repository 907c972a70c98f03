import type { Locales } from '../core/i18n/translator';

/** A file of a package, before it is written. */
export interface PackageFile {
  name: string;
  content: Buffer;
}

/** Returns the files of the viewer that are the same in every package. */
export type ViewerAssets = (locales: Locales) => Promise<PackageFile[]>;
