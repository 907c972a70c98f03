import type { ViewerIndex } from '../../core/package/viewer-index';
import type { ViewerTexts } from '../../core/package/viewer-texts';
import type { Locales } from '../../core/i18n/translator';

/** Where the viewer reads a package: the folder of an unpacked package, or the archive itself. */
export interface PackageSource {
  index: ViewerIndex;
  locales: Locales;
  /** Texts of the conversations in a part. */
  texts(page: string): Promise<ViewerTexts[]>;
  /** Plays, shows or saves a file of the package. */
  media: MediaSource;
}

export type MediaSource =
  /** Every file has an address. */
  | { kind: 'address'; of: (file: string) => string }
  /** Files are decrypted on demand. */
  | {
      kind: 'archive';
      /** Returns the address of the decrypted file within this page. */
      open: (file: string) => Promise<string>;
      save: (file: string) => Promise<void>;
    };
