import { keepAttributes, type AttributeAllowList } from '../core/redaction/attributes';
import {
  channelsOf,
  isAudioRecorded,
  type SourceConversation,
  type ConversationDetails,
} from '../core/genesys/conversation';
import {
  flattenConversation,
  type CollectedRow,
  type ConversationRow,
} from '../core/package/conversation-row';
import type { SubjectIdentifiers } from '../core/subject/contact';
import {
  absent,
  conversationFolder,
  exported,
  failed,
  newItem,
  type Item,
  type ItemKind,
} from '../core/package/items';
import type { SoundPlans } from '../core/redaction/spoken';
import { glanceOf } from '../core/package/viewer-glance';
import type { ViewerTexts } from '../core/package/viewer-texts';
import { viewerTexts } from '../core/package/written-texts';
import type { KnownPeople } from '../core/redaction/people/known';
import type { Sanitiser } from '../core/redaction/sanitiser';
import type { ExportSettings, RecordingMedia, Source } from '../ports';
import { json, type EntryWriter } from './entries';
import { fetchAhead, readDetails, rolesIn } from './known-people';
import { maskDocument } from './masking';
import { expectedRecordings } from './recordings';
import { exportEmails, type EmailConversation, type EmailServices } from './emails';
import {
  exportEvaluations,
  exportMessages,
  exportSecureAttributes,
  exportSentiment,
  exportSummary,
  exportSurveys,
  exportTranscripts,
  listVoicemail,
  writtenIn,
  type ConversationDocuments,
} from './texts';
import type { PageConversation } from '../core/package/page';

export interface ConversationExport {
  /** Items that changed. */
  items: Item[];
  row: Omit<CollectedRow, 'page'>;
  texts: ViewerTexts;
  /** What becomes of the sound of its recordings. */
  sound: SoundPlans;
  /** Everybody who is known from it. */
  people: KnownPeople;
}

/** What the export of a conversation needs to know of its request. */
export interface ConversationContext {
  timeZone: string;
  subject: SubjectIdentifiers;
  sanitiser: Sanitiser;
  /** Kinds of items that an officer withholds; absent where there is none. */
  withheldKinds?: ReadonlySet<ItemKind>;
}

/** What the export of a conversation's documents uses. */
export interface DocumentServices extends EmailServices {
  source: EmailServices['source'] & Pick<Source, 'conversation' | 'listRecordings'>;
  settings: {
    export: EmailServices['settings']['export'] &
      Pick<ExportSettings, 'attributes' | 'restoreArchived'>;
  };
}

const isMissingFile = ({ kind }: Item): boolean => kind === 'attachment';
const isExported = ({ status }: Item): boolean => status === 'exported';

/**
 * Writes everything of a conversation but its recordings: what analytics and the conversations API
 * know of it, and its texts. What was recorded is asked of `recordingmetadata`, which delivers
 * nothing: those recordings become expected items, whatever the delivering call says later. Details
 * that cannot be processed are left out, and the conversation's item says so.
 */
export async function exportDocuments(
  services: DocumentServices,
  writer: EntryWriter,
  entry: PageConversation,
  item: Item,
  context: ConversationContext,
): Promise<ConversationExport> {
  const { source, settings } = services;
  const { number } = entry;
  const id = entry.conversation.conversationId;
  const { details, problem } = readDetails(await source.conversation(id));
  const listed = await source.listRecordings(id);
  const { sanitiser, subject, timeZone, withheldKinds = new Set() } = context;
  const recordings = expectedRecordings(number, listed, settings.export, withheldKinds);
  const isListed = (wanted: RecordingMedia): boolean =>
    listed.some(({ media }) => media === wanted);
  if (isAudioRecorded(entry.conversation) && !isListed('audio'))
    recordings.push(failed(newItem(number, 'audio', 1, null), 'notListed'));
  // A web chat is kept as its recording, and as nothing else.
  if (channelsOf(entry.conversation).has('chat') && !isListed('chat'))
    recordings.push(absent(newItem(number, 'chat', 1, null), 'noLongerHeld'));
  const documents: ConversationDocuments = {};
  const sound: SoundPlans = {};
  const to = { writer, documents, sound, sanitiser, withheldKinds };
  const shared = { services, entry, details, subject, ...to };
  // Who took part is known from all of it, before anything of it is written.
  const { from, people } = await fetchAhead({ ...shared, recordings: listed });
  sanitiser.know(people);
  const { items: texts, counts } = await exportTexts(from);
  const described = await describe(entry, details, context, settings.export.attributes);
  const { conversation, attributesWithheld } = described;
  const document = { number, ...described, ...documents };
  const name = `${conversationFolder(number)}/conversation.json`;
  const written = await writer.add(name, json(document), 'deflate');
  const audioFiles = recordings.filter(({ kind }) => kind === 'audio').length;
  const shown = viewerTexts(number, documents, sound);
  const row = flattenConversation(conversation, described.details, {
    number,
    timeZone,
    counts: { ...counts, audioFiles, attributesWithheld },
  });
  return {
    items: [
      problem === null ? exported(item, written) : failed(item, problem),
      ...recordings,
      ...writtenIn(texts, written),
    ],
    texts: shown,
    sound,
    people,
    row: { ...row, glance: glanceOf(shown) },
  };
}

/** Exports everything that was written or said in a conversation, and counts it. */
async function exportTexts(from: EmailConversation): Promise<{
  items: Item[];
  counts: Pick<ConversationRow, 'transcriptFiles' | 'emails' | 'messages'>;
}> {
  const transcripts = await exportTranscripts(from);
  const emails = await exportEmails(from);
  const messages = await exportMessages(from, emails.filter(isMissingFile).length);
  const others = [
    ...(await exportSurveys(from)),
    ...(await exportSummary(from)),
    ...(await exportSentiment(from, transcripts)),
    ...(await exportSecureAttributes(from)),
    ...(await exportEvaluations(from)),
    ...listVoicemail(from),
  ];
  return {
    items: [...transcripts, ...emails, ...messages.items, ...others],
    counts: {
      transcriptFiles: transcripts.filter(isExported).length,
      emails: emails.filter((item) => isExported(item) && item.kind === 'email').length,
      messages: messages.count,
    },
  };
}

/** What is written of a conversation: without what is of others, and what policy leaves out. */
async function describe(
  { conversation }: PageConversation,
  details: ConversationDetails | null,
  { subject, sanitiser }: ConversationContext,
  attributes: AttributeAllowList,
) {
  const role = rolesIn(conversation, subject);
  const clean = async <T extends SourceConversation | ConversationDetails>(
    value: T,
    path: string,
  ) => {
    const withoutOthers = sanitiser.participants(value, role);
    return keepAttributes(await maskDocument(sanitiser, withoutOthers, path), attributes);
  };
  const kept = await clean(conversation, 'conversation');
  const keptDetails = details && (await clean(details, 'details'));
  const withheld = new Set([...kept.withheld, ...(keptDetails?.withheld ?? [])]);
  return {
    conversation: kept.conversation,
    details: keptDetails?.conversation ?? null,
    attributesWithheld: withheld.size,
  };
}
