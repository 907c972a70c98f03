import { SourceError } from '../core/errors';
import { conversationFolder, exported, failed, newItem, type Item } from '../core/items';
import type { RecordedAttachment, RecordedTexts, Source } from '../ports';
import type { Sanitiser } from '../core/sanitise';
import { endingOf, json, type EntryWriter } from './entries';

/** A recorded text that is to be written. */
export interface RecordedTextEntry {
  item: Item;
  name: string;
  /** As the source gave it: attachments are fetched by what it says of them. */
  document: RecordedTexts;
  /** Masks what is written. */
  sanitiser: Sanitiser;
  /** All items of the conversation. */
  siblings: readonly Item[];
}

/**
 * Writes a recorded chat or thread of messages. Its attachments become files of their own, because
 * the addresses in it live for minutes; what the thread itself has handed over already is named, not
 * written again.
 * @param isLast whether a transfer that breaks is given up
 * @returns the item and one for each attachment; the item alone, as it was, when a transfer broke
 */
export async function exportRecordedTexts(
  source: Source,
  writer: EntryWriter,
  { item, name, document, sanitiser, siblings }: RecordedTextEntry,
  isLast: boolean,
): Promise<Item[]> {
  const attachments: Item[] = [];
  const taken = siblings.filter(({ kind }) => kind === 'recordedAttachment').length;

  async function exportAttachment(
    raw: RecordedAttachment,
    { url: _url, ...masked }: RecordedAttachment,
  ): Promise<unknown> {
    const id = raw.id ?? null;
    const known = siblings.find(
      ({ kind, sourceId, entry }) => kind === 'attachment' && sourceId === id && entry !== null,
    );
    if (known) return { ...masked, file: known.entry?.split('/').at(-1) };
    const ordinal = taken + attachments.length + 1;
    const file = newItem(item.conversation, 'recordedAttachment', ordinal, id);
    if (raw.url === undefined) {
      attachments.push(failed(file, 'notDelivered'));
      return masked;
    }
    const fileName = `recorded-attachment-${ordinal}${endingOf(masked.name)}`;
    const path = `${conversationFolder(item.conversation)}/${fileName}`;
    const content = source.download(raw.url, 'any');
    attachments.push(exported(file, await writer.add(path, content, 'store')));
    return { ...masked, file: fileName };
  }

  try {
    return await writer.atomically(async () => {
      const masked = sanitiser.document(document);
      const thread: unknown[] = [];
      for (const [i, message] of (document.messagingTranscript ?? []).entries()) {
        const maskedMessage = masked.messagingTranscript?.[i];
        const media: unknown[] = [];
        for (const [j, attachment] of (message.messageMediaAttachments ?? []).entries())
          media.push(
            await exportAttachment(attachment, maskedMessage?.messageMediaAttachments?.[j] ?? {}),
          );
        thread.push(
          media.length === 0 ? maskedMessage : { ...maskedMessage, messageMediaAttachments: media },
        );
      }
      const written = document.messagingTranscript
        ? { ...masked, messagingTranscript: thread }
        : masked;
      return [exported(item, await writer.add(name, json(written), 'deflate')), ...attachments];
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return [isLast ? failed(item, 'transferFailed') : item];
  }
}
