import {
  evaluationsOf,
  surveysOf,
  channelsOf,
  communicationIds,
  isVoicemail,
  type ConversationDetails,
} from '../core/genesys/conversation';
import {
  absent,
  conversationFolder,
  exported,
  failed,
  newItem,
  withheld,
  type FailureReason,
  type Item,
  type ItemKind,
  type UnreadableReason,
} from '../core/package/items';
import { attempt } from '../core/genesys/reading';
import {
  hasAnswers,
  hasContent,
  hasPhrases,
  hasSentiment,
  hasSummary,
} from '../core/genesys/delivered';
import { readTranscript } from '../core/genesys/shapes';
import { webVtt, withoutSentiment, type SourceTranscript } from '../core/package/webvtt';
import type {
  EntryRecord,
  ExportSettings,
  RecordingListing,
  Source,
  SourceMessage,
  SourceMessageAttachment,
} from '../ports';
import { addressAgain, exportAttachedFile, fileNameIn, settledFile } from './attachments';
import { attachment, collect, text, unlessRefused, type EntryWriter } from './entries';
import type { MailOwner } from './masked-mail';
import type { Sanitiser } from '../core/redaction/sanitiser';
import {
  notExaminedPlan,
  soundPlanInSteps,
  wholePlan,
  type SoundPlan,
  type SoundPlans,
} from '../core/redaction/spoken';
import { attemptToMask, inPieces, maskDocument } from './masking';
import type { PageConversation } from '../core/package/page';
import { plansSound } from './sound';
import { addressOf, idOf, orElse, orFailed } from './unreadable';

/** What the export of texts uses. */
export interface TextServices {
  source: Pick<
    Source,
    | 'transcriptUrls'
    | 'download'
    | 'sentiment'
    | 'messages'
    | 'surveys'
    | 'summary'
    | 'secureAttributes'
    | 'evaluations'
  >;
  settings: {
    export: Pick<
      ExportSettings,
      'sentiment' | 'summaries' | 'secureAttributes' | 'evaluations' | 'policy'
    >;
  };
}

/** A conversation whose texts are exported. */
export interface TextSource {
  services: TextServices;
  writer: EntryWriter;
  entry: PageConversation;
  details: ConversationDetails | null;
  recordings: RecordingListing[];
  /** What stands together in the conversation's one document: few large entries, not many small. */
  documents: ConversationDocuments;
  /** What becomes of the sound of its recordings, as far as their transcripts were read. */
  sound: SoundPlans;
  sanitiser: Sanitiser;
  /** Kinds that an officer withholds; absent where there is none. */
  withheldKinds?: ReadonlySet<ItemKind>;
}

/** Whether an officer withholds a kind for the rights of others. */
export const isWithheld = ({ withheldKinds }: Pick<TextSource, 'withheldKinds'>, kind: ItemKind) =>
  withheldKinds?.has(kind) === true;

/** A conversation whose messages are exported; their attachments may be mails. */
export type MessageSource = TextSource & MailOwner;

/** Texts of a conversation, as the source gave them, but for what policy leaves out. */
export interface ConversationDocuments {
  transcripts?: { recordingId: string; transcript: SourceTranscript }[];
  emails?: unknown[];
  messages?: unknown[];
  surveys?: unknown[];
  summary?: unknown;
  sentiment?: unknown;
  secureAttributes?: unknown;
  evaluations?: unknown[];
}

/** An item whose entry is the conversation's document, which is written when all of it is known. */
export const inDocument = (item: Item): Item => ({ ...item, status: 'exported', reason: null });

/** Names the document in the items that stand in it. */
export const writtenIn = (items: Item[], entry: EntryRecord): Item[] =>
  items.map((item) =>
    item.status === 'exported' && item.entry === null ? exported(item, entry) : item,
  );

export const pathIn = ({ entry }: TextSource, name: string): string =>
  `${conversationFolder(entry.number)}/${name}`;

