/** Part of a session (AnalyticsConversationSegment). */
export interface SourceSegment {
  queueId?: string;
  wrapUpCode?: string;
  segmentType?: string;
  [field: string]: unknown;
}

export interface SourceSession {
  sessionId?: string;
  mediaType?: string;
  messageType?: string;
  direction?: string;
  ani?: string;
  dnis?: string;
  sessionDnis?: string;
  remote?: string;
  addressFrom?: string;
  addressTo?: string;
  callbackNumbers?: string[];
  recording?: boolean;
  segments?: SourceSegment[];
  [field: string]: unknown;
}

export interface SourceParticipant {
  participantId?: string;
  purpose?: string;
  externalContactId?: string;
  userId?: string;
  sessions?: SourceSession[];
  attributes?: Record<string, string>;
  [field: string]: unknown;
}

/**
 * A conversation as an analytics details job reports it (AnalyticsConversation of the Platform API),
 * with the fields that the app reads. Unknown fields are kept and exported.
 */
export interface SourceConversation {
  conversationId: string;
  conversationStart: string;
  conversationEnd?: string;
  originatingDirection?: string;
  participants: SourceParticipant[];
  surveys?: { surveyId?: string; surveyStatus?: string; surveyCompletedDate?: string }[];
  evaluations?: { evaluationId?: string; deleted?: boolean; [field: string]: unknown }[];
  [field: string]: unknown;
}

/** A conversation as the conversations API reports it: names that analytics does not have. */
export interface ConversationDetails {
  participants?: {
    purpose?: string;
    name?: string;
    userId?: string;
    queueId?: string;
    queueName?: string;
    wrapup?: { code?: string; name?: string };
    messages?: { messages?: { messageId?: string }[] }[];
    [field: string]: unknown;
  }[];
  [field: string]: unknown;
}

/** Participants outside the company. */
export const outsiders = (conversation: SourceConversation): SourceParticipant[] =>
  conversation.participants.filter(
    ({ purpose }) => purpose === 'customer' || purpose === 'external',
  );

const sessionsOf = (conversation: SourceConversation): SourceSession[] =>
  conversation.participants.flatMap((participant) => participant.sessions ?? []);

/** Channel of a conversation: the media type of the first session that has one. */
export const channelOf = (conversation: SourceConversation): string =>
  sessionsOf(conversation).find((session) => session.mediaType)?.mediaType ?? 'unknown';

/** All channels of a conversation. */
export const channelsOf = (conversation: SourceConversation): Set<string> =>
  new Set(sessionsOf(conversation).flatMap((session) => session.mediaType ?? []));

/** Surveys that belong to a conversation, and whether analytics says that they were answered. */
export const surveysOf = ({ surveys }: SourceConversation): { id: string; isAnswered: boolean }[] =>
  (surveys ?? []).flatMap(({ surveyId, surveyStatus, surveyCompletedDate }) => {
    if (surveyId === undefined) return [];
    const isAnswered = /^finished$/i.test(surveyStatus ?? '') || Boolean(surveyCompletedDate);
    return [{ id: surveyId, isAnswered }];
  });

/** Evaluations that belong to a conversation and were not deleted. */
export const evaluationsOf = ({ evaluations }: SourceConversation): string[] =>
  (evaluations ?? []).flatMap(({ evaluationId, deleted }) =>
    evaluationId === undefined || deleted === true ? [] : [evaluationId],
  );

/** Channels in which nothing is said, so that there is no audio of them. */
const writtenChannels: readonly string[] = ['chat', 'email', 'message', 'internalmessage'];

/**
 * Whether the source says that audio was recorded (AnalyticsSession, `recording`: "if an audio recording
 * was started or not"). It sets the flag of written channels as well, where it cannot mean that.
 */
export const isAudioRecorded = (conversation: SourceConversation): boolean =>
  sessionsOf(conversation).some(
    ({ recording, mediaType }) => recording === true && !writtenChannels.includes(mediaType ?? ''),
  );

/** Whether a voicemail was left. */
export const isVoicemail = ({ participants }: SourceConversation): boolean =>
  participants.some(({ purpose }) => purpose === 'voicemail');

/** Ids under which the source stores transcripts: the sessions of participants outside the company. */
export const communicationIds = (conversation: SourceConversation): string[] => [
  ...new Set(
    outsiders(conversation)
      .flatMap((participant) => participant.sessions ?? [])
      .flatMap((session) => session.sessionId ?? []),
  ),
];
