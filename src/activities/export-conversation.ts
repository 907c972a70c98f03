import { communicationIds, isRecorded } from '../core/conversation';
import { SourceError } from '../core/errors';
import { flattenConversation, type ConversationRow } from '../core/flatten';
import { conversationFolder, newItem, type Item } from '../core/items';
import type { EntryRecord } from '../ports';
import type { Environment } from './environment';
import type { PageConversation } from './plan-pages';

/** Where entries go. */
export interface EntryWriter {
  add(
    name: string,
    content: Buffer | AsyncIterable<Buffer>,
    compression: 'deflate' | 'store',
  ): Promise<EntryRecord>;
}

export interface ConversationExport {
  /** Items that changed. */
  items: Item[];
  row: ConversationRow | null;
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

const exported = (item: Item, entry: EntryRecord): Item => ({
  ...item,
  status: 'exported',
  reason: null,
  entry: entry.name,
  size: entry.size,
  sha256: entry.sha256,
});

/**
 * Writes what analytics and the conversations API know of a conversation, and its transcripts. What
 * was recorded is asked of `recordingmetadata`, which delivers nothing: those recordings become
 * expected items, whatever the delivering call says later.
 */
export async function exportDocuments(
  env: Environment,
  writer: EntryWriter,
  { number, conversation }: PageConversation,
  item: Item,
): Promise<ConversationExport> {
  const { source, settings } = env;
  const id = conversation.conversationId;
  const folder = conversationFolder(number);
  const details = await source.conversation(id);
  const listed = isRecorded(conversation) ? await source.listRecordings(id) : [];
  const recordings = listed.filter(({ media }) => media === 'audio');
  const audio = recordings.map(({ recordingId }, i) =>
    newItem(number, 'audio', i + 1, recordingId),
  );
  if (isRecorded(conversation) && listed.length === 0) {
    audio.push({ ...newItem(number, 'audio', 1, null), status: 'failed', reason: 'notListed' });
  }
  const transcripts =
    recordings.length > 0
      ? await exportTranscripts(env, writer, number, conversation, recordings)
      : [];
  const files = [
    ...audio.map(({ ordinal, sourceId }) => ({
      name: `audio-${ordinal}.${settings.audioFormat}`,
      recordingId: sourceId,
    })),
    ...transcripts.flatMap(({ status, ordinal, sourceId }) =>
      status === 'exported' ? [{ name: `transcript-${ordinal}.json`, recordingId: sourceId }] : [],
    ),
  ];
  const entry = await writer.add(
    `${folder}/conversation.json`,
    json({ number, conversation, details, files }),
    'deflate',
  );
  const counts = {
    audio: audio.length,
    transcripts: transcripts.filter(({ status }) => status === 'exported').length,
  };
  return {
    items: [exported(item, entry), ...audio, ...transcripts],
    row: flattenConversation(number, conversation, details, counts),
  };
}

/** One item for each recording: its transcript, or the statement that the source has none. */
async function exportTranscripts(
  { source }: Environment,
  writer: EntryWriter,
  number: number,
  conversation: PageConversation['conversation'],
  recordings: { recordingId: string }[],
): Promise<Item[]> {
  const urls = new Map<string, string>();
  for (const communicationId of communicationIds(conversation)) {
    const found = await source.transcriptUrls(conversation.conversationId, communicationId);
    for (const { recordingId, url } of found) urls.set(recordingId, url);
  }
  const wanted = [
    ...new Set([...recordings.map(({ recordingId }) => recordingId), ...urls.keys()]),
  ];
  const items: Item[] = [];
  for (const [i, recordingId] of wanted.entries()) {
    const item = newItem(number, 'transcript', i + 1, recordingId);
    const url = urls.get(recordingId);
    if (url === undefined) items.push({ ...item, status: 'absent', reason: 'noTranscript' });
    else {
      const name = `${conversationFolder(number)}/transcript-${i + 1}.json`;
      items.push(exported(item, await writer.add(name, source.download(url), 'deflate')));
    }
  }
  return items;
}

/**
 * Asks for a recording and, when it is ready, streams it into the package at once.
 * @param isLast what is not ready now is given up, and listed with the reason
 * @returns the item as it is now; unchanged when it is still being prepared
 */
export async function exportAudio(
  { source, settings }: Environment,
  writer: EntryWriter,
  conversationId: string,
  item: Item,
  isLast: boolean,
): Promise<Item> {
  const answer = await source.requestAudio(
    conversationId,
    item.sourceId ?? '',
    settings.audioFormat,
  );
  if (answer.kind === 'missing') return { ...item, status: 'failed', reason: 'notDelivered' };
  if (answer.kind === 'preparing') {
    return isLast ? { ...item, status: 'failed', reason: 'preparationTimedOut' } : item;
  }
  const name = `${conversationFolder(item.conversation)}/audio-${item.ordinal}.${settings.audioFormat}`;
  try {
    return exported(item, await writer.add(name, source.download(answer.url), 'store'));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return isLast ? { ...item, status: 'failed', reason: 'transferFailed' } : item;
  }
}