/** A conversation whose transcripts are read. */
export type TranscriptSource = Pick<TextSource, 'services' | 'entry' | 'recordings' | 'sanitiser'>;

/** Where the transcripts of a conversation are, by their recordings. */
export async function transcriptAddresses({
  services,
  entry,
}: Pick<TextSource, 'services' | 'entry'>): Promise<Map<string, string>> {
  const urls = new Map<string, string>();
  for (const communicationId of communicationIds(entry.conversation)) {
    const id = entry.conversation.conversationId;
    for (const { recordingId, url } of await services.source.transcriptUrls(id, communicationId))
      urls.set(recordingId, url);
  }
  return urls;
}

/** A transcript as the source gave it and masked, and what becomes of the sound of its recording. */
interface ReadTranscript {
  masked: SourceTranscript;
  plan: SoundPlan;
}

/**
 * Reads a transcript.
 * @returns why there is none, where there is none
 * @throws UnreadableError when it cannot be processed
 */
async function readAndMask(
  from: TranscriptSource,
  recordingId: string,
  url: string,
): Promise<ReadTranscript | { refused: FailureReason } | 'empty'> {
  const { services, sanitiser, recordings } = from;
  const file = services.source.download(url, 'any', () => urlAgain(from, recordingId));
  const content = await unlessRefused(() => collect(file));
  if ('refused' in content) return content;
  const raw = readTranscript(content.got);
  if (!hasPhrases(raw)) return 'empty';
  const masked = await maskDocument(sanitiser, raw, 'transcripts[].transcript');
  const listed = recordings.find((one) => one.recordingId === recordingId);
  const times = { startTime: listed?.startTime ?? null, endTime: listed?.endTime ?? null };
  const { policy } = services.settings.export;
  const plan = plansSound(policy)
    ? await inPieces(soundPlanInSteps(policy, sanitiser, { raw, masked, times }))
    : wholePlan;
  return { masked, plan };
}

/**
 * What becomes of the sound of a conversation's recordings, read from their transcripts once more. A
 * recording whose transcript cannot be had or read cannot be looked into.
 */
export async function readSoundPlans(from: TranscriptSource): Promise<SoundPlans> {
  const plans: SoundPlans = {};
  for (const [recordingId, url] of await transcriptAddresses(from)) {
    const read = await orElse(
      from.sanitiser,
      () => readAndMask(from, recordingId, url),
      () => 'empty' as const,
    );
    if (typeof read === 'object' && 'plan' in read) plans[recordingId] = read.plan;
  }
  return plans;
}

/** One item for each audio recording: its transcript, or the statement that the source has none. */
export async function exportTranscripts(from: TextSource): Promise<Item[]> {
  const { services, writer, entry, recordings } = from;
  const audio = recordings.filter(({ media }) => media === 'audio');
  if (audio.length === 0) return [];
  const urls = await transcriptAddresses(from);
  const wanted = [...new Set([...audio.map(({ recordingId }) => recordingId), ...urls.keys()])];
  const items: Item[] = [];
  for (const [i, recordingId] of wanted.entries()) {
    const item = newItem(entry.number, 'transcript', i + 1, recordingId);
    from.sound[recordingId] = notExaminedPlan;
    const url = urls.get(recordingId);
    if (url === undefined) {
      items.push(absent(item, 'noTranscript'));
      continue;
    }
    const written = orFailed(item, from.sanitiser, async () => {
      const read = await readAndMask(from, recordingId, url);
      if (read === 'empty') return [absent(item, 'noTranscript')];
      if ('refused' in read) return [failed(item, read.refused)];
      const { masked: transcript, plan } = read;
      from.sound[recordingId] = plan;
      if (isWithheld(from, 'transcript')) return [withheld(item, 'rightsOfOthers')];
      const captions = webVtt(transcript);
      const kept = services.settings.export.sentiment ? transcript : withoutSentiment(transcript);
      await writer.add(pathIn(from, `transcript-${i + 1}.vtt`), text(captions), 'deflate');
      (from.documents.transcripts ??= []).push({ recordingId, transcript: kept });
      return [inDocument(item)];
    });
    items.push(...(await written));
  }
  return items;
}

