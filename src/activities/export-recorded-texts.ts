import { SourceError } from '../core/errors';
import { conversationFolder, exported, newItem, type Item } from '../core/items';
import type { RecordedAttachment, RecordedTexts, Source } from '../ports';
import { json, type EntryWriter } from './entries';

/**
 * Writes a recorded chat or thread of messages. Its attachments become files of their own, because
 * the addresses in it live for minutes; what the thread itself has handed over already is named, not
 * written again.
 * @param siblings all items of the conversation
 * @returns the item and one for each attachment; the item alone, as it was, when a transfer broke
 */
export async function exportRecordedTexts(
  source: Source,
  writer: EntryWriter,
  { item, name, document }: { item: Item; name: string; document: RecordedTexts },
  siblings: readonly Item[],
  isLast: boolean,
): Promise<Item[]> {
  const attachments: Item[] = [];
  const taken = siblings.filter(({ kind }) => kind === 'recordedAttachment').length;

  async function exportAttachment({ url, ...attachment }: RecordedAttachment): Promise<unknown> {
    const id = attachment.id ?? null;
    const known = siblings.find(
      ({ kind, sourceId, entry }) => kind === 'attachment' && sourceId === id && entry !== null,
    );
    if (known) return { ...attachment, file: known.entry?.split('/').at(-1) };
    const ordinal = taken + attachments.length + 1;
    const file = newItem(item.conversation, 'recordedAttachment', ordinal, id);
    if (url === undefined) {
      attachments.push({ ...file, status: 'failed', reason: 'notDelivered' });
      return attachment;
    }
    const ending = /\.[A-Za-z0-9]{1,8}$/.exec(attachment.name ?? '')?.[0] ?? '.bin';
    const fileName = `recorded-attachment-${ordinal}${ending.toLowerCase()}`;
    const path = `${conversationFolder(item.conversation)}/${fileName}`;
    attachments.push(exported(file, await writer.add(path, source.download(url, 'any'), 'store')));
    return { ...attachment, file: fileName };
  }

  try {
    return await writer.atomically(async () => {
      const thread: unknown[] = [];
      for (const message of document.messagingTranscript ?? []) {
        const media: unknown[] = [];
        for (const attachment of message.messageMediaAttachments ?? [])
          media.push(await exportAttachment(attachment));
        thread.push(media.length === 0 ? message : { ...message, messageMediaAttachments: media });
      }
      const written = document.messagingTranscript
        ? { ...document, messagingTranscript: thread }
        : document;
      return [exported(item, await writer.add(name, json(written), 'deflate')), ...attachments];
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return [isLast ? { ...item, status: 'failed', reason: 'transferFailed' } : item];
  }
}
