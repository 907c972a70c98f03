import type { FailureReason, Item, WithheldReason } from '../core/package/items';
import type { ViewerMessage } from '../core/package/viewer-texts';
import type { KnownPeople } from '../core/redaction/people/known';
import type { Redactions } from '../core/redaction/redactions';
import type { SoundPlan } from '../core/redaction/spoken';
import type { SubjectIdentifiers } from '../core/subject/contact';
import type { EntryRecord } from '../ports';
import type { ScratchOwner } from '../services/scratch';
import type { EntryWriter } from './entries';

/** A recording that is wanted, and the conversation that it belongs to. */
export interface WantedRecording {
  item: Item;
  conversationId: string;
  /** When the conversation began (ISO 8601). */
  start: string;
  /** What is to become of its sound. */
  sound: SoundPlan;
}

/** The recordings of a page that are still pending. */
export interface RecordingPage {
  owner: ScratchOwner & { subject: Pick<SubjectIdentifiers, 'emails'> };
  /** Digits of the person's own identifiers: no card numbers. */
  own: ReadonlySet<string>;
  page: number;
  /** Number of the pass over the page, from 1. */
  pass: number;
  writer: EntryWriter;
  wanted: readonly WantedRecording[];
  /** Returns who is known from a conversation. */
  peopleOf(item: Item): KnownPeople;
  /** Returns all items of a conversation, as they are now. */
  siblingsOf(item: Item): readonly Item[];
  /** Whether an earlier pass has asked for a recording by itself, and a later one may do so again. */
  mayWait: (item: Item) => boolean;
  /** Whether an earlier pass has found a recording ready that was waited for. */
  wasAnyReady: boolean;
  /** Takes note that a recording was asked for by itself and is not there yet. */
  noteAsked: (item: Item) => void;
  /**
   * Whether the activity has time for another call.
   * @throws RequestClosedError when an officer has stopped the request
   */
  hasTime(): Promise<boolean>;
}

/**
 * Why a recording is not there yet: the source prepares it, has archived it and can restore it, or
 * the transfer broke.
 */
export type NotYetCause = 'preparing' | 'archived' | 'transferBroken';

/** What came of a recording in this pass. */
export type RecordingResult =
  | {
      kind: 'exported';
      entry: EntryRecord;
      attachments: Item[];
      /** What was masked in it. */
      redactions: Redactions;
      /** Of a text: what the viewer shows of it. */
      messages?: ViewerMessage[];
    }
  | { kind: 'failed'; reason: FailureReason }
  | { kind: 'withheld'; reason: WithheldReason }
  | { kind: 'archived' }
  | { kind: 'notYet'; cause: NotYetCause };

export interface RecordingOutcome {
  recording: WantedRecording;
  result: RecordingResult;
}

/** Exports the recordings of a page. Whether what is not there yet is waited for is not its concern. */
export interface RecordingExporter {
  /**
   * Yields each outcome as soon as it is known, so that an error of the source costs none of them.
   * Recordings that no time was left for are not named, nor those that wait for a later pass.
   */
  export(page: RecordingPage): AsyncIterable<RecordingOutcome>;
}