/** Another address of a transcript, when the source gives one. */
export async function urlAgain(
  { services, entry }: Pick<TextSource, 'services' | 'entry'>,
  wanted: string,
): Promise<string | null> {
  const id = entry.conversation.conversationId;
  for (const communicationId of communicationIds(entry.conversation)) {
    for (const { recordingId, url } of await services.source.transcriptUrls(id, communicationId))
      if (recordingId === wanted) return url;
  }
  return null;
}

/** What was measured in a conversation that was transcribed. */
export async function exportSentiment(from: TextSource, transcripts: Item[]): Promise<Item[]> {
  const { services, entry } = from;
  const isTranscribed = transcripts.some(
    ({ status }) => status === 'exported' || status === 'withheld',
  );
  if (!services.settings.export.sentiment || !isTranscribed) return [];
  const item = newItem(entry.number, 'sentiment', 1, null);
  const sentiment = await services.source.sentiment(entry.conversation.conversationId);
  if (sentiment === null || !hasSentiment(sentiment)) return [absent(item, 'noSentiment')];
  if (isWithheld(from, 'sentiment')) return [withheld(item, 'rightsOfOthers')];
  return orFailed(item, from.sanitiser, async () => {
    from.documents.sentiment = await maskDocument(from.sanitiser, sentiment, 'sentiment');
    return [inDocument(item)];
  });
}

/** A voicemail that nothing was recorded of: the source gives it to the agents it was left for only. */
export function listVoicemail({ entry, recordings }: TextSource): Item[] {
  const hasAudio = recordings.some(({ media }) => media === 'audio');
  if (hasAudio || !isVoicemail(entry.conversation)) return [];
  const item = newItem(entry.number, 'voicemail', 1, null);
  return [withheld(item, 'voicemailNotReadable')];
}

/** What the source names no address for. */
export const notDelivered = { refused: 'notDelivered' } as const;
const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Ids of the messages that the conversation says were exchanged. */
export const messageIdsOf = (details: ConversationDetails | null): string[] => [
  ...new Set(
    (details?.participants ?? [])
      .flatMap(({ messages }) => messages ?? [])
      .flatMap(({ messages }) => messages ?? [])
      .flatMap(({ messageId }) => messageId ?? []),
  ),
];

/**
 * The thread of messages as one document, and each of its attachments as a file.
 * @param before number of attachments that are items of the conversation already
 */
export async function exportMessages(
  from: MessageSource,
  before = 0,
): Promise<{ items: Item[]; count: number }> {
  const { services, entry, details, recordings, sanitiser } = from;
  if (!channelsOf(entry.conversation).has('message')) return { items: [], count: 0 };
  const thread = newItem(entry.number, 'message', 1, null);
  const expected = messageIdsOf(details);
  if (expected.length === 0) {
    const isRecorded = recordings.some(({ media }) => media === 'messaging');
    const reason = isRecorded ? 'recordedOnly' : 'noLongerHeld';
    return { items: [absent(thread, reason)], count: 0 };
  }
  if (isWithheld(from, 'message')) return { items: [withheld(thread, 'rightsOfOthers')], count: 0 };
  const messages = await services.source.messages(entry.conversation.conversationId, expected);
  const attachments: Item[] = [];
  const documents: unknown[] = [];
  const delivered = new Set<string | null>();
  let problem: FailureReason | null = null;
  for (const raw of messages) {
    const masked = await attemptToMask(sanitiser, raw, 'messages[]');
    const read = 'problem' in masked ? masked : attempt(() => readMessage(raw, masked.value));
    if ('problem' in read) {
      problem ??= read.problem;
      continue;
    }
    if (!hasContent(raw)) continue;
    delivered.add(read.value.id);
    documents.push(await writeFiles(from, read.value, { items: attachments, before }));
  }
  from.documents.messages = documents;
  if (!expected.every((id) => delivered.has(id))) problem ??= 'notDelivered';
  const item = problem === null ? inDocument(thread) : failed(thread, problem);
  return { items: [item, ...attachments], count: documents.length };
}

