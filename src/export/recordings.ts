import { SourceError } from '../core/errors';
import {
  conversationFolder,
  exported,
  failed,
  newItem,
  withheld,
  type Item,
  type ItemKind,
} from '../core/package/items';
import type { AudioFormat, ExportSettings, RecordingListing, RecordingMedia } from '../ports';
import { maskEml } from '../adapters/eml/mask-eml';
import { collect, type EntryWriter } from './entries';
import type { Environment } from '../services/environment';
import type { Sanitiser } from '../core/redaction/sanitiser';
import { exportRecordedTexts } from './recorded-texts';
import { orFailed } from './unreadable';

interface RecordingForm {
  kind: ItemKind;
  /** Name of the file without its number and ending. */
  name: string;
  ending: (format: AudioFormat) => string;
  compression: 'deflate' | 'store';
}

/** How a recording stands in the package, by its medium. */
const forms: Record<RecordingMedia, RecordingForm> = {
  audio: { kind: 'audio', name: 'audio', ending: (format) => format, compression: 'store' },
  screen: { kind: 'screen', name: 'screen', ending: () => 'webm', compression: 'store' },
  chat: { kind: 'chat', name: 'chat', ending: () => 'json', compression: 'deflate' },
  email: {
    kind: 'emailRecording',
    name: 'recorded-email',
    ending: () => 'eml',
    compression: 'deflate',
  },
  messaging: {
    kind: 'messageRecording',
    name: 'recorded-messages',
    ending: () => 'json',
    compression: 'deflate',
  },
  other: { kind: 'otherRecording', name: 'recording', ending: () => 'bin', compression: 'store' },
};

const mediaOfKind = new Map(
  (Object.keys(forms) as RecordingMedia[]).map((media) => [forms[media].kind, media]),
);

/** The medium of an item that is a recording; null for every other item. */
export const mediaOf = ({ kind }: Pick<Item, 'kind'>): RecordingMedia | null =>
  mediaOfKind.get(kind) ?? null;

/** Whether an item is a recording, which is asked for by itself and may take its time. */
export const isRecording = (item: Pick<Item, 'kind'>): boolean => mediaOf(item) !== null;

/** Name of a recording's entry; `ending` where the source has chosen the format. */
export function recordingEntry(
  item: Pick<Item, 'conversation' | 'kind' | 'ordinal'>,
  format: AudioFormat,
  ending?: string,
): string {
  const form = forms[mediaOf(item) ?? 'other'];
  const file = `${form.name}-${item.ordinal}.${ending ?? form.ending(format)}`;
  return `${conversationFolder(item.conversation)}/${file}`;
}

/** Every listed recording as an expected item; what the source has no media of any more says so. */
export function expectedRecordings(
  number: number,
  listed: RecordingListing[],
  { restoreArchived, policy }: Pick<ExportSettings, 'restoreArchived' | 'policy'>,
): Item[] {
  const ordinals = new Map<ItemKind, number>();
  return listed.map(({ recordingId, media, file }) => {
    const { kind } = forms[media];
    const ordinal = (ordinals.get(kind) ?? 0) + 1;
    ordinals.set(kind, ordinal);
    const item = newItem(number, kind, ordinal, recordingId);
    if (media === 'audio' && policy.callAudio === 'transcriptOnly')
      return withheld(item, 'transcriptInstead');
    switch (file) {
      case 'available':
        return item;
      case 'archived':
        return restoreArchived ? { ...item, reason: archivedReason } : archived(item);
      case 'deleted':
        return { ...item, status: 'expired', reason: 'deletedInSource' };
      case 'broken':
        return failed(item, 'brokenInSource');
    }
  });
}

const archivedReason = 'archivedInSource';
const archived = (item: Item): Item => ({ ...item, status: 'archived', reason: archivedReason });

/** Whether a recording that is waited for has to be restored first: only the single call does that. */
export const isArchived = ({ reason }: Item): boolean => reason === archivedReason;

/** A recording that is asked for, and all items of its conversation. */
export interface AskedRecording {
  item: Item;
  conversationId: string;
  siblings: readonly Item[];
  sanitiser: Sanitiser;
}

/**
 * Asks for a recording and, when it is ready, streams it into the package at once.
 * @param isLast what is not ready now is given up, and listed with the reason
 * @returns the item as it is now, unchanged when it is still being prepared, and its attachments
 */
export async function exportRecording(
  { source, settings }: Environment,
  writer: EntryWriter,
  { item, conversationId, siblings, sanitiser }: AskedRecording,
  isLast: boolean,
): Promise<Item[]> {
  const media = mediaOf(item) ?? 'other';
  const recordingId = item.sourceId ?? '';
  const channel = settings.export.policy.callAudio === 'customerChannel' ? 'customer' : 'merged';
  const request = () =>
    source.requestRecording(
      conversationId,
      { recordingId, media },
      settings.export.audioFormat,
      channel,
    );
  const answer = await request();
  const name = recordingEntry(item, settings.export.audioFormat);
  switch (answer.kind) {
    case 'missing':
      return [failed(item, 'notDelivered')];
    case 'mixed':
      return [withheld(item, 'voicesInOneChannel')];
    case 'preparing':
      return [isLast ? failed(item, 'preparationTimedOut') : item];
    case 'archived':
      if (!settings.export.restoreArchived || isLast) return [archived(item)];
      await source.restoreRecording(conversationId, recordingId);
      return [item];
    case 'document': {
      const texts = { item, name, document: answer.document, sanitiser, siblings };
      return orFailed(item, sanitiser, () => exportRecordedTexts(source, writer, texts, isLast));
    }
    case 'file': {
      const renew = async (): Promise<string | null> => {
        const anew = await request();
        return anew.kind === 'file' ? anew.url : null;
      };
      const file = source.download(answer.url, 'media', renew);
      const content = media === 'email' ? maskedMail(file, sanitiser) : file;
      return orFailed(item, sanitiser, async () => [
        await transferred(writer, item, name, content, isLast),
      ]);
    }
  }
}

/** A recorded mail without what policy masks in its texts. */
async function* maskedMail(
  file: AsyncIterable<Buffer>,
  sanitiser: Sanitiser,
): AsyncGenerator<Buffer> {
  yield await maskEml(await collect(file), (text) => sanitiser.text(text));
}

/** Writes a file into the package; a transfer that breaks leaves the item as it is, to be tried again. */
export async function transferred(
  writer: EntryWriter,
  item: Item,
  name: string,
  content: AsyncIterable<Buffer>,
  isLast: boolean,
): Promise<Item> {
  const { compression } = forms[mediaOf(item) ?? 'other'];
  try {
    return exported(item, await writer.add(name, content, compression));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return isLast ? failed(item, 'transferFailed') : item;
  }
}
