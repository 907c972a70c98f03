import { SourceError } from '../core/errors';
import { conversationFolder, failed, newItem, type Item } from '../core/package/items';
import { recordedMessages } from '../core/package/viewer-recorded';
import type { RecordedAttachment, RecordedTexts, Source } from '../ports';
import { reading } from '../core/genesys/reading';
import { exportAttachedFile, fileNameIn, settledFile } from './attachments';
import { attachment, json, type EntryWriter } from './entries';
import type { MailOwner } from './masked-mail';
import type { RecordingResult } from './recording-exporter';
import { inPieces, maskDocument } from './masking';
import { addressOf, idOf } from './unreadable';

/** A recorded text that is to be written. Its sanitiser masks what is written. */
export interface RecordedTextEntry extends MailOwner {
  item: Item;
  name: string;
  /** As the source gave it: attachments are fetched by what it says of them. */
  document: RecordedTexts;
  /** All items of the conversation. */
  siblings: readonly Item[];
}

/**
 * Writes a recorded chat or thread of messages. Its attachments become files of their own, because
 * the addresses in it live for minutes; what the thread itself has handed over already is named, not
 * written again.
 * @returns the entry and an item for each attachment; "not yet" when a transfer broke
 * @throws UnreadableError when the text cannot be processed; nothing of it is written then
 */
export async function exportRecordedTexts(
  source: Pick<Source, 'download'>,
  writer: EntryWriter,
  recorded: RecordedTextEntry,
): Promise<RecordingResult> {
  const { item, name, document, sanitiser, siblings } = recorded;
  const attachments: Item[] = [];
  const taken = siblings.filter(({ kind }) => kind === 'recordedAttachment').length;

  async function exportAttachment({ id, url, length, shown }: ReadAttachment): Promise<unknown> {
    const known = siblings.find(
      ({ kind, sourceId, entry }) => kind === 'attachment' && sourceId === id && entry !== null,
    );
    if (known) return { ...shown, file: known.entry?.split('/').at(-1) };
    const ordinal = taken + attachments.length + 1;
    const file = newItem(item.conversation, 'recordedAttachment', ordinal, id);
    if (url === null) {
      attachments.push(failed(file, 'notDelivered'));
      return shown;
    }
    const outcome = await exportAttachedFile(recorded, writer, {
      name: typeof shown.name === 'string' ? shown.name : '',
      contentType: typeof shown.mediaType === 'string' ? shown.mediaType : '',
      stem: `${conversationFolder(item.conversation)}/recorded-attachment-${ordinal}`,
      content: () => attachment(source.download(url, 'any'), length),
    });
    attachments.push(settledFile(file, outcome));
    const written = fileNameIn(outcome);
    return written === null ? shown : { ...shown, file: written };
  }

  await inPieces(sanitiser.meetInSteps(document));
  const masked = await maskDocument(sanitiser, document);
  const messages = reading(() => messagesOf(document, masked));
  try {
    return await writer.atomically(async () => {
      const thread: unknown[] = [];
      for (const { message, given } of messages) {
        const media: unknown[] = [];
        for (const one of given) media.push(await exportAttachment(one));
        thread.push(media.length === 0 ? message : { ...message, messageMediaAttachments: media });
      }
      const written = document.messagingTranscript
        ? { ...masked, messagingTranscript: thread }
        : masked;
      const entry = await writer.add(name, json(written), 'deflate');
      const { redactions } = sanitiser;
      const shown = recordedMessages(written);
      return { kind: 'exported', entry, attachments, redactions, messages: shown };
    });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { kind: 'notYet', cause: 'transferBroken' };
  }
}

/** An attachment: where the source says it is, and what is written of it. */
interface ReadAttachment {
  id: string | null;
  url: string | null;
  length: unknown;
  shown: RecordedAttachment;
}

/** The messages of a thread, masked, and the attachments of each. */
const messagesOf = (raw: RecordedTexts, masked: RecordedTexts) =>
  (raw.messagingTranscript ?? []).map(({ messageMediaAttachments }, i) => {
    const message = masked.messagingTranscript?.[i] ?? {};
    const given = (messageMediaAttachments ?? []).map((one, j): ReadAttachment => {
      const { url: _url, ...shown } = message.messageMediaAttachments?.[j] ?? {};
      return { id: idOf(one.id), url: addressOf(one.url), length: one.contentLength, shown };
    });
    return { message, given };
  });