/** A message: masked, as it is written, and the attachments in its parts as the source named them. */
interface ReadMessage {
  id: string | null;
  masked: SourceMessage;
  attachments: (SourceMessageAttachment | null)[];
}

function readMessage(raw: SourceMessage, masked: SourceMessage): ReadMessage {
  return {
    id: idOf(raw.id),
    masked,
    attachments: (raw.normalizedMessage?.content ?? []).map((part) => part.attachment ?? null),
  };
}

/** Writes the attachments of a message, and returns it with the names of their files. */
async function writeFiles(
  from: MessageSource,
  { id, masked, attachments: given }: ReadMessage,
  attachments: Attachments,
): Promise<unknown> {
  if (given.length === 0) return masked;
  const content: unknown[] = [];
  for (const [i, raw] of given.entries()) {
    const part = masked.normalizedMessage?.content?.[i];
    const shown = part?.attachment ?? {};
    content.push(
      raw
        ? {
            ...part,
            attachment: await exportAttachment(
              from,
              { raw, shown, renew: () => messageUrlAgain(from, id, { id: idOf(raw.id), part: i }) },
              attachments,
            ),
          }
        : part,
    );
  }
  return { ...masked, normalizedMessage: { ...masked.normalizedMessage, content } };
}

/** Attachments of a thread, and how many other ones the conversation has before them. */
interface Attachments {
  items: Item[];
  before: number;
}

/** Another address of an attachment, when the source gives one. */
async function messageUrlAgain(
  { services, entry }: TextSource,
  messageId: string | null,
  attached: { id: string | null; part: number },
): Promise<string | null> {
  if (messageId === null) return null;
  const messages = await services.source.messages(entry.conversation.conversationId, [messageId]);
  const files = attempt(() =>
    (messages.find(({ id }) => id === messageId)?.normalizedMessage?.content ?? []).map(
      ({ attachment: file }) => ({ id: idOf(file?.id), address: addressOf(file?.url) }),
    ),
  );
  return 'problem' in files ? null : addressAgain(files.value, attached, attached.part);
}

/**
 * Writes an attachment, fetched by what the source said of it, and adds its item to the others.
 * @returns what the document says of it: masked, and without an address
 */
async function exportAttachment(
  from: MessageSource,
  given: {
    raw: SourceMessageAttachment;
    shown: SourceMessageAttachment;
    renew: () => Promise<string | null>;
  },
  { items: attachments, before }: Attachments,
): Promise<unknown> {
  const { raw, renew } = given;
  const { url: maskedUrl, ...masked } = given.shown;
  if (raw.mediaType === 'Link') return { ...masked, url: maskedUrl };
  const ordinal = before + attachments.length + 1;
  const item = newItem(from.entry.number, 'attachment', ordinal, idOf(raw.id));
  const address = addressOf(raw.url);
  const outcome =
    address === null
      ? notDelivered
      : await exportAttachedFile(from, from.writer, {
          name: textIn(raw.filename),
          contentType: textIn(raw.mime),
          stem: pathIn(from, `attachment-${ordinal}`),
          content: () =>
            attachment(from.services.source.download(address, 'any', renew), raw.contentSizeBytes),
        });
  attachments.push(settledFile(item, outcome));
  const file = fileNameIn(outcome);
  return file === null ? masked : { ...masked, file };
}

/**
 * Answers to surveys. Analytics tells that a survey belongs to the conversation (AnalyticsConversation,
 * `surveys`); its status is a text of no stated values, so the surveys themselves say what was answered.
 */
