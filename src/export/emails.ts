import { channelsOf } from '../core/genesys/conversation';
import { hasContent } from '../core/genesys/delivered';
import { attempt, reading } from '../core/genesys/reading';
import { absent, exported, failed, newItem, withheld, type Item } from '../core/package/items';
import type { SubjectIdentifiers } from '../core/subject/contact';
import type {
  EmailAttachment,
  EmailComposer,
  ExportSettings,
  Source,
  SourceAttachment,
  SourceEmail,
} from '../ports';
import { addressAgain, type NamedFile } from './attachments';
import { attachment, collect, unlessRefused } from './entries';
import { maskedMail } from './masked-mail';
import { maskDocument } from './masking';
import { isWithheld, notDelivered, pathIn, type TextServices, type TextSource } from './texts';
import { addressOf, idOf, orFailed } from './unreadable';

/** What the export of emails uses. */
export interface EmailServices extends TextServices {
  source: TextServices['source'] & Pick<Source, 'listEmails' | 'email'>;
  emailComposer: EmailComposer;
  settings: { export: TextServices['settings']['export'] & Pick<ExportSettings, 'policy'> };
}

/** A conversation whose emails are exported, and whose they are. */
export interface EmailConversation extends TextSource {
  services: EmailServices;
  subject: Pick<SubjectIdentifiers, 'emails'>;
}

/** Every email that the source lists, in the document and as a message file with its attachments. */
export async function exportEmails(from: EmailConversation): Promise<Item[]> {
  const { services, entry, recordings } = from;
  if (!channelsOf(entry.conversation).has('email')) return [];
  const id = entry.conversation.conversationId;
  const listed = await services.source.listEmails(id);
  if (listed.length === 0) {
    const isRecorded = recordings.some(({ media }) => media === 'email');
    const item = newItem(entry.number, 'email', 1, null);
    return [absent(item, isRecorded ? 'recordedOnly' : 'noLongerHeld')];
  }
  if (isWithheld(from, 'email'))
    return listed.map((emailId, i) =>
      withheld(newItem(entry.number, 'email', i + 1, emailId), 'rightsOfOthers'),
    );
  const items: Item[] = [];
  for (const [i, emailId] of listed.entries()) {
    const item = newItem(entry.number, 'email', i + 1, emailId);
    const raw = await services.source.email(id, emailId);
    if (raw === null || (typeof raw === 'object' && !hasContent(raw))) {
      items.push(failed(item, 'notDelivered'));
      continue;
    }
    const before = items.filter(isAttachment).length;
    const written = orFailed(item, from.sanitiser, () => exportEmail(from, item, raw, before));
    items.push(...(await written));
  }
  return items;
}

const isAttachment = ({ kind }: Item): boolean => kind === 'attachment';

/**
 * Writes an email with its attachments, which are fetched from where the source says they are. One that
 * is not there, or of which the source does not say where it is, is an item of its own.
 * @param before number of such items so far
 */
async function exportEmail(
  from: EmailConversation,
  item: Item,
  raw: SourceEmail,
  before: number,
): Promise<Item[]> {
  const given = reading(() => filesOf(raw));
  const missing: Item[] = [];
  const masked = await maskDocument(from.sanitiser, raw, 'emails[]');
  const shown = (masked.attachments ?? []).map(withoutAddress);
  const attachments: EmailAttachment[] = [];
  const renewed = async (one: NamedFile, i: number): Promise<string | null> => {
    const { conversationId } = from.entry.conversation;
    const again = await from.services.source.email(conversationId, item.sourceId ?? '');
    const files = attempt(() => filesOf(again));
    return 'problem' in files ? null : addressAgain(files.value, one, i);
  };
  for (const [i, one] of given.entries()) {
    const { id, address, length } = one;
    const content =
      address === null
        ? notDelivered
        : await unlessRefused(() => {
            const file = from.services.source.download(address, 'any', () => renewed(one, i));
            return collect(attachment(file, length));
          });
    if ('refused' in content) {
      const ordinal = before + missing.length + 1;
      missing.push(failed(newItem(item.conversation, 'attachment', ordinal, id), content.refused));
      continue;
    }
    attachments.push({
      name: shown[i]?.name ?? 'attachment',
      contentType: shown[i]?.contentType ?? 'application/octet-stream',
      content: content.got,
    });
  }
  const { emailComposer } = from.services;
  const name = pathIn(from, `email-${item.ordinal}.eml`);
  const owner = { ...from, sanitiser: from.sanitiser.in(name) };
  const message = await maskedMail(owner, await emailComposer.compose(masked, attachments));
  const written = await from.writer.add(name, message, 'deflate');
  const file = name.split('/').at(-1);
  (from.documents.emails ??= []).push({ ...masked, attachments: shown, file });
  return [exported(item, written), ...missing];
}

/** The attachments of an email as the source tells of them. */
const filesOf = (email: SourceEmail | null): (NamedFile & { length: unknown })[] =>
  (email?.attachments ?? []).map(({ attachmentId, contentUri, contentLength }) => ({
    id: idOf(attachmentId),
    address: addressOf(contentUri),
    length: contentLength,
  }));

/** Addresses of files are good for minutes, for whoever has them: they have no place in a package. */
const withoutAddress = ({ contentUri: _contentUri, ...attachment }: SourceAttachment) => attachment;
