import { endOf, timeIn } from '../analytics-view';
import { redactedMark } from '../files';
import { notFound } from '../operation';
import type { OrgConversation, OrgRecording } from '../organisation';
import { agentOf } from '../staff';
import type { SimulatorState } from '../state';

const renderable = { WAV: 'wav', MP3: 'mp3' } as const;

export function conversationOf(state: SimulatorState, id: string | undefined): OrgConversation {
  const conversation = state.conversation(id ?? '');
  if (!conversation) {
    throw notFound(
      'A conversation for the provided conversationId was not found.',
      'conversation.not.found',
    );
  }
  return conversation;
}

/** Whether the client is shown a recording without its sensitive passages, or not at all. */
const isRedacted = (state: SimulatorState, { isSensitive }: OrgRecording): boolean =>
  isSensitive && state.lacks('recording:recording:viewSensitiveData');

/** Recordings that a batch hands over. What the client may not see is left out, and nothing says so. */
export const inBatches = (state: SimulatorState, { recordings }: OrgConversation): OrgRecording[] =>
  recordings.filter((recording) => !isRedacted(state, recording));

/** Where a recording's media is: one that is archived comes back some time after it was asked for. */
export function fileStateOf(state: SimulatorState, recording: OrgRecording, now: Date): string {
  const asked = state.restorations.get(recording.id);
  if (recording.fileState !== 'ARCHIVED' || asked === undefined) return recording.fileState;
  return now.getTime() - asked < state.settings.restoreDuration ? 'RESTORING' : 'RESTORED';
}

export function metadata(
  state: SimulatorState,
  conversation: OrgConversation,
  recording: OrgRecording,
  now: Date,
): Record<string, unknown> {
  return {
    id: recording.id,
    conversationId: conversation.id,
    // Known for screens alone (RecordingMetadata of the API document: null for others).
    ...(recording.media === 'screen'
      ? { startTime: conversation.start, endTime: endOf(conversation) }
      : {}),
    media: recording.media,
    ...(recording.media === 'audio' ? { mediaSubtype: 'Trunk' } : {}),
    ...(recording.media === 'screen' ? { mediaSubtype: 'Screen' } : {}),
    fileState: fileStateOf(state, recording, now),
    sessionId: conversation.communicationId,
    selfUri: `/api/v2/conversations/${conversation.id}/recordings/${recording.id}`,
  };
}

/** Whether a recording is ready in a format; asking for it is what starts its transcoding. */
export function isTranscoded(
  state: SimulatorState,
  recording: OrgRecording,
  format: string,
  now: Date,
): boolean {
  const key = `${recording.id}/${format}`;
  const started = state.transcodes.get(key) ?? now.getTime();
  state.transcodes.set(key, started);
  if (state.settings.stuckRecordings.includes(recording.id)) return false;
  return now.getTime() - started >= state.settings.transcodeDuration;
}

interface Formats {
  formatId: string;
  emailFormatId: string;
  download: boolean;
}

/** Files of a recording, by the key under which the API shows them; each is a name's ending. */
function filesOf(recording: OrgRecording, formats: Formats): Record<string, string> {
  switch (recording.media) {
    case 'audio': {
      const { formatId, download } = formats;
      const extension =
        formatId in renderable ? renderable[formatId as keyof typeof renderable] : null;
      if (extension === null) return {};
      if (download) return { S: `.${extension}` };
      const channels = Array.from({ length: recording.channels }, (_, channel) => String(channel));
      return Object.fromEntries(channels.map((channel) => [channel, `.${channel}.${extension}`]));
    }
    case 'screen':
      return { '0': '.webm' };
    case 'email':
      return formats.emailFormatId === 'EML' ? { '0': '.eml' } : {};
    case 'chat':
    case 'messaging':
      return {};
  }
}

export interface Context {
  state: SimulatorState;
  origin: string;
  now: Date;
}

/** What was written, for recordings of texts. */
function textsOf(
  { state, origin, now }: Context,
  conversation: OrgConversation,
  recording: OrgRecording,
): Record<string, unknown> {
  const { id, name } = agentOf(state.organisation, conversation);
  const user = { id, name };
  if (recording.media === 'chat') {
    const line = (from: 'customer' | 'agent', body: string, at: number) => ({
      id: `${recording.id}-${at}`,
      bodyType: 'STANDARD',
      body,
      from,
      participantPurpose: from,
      ...(from === 'agent' ? { user: { ...user, displayName: user.name } } : {}),
      utc: timeIn(conversation, at),
    });
    const text = `Hello, is my order ready? [recording ${recording.id} owner ${conversation.ownerId}]`;
    return {
      transcript: [line('customer', text, 0), line('agent', `Yes, it is. ${user.name}`, 5)],
    };
  }
  if (recording.media !== 'messaging') return {};
  return {
    messagingTranscript: conversation.messages.map((message) => ({
      id: message.id,
      from: message.from === 'customer' ? conversation.address : state.organisation.serviceNumber,
      to: message.from === 'customer' ? state.organisation.serviceNumber : conversation.address,
      timestamp: timeIn(conversation, message.at),
      messageText: message.text,
      ...(message.attachment
        ? {
            messageMediaAttachments: [
              {
                id: message.attachment.id,
                name: message.attachment.name,
                mediaType: message.attachment.contentType,
                contentLength: Buffer.byteLength(message.attachment.text),
                url: `${origin}${state.sign(`/attachments/${conversation.id}/${message.attachment.id}`, now)}`,
              },
            ],
          }
        : {}),
      purpose: message.from,
      ...(message.from === 'agent' ? { fromUser: { ...user, version: 1 } } : {}),
    })),
  };
}

/** A recording with addresses of its media: one merged file for a download, else one a channel. */
export function withMedia(
  { state, origin, now }: Context,
  conversation: OrgConversation,
  recording: OrgRecording,
  formats: Formats,
): Record<string, unknown> {
  const mark = isRedacted(state, recording) ? `.${redactedMark}` : '';
  const uris = Object.entries(filesOf(recording, formats)).map(([key, ending]) => {
    const path = `/media/${conversation.id}/${recording.id}${mark}${ending}`;
    return [key, { mediaUri: `${origin}${state.sign(path, now)}` }] as const;
  });
  return {
    ...metadata(state, conversation, recording, now),
    ...textsOf({ state, origin, now }, conversation, recording),
    startTime: conversation.start,
    endTime:
      recording.media === 'audio' ? timeIn(conversation, recording.seconds) : endOf(conversation),
    ...(uris.length === 0 ? {} : { mediaUris: Object.fromEntries(uris) }),
    estimatedTranscodeTimeMs: state.settings.transcodeDuration,
    actualTranscodeTimeMs: state.settings.transcodeDuration,
    outputDurationMs: recording.seconds * 1000,
  };
}

/** Recordings whose media is not at hand: the API shows them without addresses. */
export const unavailableStates: readonly string[] = [
  'ARCHIVED',
  'RESTORING',
  'DELETED',
  'UPLOADING',
  'ERROR',
];