export async function exportSurveys(from: TextSource): Promise<Item[]> {
  const { services, entry } = from;
  const known = surveysOf(entry.conversation);
  if (known.length === 0) return [];
  const documents: unknown[] = [];
  const found = new Map<unknown, UnreadableReason | 'answered'>();
  const surveys: unknown = await services.source.surveys(entry.conversation.conversationId);
  for (const survey of Array.isArray(surveys) ? (surveys as ({ id?: unknown } | null)[]) : []) {
    if (survey === null || !hasAnswers(survey)) continue;
    const read = await attemptToMask(from.sanitiser, survey, 'surveys[]');
    if ('value' in read) documents.push(read.value);
    found.set(survey.id, 'problem' in read ? read.problem : 'answered');
  }
  if (documents.length > 0) from.documents.surveys = documents;
  const ids = new Set<unknown>([...known.map(({ id }) => id), ...found.keys()]);
  return [...ids].map((id, i) => {
    const item = newItem(entry.number, 'survey', i + 1, idOf(id));
    const outcome = found.get(id);
    if (outcome === 'answered') return inDocument(item);
    if (outcome !== undefined) return failed(item, outcome);
    const isAnswered = known.some((one) => one.id === id && one.isAnswered);
    return isAnswered ? failed(item, 'notDelivered') : absent(item, 'notAnswered');
  });
}

/** What the source's language model wrote about the conversation. Nothing else tells whether it did. */
export async function exportSummary(from: TextSource): Promise<Item[]> {
  const { services, entry } = from;
  if (!services.settings.export.summaries) return [];
  const item = newItem(entry.number, 'summary', 1, null);
  const summary = await services.source.summary(entry.conversation.conversationId);
  if (summary === null || !hasSummary(summary)) return [absent(item, 'noSummary')];
  if (isWithheld(from, 'summary')) return [withheld(item, 'rightsOfOthers')];
  return orFailed(item, from.sanitiser, async () => {
    from.documents.summary = await maskDocument(from.sanitiser, summary, 'summary');
    return [inDocument(item)];
  });
}

/** Attributes of a conversation that only flows for secure data may read, where the company exports them. */
export async function exportSecureAttributes(from: TextSource): Promise<Item[]> {
  const { services, entry } = from;
  if (!services.settings.export.secureAttributes) return [];
  const item = newItem(entry.number, 'secureAttributes', 1, null);
  const attributes = await services.source.secureAttributes(entry.conversation.conversationId);
  if (attributes === null || Object.keys(attributes).length === 0)
    return [absent(item, 'noSecureAttributes')];
  return orFailed(item, from.sanitiser, async () => {
    from.documents.secureAttributes = await maskDocument(
      from.sanitiser,
      attributes,
      'secureAttributes',
    );
    return [inDocument(item)];
  });
}

/**
 * Evaluations of how agents have handled the conversation, where the company exports them. Analytics tells
 * which there are (AnalyticsConversation, `evaluations`); one that the source does not deliver has failed.
 */
export async function exportEvaluations(from: TextSource): Promise<Item[]> {
  const { services, entry } = from;
  if (!services.settings.export.evaluations) return [];
  const known = evaluationsOf(entry.conversation);
  if (known.length === 0) return [];
  const documents: unknown[] = [];
  const found = new Map<unknown, UnreadableReason | 'delivered'>();
  for (const evaluation of await services.source.evaluations(entry.conversation.conversationId)) {
    const read = await attemptToMask(from.sanitiser, evaluation, 'evaluations[]');
    if ('value' in read) documents.push(read.value);
    found.set(evaluation.id, 'problem' in read ? read.problem : 'delivered');
  }
  if (documents.length > 0) from.documents.evaluations = documents;
  return [...new Set<unknown>([...known, ...found.keys()])].map((id, i) => {
    const item = newItem(entry.number, 'evaluation', i + 1, idOf(id));
    const outcome = found.get(id) ?? 'notDelivered';
    return outcome === 'delivered' ? inDocument(item) : failed(item, outcome);
  });
}
