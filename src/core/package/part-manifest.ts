import type { Redactions } from '../redaction/redactions';
import type { SoundPlans } from '../redaction/spoken';
import type { CollectedRow, RecordedRow } from './conversation-row';
import type { Item } from './items';

/** An entry of the ZIP file as its part wrote it. The offset counts from the start of the part. */
export interface EntryRecord {
  name: string;
  offset: number;
  /** Bytes of clear content. */
  size: number;
  /** Bytes in the archive: salt, verifier, ciphertext and authentication code. */
  storedSize: number;
  /** 0 stored, 8 deflated. */
  method: 0 | 8;
  sha256: string;
}

/** A blob with the directories of parts that follow one another. */
export interface PartGroup {
  /** What its name ends with. */
  label: string;
  parts: number;
  /** Bytes of all of them. */
  bytes: number;
}

/** What joining and reading back needs to know of a part. */
export type WrittenPart = Pick<PartManifest, 'part' | 'bytes' | 'blockIds' | 'entries'>;

/** Directory of a finished part. A part counts once its manifest is stored. */
export interface PartManifest {
  part: string;
  bytes: number;
  blockIds: string[];
  entries: EntryRecord[];
  items: Item[];
  rows: CollectedRow[];
  /** Conversations of which the part has a chat or thread that was kept as a recording; absent for none. */
  recorded?: RecordedRow[];
  /** What was redacted in its entries, and how often. */
  redactions: Redactions;
  /**
   * What is to be silent in the recordings of its conversations, by the ids of the recordings: they may be
   * exported in a later pass. Parts of earlier versions have none.
   */
  sound?: SoundPlans;
  /**
   * Of the last part: those before it, in the order of the package, as they were when it was written. The last part
   * of an earlier version has none.
   */
  groups?: PartGroup[];
}
