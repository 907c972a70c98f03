import type { ViewerIndex, ViewerTexts } from '../../core/package/viewer-data';
import type { Locales } from '../../core/i18n/translator';

/** Where the viewer reads a package: from the folder it was unpacked into, or from the archive itself. */
export interface PackageSource {
  index: ViewerIndex;
  languages: Locales;
  /** What was written in the conversations of a part. */
  texts(page: string): Promise<ViewerTexts[]>;
  /** Something to play, show or save a file of the package. */
  media: MediaSource;
}

export type MediaSource =
  /** Files have addresses of their own. */
  | { kind: 'address'; of: (file: string) => string }
  /** Files are decrypted on demand. */
  | {
      kind: 'archive';
      /** Address of the decrypted file within this page. */
      open: (file: string) => Promise<string>;
      save: (file: string) => Promise<void>;
    };
