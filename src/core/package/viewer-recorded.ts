import { fields, list, text, type Fields } from './unknown-fields';
import type { Speaker, ViewerMessage } from './viewer-texts';

/** What the viewer shows of a chat or thread of messages that is kept as a recording. */

const speakers: Readonly<Record<string, Speaker>> = {
  customer: 'you',
  external: 'you',
  agent: 'agent',
  user: 'agent',
  internal: 'agent',
};
const speakerOf = (purpose: unknown): Speaker => speakers[text(purpose).toLowerCase()] ?? 'other';

/** Lines of a chat that somebody has written; the others say who came, went or typed (ChatMessage). */
const isWritten = ({ bodyType }: Fields): boolean =>
  bodyType === undefined || bodyType === 'STANDARD' || bodyType === 'NOTICE';

function chatLine(line: Fields): ViewerMessage {
  const from = speakerOf(line['participantPurpose'] ?? line['from']);
  const { displayName, name } = fields(line['user']);
  return {
    from,
    name: from === 'agent' ? text(displayName) || text(name) : '',
    at: text(line['utc']),
    text: text(line['body']),
    files: [],
  };
}

function threadLine(line: Fields): ViewerMessage {
  const from = speakerOf(line['purpose']);
  return {
    from,
    name: from === 'agent' ? text(fields(line['fromUser'])['name']) : '',
    at: text(line['timestamp']),
    text: text(line['messageText']),
    files: list(line['messageMediaAttachments']).map((one) => ({
      file: text(one['file']) || null,
      name: text(one['name']) || text(one['file']),
      type: text(one['mediaType']),
      size: typeof one['contentLength'] === 'number' ? one['contentLength'] : null,
    })),
  };
}

/**
 * The messages of a recorded chat (Recording, `transcript`) or thread (`messagingTranscript`).
 * @param document as it is written: masked, with the names of the files of its attachments
 */
export function recordedMessages(document: unknown): ViewerMessage[] {
  const { transcript, messagingTranscript } = fields(document);
  return [
    ...list(transcript).filter(isWritten).map(chatLine),
    ...list(messagingTranscript).map(threadLine),
  ].filter(({ text: words, files }) => words !== '' || files.length > 0);
}
