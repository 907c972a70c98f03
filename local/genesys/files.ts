import { timeIn } from './analytics-view';
import { renderAudio, renderChannel } from './audio';
import type { OrgConversation, Organisation, OrgRecording } from './organisation';
import { colleagueOf } from './staff';
import { transcriptDocument } from './transcript';

/** Mark of a file that lacks its sensitive passages. */
export const redactedMark = 'redacted';

export interface SimulatedFile {
  bytes: Buffer;
  type: string;
}

const file = (content: string | Buffer, type: string): SimulatedFile => ({
  bytes: Buffer.from(content),
  type,
});

/** What stands behind a pre-signed address: media, a transcript or an attachment; null for none. */
export function fileOf(
  conversation: OrgConversation,
  name: string,
  organisation: Organisation,
): SimulatedFile | null {
  const [id = '', ...marks] = name.split('.');
  const whole = conversation.recordings.find((r) => r.id === id);
  if (!whole) return attachmentOf(conversation, id);
  const isRedacted = marks[0] === redactedMark;
  const endings = marks.slice(isRedacted ? 1 : 0);
  // Another length and another beginning: what the sensitive passages were cut out of.
  const recording = isRedacted
    ? { ...whole, seconds: Math.max(1, Math.ceil(whole.seconds / 2)) }
    : whole;
  switch (endings.at(-1)) {
    case 'json':
      return file(
        JSON.stringify(transcriptDocument(conversation, recording, organisation)),
        'application/json',
      );
    case 'eml':
      return file(mailOf(conversation, recording, organisation), 'message/rfc822');
    case 'webm':
      return file(videoOf(conversation, recording), 'video/webm');
    case 'mp3':
    case 'wav': {
      const isMp3 = endings.at(-1) === 'mp3';
      const format = isMp3 ? 'MP3' : 'WAV';
      const isMono = recording.channels === 1;
      // A channel's number before the ending: one channel of several.
      const bytes =
        endings.length === 1 || isMono
          ? renderAudio(conversation, recording, format)
          : renderChannel(conversation, recording, { format, channel: Number(endings[0]) });
      return file(bytes, isMp3 ? 'audio/mpeg' : 'audio/wav');
    }
    default:
      return null;
  }
}

function attachmentOf(conversation: OrgConversation, id: string): SimulatedFile | null {
  const attachments = [
    ...conversation.emails.flatMap((email) => email.attachments),
    ...conversation.messages.flatMap((message) => message.attachment ?? []),
  ];
  const found = attachments.find((attachment) => attachment.id === id);
  return found ? file(found.text, found.contentType) : null;
}

/** A recorded email conversation: its first mail, with a header that names the recording. */
function mailOf(
  conversation: OrgConversation,
  recording: OrgRecording,
  organisation: Organisation,
): string {
  const [first] = conversation.emails;
  const colleague = colleagueOf(organisation, conversation);
  return [
    `From: ${conversation.address}`,
    `To: ${organisation.serviceMailbox}`,
    `Cc: ${colleague.name} <${colleague.mailbox}>`,
    `Subject: ${first?.subject ?? 'Recorded email'}`,
    `Date: ${new Date(timeIn(conversation, 0)).toUTCString()}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    `X-Recording: ${recording.id} owner ${conversation.ownerId}`,
    '',
    first?.text ?? '',
    '',
  ].join('\r\n');
}

/** The head of a WebM file and the ids it is known by. It cannot be played: it shows no picture. */
function videoOf(conversation: OrgConversation, recording: OrgRecording): Buffer {
  const head = Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex');
  const text = `recording ${recording.id} owner ${conversation.ownerId}`;
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(recording.seconds * 200, text)]);
}
