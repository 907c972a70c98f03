import { keepAttributes } from '../core/attributes';
import { isRecorded, type SourceConversation } from '../core/conversation';
import { flattenConversation, type CollectedRow, type ConversationDetails } from '../core/flatten';
import type { SubjectIdentity } from '../core/identity';
import { conversationFolder, exported, failed, newItem, type Item } from '../core/items';
import { isOwnParticipant } from '../core/matching';
import { viewerTexts, type ViewerTexts } from '../core/viewer';
import type { Sanitiser } from '../core/sanitise';
import { json, type EntryWriter } from './entries';
import type { Environment } from './environment';
import { expectedRecordings } from './export-recordings';
import {
  exportEmails,
  exportMessages,
  exportSentiment,
  exportSummary,
  exportSurveys,
  exportTranscripts,
  listVoicemail,
  writtenIn,
  type ConversationDocuments,
} from './export-texts';
import type { PageConversation } from './plan-pages';

export interface ConversationExport {
  /** Items that changed. */
  items: Item[];
  row: Omit<CollectedRow, 'page'>;
  texts: ViewerTexts;
}

/** What the export of a conversation needs to know of its request. */
export interface ConversationContext {
  timeZone: string;
  subject: SubjectIdentity;
  sanitiser: Sanitiser;
}

const isExported = ({ status }: Item): boolean => status === 'exported';

/**
 * Writes everything of a conversation but its recordings: what analytics and the conversations API
 * know of it, and its texts. What was recorded is asked of `recordingmetadata`, which delivers
 * nothing: those recordings become expected items, whatever the delivering call says later.
 */
export async function exportDocuments(
  env: Environment,
  writer: EntryWriter,
  entry: PageConversation,
  item: Item,
  { timeZone, subject, sanitiser }: ConversationContext,
): Promise<ConversationExport> {
  const { source, settings } = env;
  const { number } = entry;
  const id = entry.conversation.conversationId;
  const details = await source.conversation(id);
  const listed = await source.listRecordings(id);
  const recordings = expectedRecordings(number, listed, settings);
  if (isRecorded(entry.conversation) && !listed.some(({ media }) => media === 'audio')) {
    const audio = newItem(number, 'audio', 1, null);
    recordings.push(failed(audio, 'notListed'));
  }
  const documents: ConversationDocuments = {};
  const from = { env, writer, entry, details, recordings: listed, documents, sanitiser };
  const transcripts = await exportTranscripts(from);
  const emails = await exportEmails(from);
  const messages = await exportMessages(from);
  const others = [
    ...(await exportSurveys(from)),
    ...(await exportSummary(from)),
    ...(await exportSentiment(from, transcripts)),
    ...listVoicemail(from),
  ];
  const texts = [...transcripts, ...emails, ...messages.items, ...others];
  const own = entry.conversation.participants.filter((one) => isOwnParticipant(one, subject));
  const ownIds = new Set(own.map(({ participantId }) => participantId));
  const clean = <T extends SourceConversation | ConversationDetails>(value: T): T =>
    sanitiser.document(
      sanitiser.withoutOthers(value, ({ participantId, id }) =>
        ownIds.has(participantId ?? (id as string | undefined)),
      ),
    );
  const conversation = keepAttributes(clean(entry.conversation), settings.attributes);
  const ofDetails = details && keepAttributes(clean(details), settings.attributes);
  const withheld = new Set([...conversation.withheld, ...(ofDetails?.withheld ?? [])]);
  const document = {
    number,
    conversation: conversation.conversation,
    details: ofDetails?.conversation ?? null,
    attributesWithheld: withheld.size,
    ...documents,
  };
  const name = `${conversationFolder(number)}/conversation.json`;
  const written = await writer.add(name, json(document), 'deflate');
  const counts = {
    audioFiles: recordings.filter(({ kind }) => kind === 'audio').length,
    transcriptFiles: transcripts.filter(isExported).length,
    emails: emails.filter(isExported).length,
    messages: messages.count,
    attributesWithheld: withheld.size,
  };
  return {
    items: [exported(item, written), ...recordings, ...writtenIn(texts, written)],
    texts: viewerTexts(number, documents),
    row: flattenConversation(
      number,
      conversation.conversation,
      ofDetails?.conversation ?? null,
      counts,
      timeZone,
    ),
  };
}
