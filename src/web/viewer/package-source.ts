import type { Locales } from '../../core/i18n/translator';
import type { ViewerIndex } from '../../core/package/viewer-index';

/** Where the viewer reads a package: the folder of an unpacked package, or the archive itself. */
export interface PackageSource {
  index: ViewerIndex;
  locales: Locales;
  /**
   * The value that a script of the viewer sets.
   * @throws Error when it cannot be had
   */
  script(file: string): Promise<unknown>;
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
      /** The decrypted file. */
      read: (file: string) => Promise<Blob>;
      /** Saves what is taken out of a file, once the person has said where. */
      saveAs: (name: string, content: () => Promise<Blob>) => Promise<void>;
    };
