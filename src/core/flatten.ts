import { channelOf, type SourceConversation } from './conversation';

/** One line of `conversations.csv`. Durations are in seconds, times ISO 8601 in UTC. */
export interface ConversationRow {
  number: number;
  conversationId: string;
  date: string;
  time: string;
  start: string;
  end: string;
  durationSeconds: number | null;
  channel: string;
  direction: string;
  queue: string;
  agent: string;
  wrapUp: string;
  audioFiles: number;
  transcriptFiles: number;
  emails: number;
  messages: number;
  /** Attributes of participants that were left out by policy. */
  attributesWithheld: number;
}

export const conversationColumns = [
  'number',
  'conversationId',
  'date',
  'time',
  'start',
  'end',
  'durationSeconds',
  'channel',
  'direction',
  'queue',
  'agent',
  'wrapUp',
  'audioFiles',
  'transcriptFiles',
  'emails',
  'messages',
  'attributesWithheld',
] as const satisfies (keyof ConversationRow)[];

/** Names that the conversations API adds to what analytics reports. */
export interface ConversationDetails {
  participants?: {
    purpose?: string;
    name?: string;
    queueName?: string;
    wrapup?: { name?: string };
    messages?: { messages?: { messageId?: string }[] }[];
    [field: string]: unknown;
  }[];
  [field: string]: unknown;
}

/** A conversation as one flat row. Several queues or agents are joined by `; `. */
export function flattenConversation(
  number: number,
  conversation: SourceConversation,
  details: ConversationDetails | null,
  counts: Pick<
    ConversationRow,
    'audioFiles' | 'transcriptFiles' | 'emails' | 'messages' | 'attributesWithheld'
  >,
): ConversationRow {
  const start = conversation.conversationStart;
  const end = conversation.conversationEnd ?? '';
  const participants = details?.participants ?? [];
  const joined = (values: (string | undefined)[]): string =>
    [...new Set(values.filter((value) => value !== undefined && value !== ''))].join('; ');
  const codes = conversation.participants
    .flatMap((participant) => participant.sessions ?? [])
    .flatMap((session) => session.segments ?? [])
    .map((segment) => segment.wrapUpCode);
  const wrapUps = participants.map((participant) => participant.wrapup?.name);
  return {
    number,
    conversationId: conversation.conversationId,
    date: start.slice(0, 10),
    time: start.slice(11, 19),
    start,
    end,
    durationSeconds: end === '' ? null : Math.round((Date.parse(end) - Date.parse(start)) / 1000),
    channel: channelOf(conversation),
    direction: conversation.originatingDirection ?? '',
    queue: joined(participants.map((participant) => participant.queueName)),
    agent: joined(
      participants.filter(({ purpose }) => purpose === 'agent').map(({ name }) => name),
    ),
    wrapUp: joined(wrapUps.some(Boolean) ? wrapUps : codes),
    ...counts,
  };
}
