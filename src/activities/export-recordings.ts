import { SourceError } from '../core/errors';
import { conversationFolder, exported, newItem, type Item, type ItemKind } from '../core/items';
import type { AudioFormat, RecordingListing, RecordingMedia } from '../ports';
import type { Environment } from './environment';
import { json, type EntryWriter } from './entries';

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

/** Whether an item is a recording, which is asked for by itself and may take its time. */
export const isRecording = ({ kind }: Pick<Item, 'kind'>): boolean => mediaOfKind.has(kind);

export const recordingFile = (
  item: Pick<Item, 'kind' | 'ordinal'>,
  format: AudioFormat,
): string => {
  const { name, ending } = forms[mediaOfKind.get(item.kind) ?? 'other'];
  return `${name}-${item.ordinal}.${ending(format)}`;
};

/** Every listed recording as an expected item; what the source has no media of any more says so. */
export function expectedRecordings(number: number, listed: RecordingListing[]): Item[] {
  const ordinals = new Map<ItemKind, number>();
  return listed.map(({ recordingId, media, file }) => {
    const { kind } = forms[media];
    const ordinal = (ordinals.get(kind) ?? 0) + 1;
    ordinals.set(kind, ordinal);
    const item = newItem(number, kind, ordinal, recordingId);
    switch (file) {
      case 'available':
        return item;
      case 'archived':
        return { ...item, status: 'archived', reason: 'archivedInSource' };
      case 'deleted':
        return { ...item, status: 'expired', reason: 'deletedInSource' };
      case 'broken':
        return { ...item, status: 'failed', reason: 'brokenInSource' };
    }
  });
}

/**
 * Asks for a recording and, when it is ready, streams it into the package at once.
 * @param isLast what is not ready now is given up, and listed with the reason
 * @returns the item as it is now; unchanged when it is still being prepared
 */
export async function exportRecording(
  { source, settings }: Environment,
  writer: EntryWriter,
  conversationId: string,
  item: Item,
  isLast: boolean,
): Promise<Item> {
  const media = mediaOfKind.get(item.kind) ?? 'other';
  const recording = { recordingId: item.sourceId ?? '', media };
  const answer = await source.requestRecording(conversationId, recording, settings.audioFormat);
  const name = `${conversationFolder(item.conversation)}/${recordingFile(item, settings.audioFormat)}`;
  switch (answer.kind) {
    case 'missing':
      return { ...item, status: 'failed', reason: 'notDelivered' };
    case 'preparing':
      return isLast ? { ...item, status: 'failed', reason: 'preparationTimedOut' } : item;
    case 'document':
      return exported(item, await writer.add(name, json(answer.document), 'deflate'));
    case 'file':
      break;
  }
  try {
    const content = source.download(answer.url);
    return exported(item, await writer.add(name, content, forms[media].compression));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return isLast ? { ...item, status: 'failed', reason: 'transferFailed' } : item;
  }
}
