/**
 * Conversations as an analytics details job reports them (AnalyticsConversation of the Platform
 * API), reduced to the fields that this product reads. Unknown fields are kept and exported.
 */
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

export interface SourceConversation {
  conversationId: string;
  conversationStart: string;
  conversationEnd?: string;
  originatingDirection?: string;
  participants: SourceParticipant[];
  surveys?: { surveyId?: string; surveyStatus?: string }[];
  [field: string]: unknown;
}

/** Participants that stand for people outside the company. */
export const outsiders = (conversation: SourceConversation): SourceParticipant[] =>
  conversation.participants.filter(
    ({ purpose }) => purpose === 'customer' || purpose === 'external',
  );

const sessionsOf = (conversation: SourceConversation): SourceSession[] =>
  conversation.participants.flatMap((participant) => participant.sessions ?? []);

/** Channel of a conversation: the media type of its first session that has one. */
export const channelOf = (conversation: SourceConversation): string =>
  sessionsOf(conversation).find((session) => session.mediaType)?.mediaType ?? 'unknown';

/** Every channel that a conversation went through. */
export const channelsOf = (conversation: SourceConversation): Set<string> =>
  new Set(sessionsOf(conversation).flatMap((session) => session.mediaType ?? []));

/** Surveys that somebody has answered. */
export const answeredSurveys = (conversation: SourceConversation): string[] =>
  (conversation.surveys ?? []).flatMap(({ surveyId, surveyStatus }) =>
    surveyId !== undefined && surveyStatus === 'Finished' ? [surveyId] : [],
  );

/** Whether the source says that something of the conversation was recorded. */
export const isRecorded = (conversation: SourceConversation): boolean =>
  sessionsOf(conversation).some((session) => session.recording === true);

/** Whether somebody left a voicemail in the conversation. */
export const isVoicemail = ({ participants }: SourceConversation): boolean =>
  participants.some(({ purpose }) => purpose === 'voicemail');

/** Ids under which transcripts are kept: the sessions of the people outside. */
export const communicationIds = (conversation: SourceConversation): string[] => [
  ...new Set(
    outsiders(conversation)
      .flatMap((participant) => participant.sessions ?? [])
      .flatMap((session) => session.sessionId ?? []),
  ),
];
