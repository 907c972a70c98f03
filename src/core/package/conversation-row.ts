import { channelOf, type SourceConversation } from '../genesys/conversation';
import { inTimeZone } from '../time/local-time';

/** Names by id, of what the source names in one place and gives the bare id of in another. */
export type Names = Record<string, string>;

/** A conversation as it was collected: its row, and what names are missing in it or known by it. */
export interface CollectedRow {
  row: ConversationRow;
  /** Ids of queues, agents and wrap-up codes, in the order of the conversation. */
  ids: { queue: string[]; agent: string[]; wrapUp: string[] };
  names: Names;
  /** The viewer's script with its texts. */
  page: string;
}

/**
 * Rows with the names that other conversations know: of one whose details are gone the source tells
 * ids only. An id that nothing names stays an id.
 */
export function nameRows(collected: Omit<CollectedRow, 'page'>[]): ConversationRow[] {
  const names: Names = {};
  for (const one of collected) Object.assign(names, one.names);
  const named = (text: string, ids: string[]): string =>
    text === '' ? joined(ids.map((id) => names[id] ?? id)) : text;
  return collected.map(({ row, ids }) => ({
    ...row,
    queue: named(row.queue, ids.queue),
    agent: named(row.agent, ids.agent),
    wrapUp: named(row.wrapUp, ids.wrapUp),
  }));
}

const joined = (values: (string | null | undefined)[]): string =>
  [...new Set(values.filter(Boolean))].join('; ');

/** One line of `conversations.csv`; `tables.ts` says what stands in each column. */
export interface ConversationRow {
  number: number;
  conversationId: string;
  date: string;
  time: string;
  start: string;
  end: string;
  startLocal: string;
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
  timeZone: string;
}

/** Names that the conversations API adds to what analytics reports. */
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

/** A conversation as one flat row, with what it names and what it leaves unnamed. Several queues or agents are joined by `; `. */
export function flattenConversation(
  number: number,
  conversation: SourceConversation,
  details: ConversationDetails | null,
  counts: Pick<
    ConversationRow,
    'audioFiles' | 'transcriptFiles' | 'emails' | 'messages' | 'attributesWithheld'
  >,
  timeZone: string,
): Omit<CollectedRow, 'page'> {
  const start = conversation.conversationStart;
  const end = conversation.conversationEnd ?? '';
  const participants = details?.participants ?? [];
  const agents = participants.filter(({ purpose }) => purpose === 'agent');
  const segments = conversation.participants
    .flatMap((participant) => participant.sessions ?? [])
    .flatMap((session) => session.segments ?? []);
  const known = [
    ...participants.map(({ queueId, queueName }) => [queueId, queueName]),
    ...agents.map(({ userId, name }) => [userId, name]),
    ...participants.map(({ wrapup }) => [wrapup?.code, wrapup?.name]),
  ];
  const row = {
    number,
    conversationId: conversation.conversationId,
    date: start.slice(0, 10),
    time: start.slice(11, 19),
    start,
    end,
    startLocal: inTimeZone(start, timeZone),
    durationSeconds: end === '' ? null : Math.round((Date.parse(end) - Date.parse(start)) / 1000),
    channel: channelOf(conversation),
    direction: conversation.originatingDirection ?? '',
    queue: joined(participants.map((participant) => participant.queueName)),
    agent: joined(agents.map(({ name }) => name)),
    wrapUp: joined(participants.map(({ wrapup }) => wrapup?.name)),
    ...counts,
    timeZone,
  };
  const ids = (values: (string | undefined)[]): string[] => [
    ...new Set(values.flatMap((value) => value ?? [])),
  ];
  return {
    row,
    ids: {
      queue: ids(segments.map(({ queueId }) => queueId)),
      agent: ids(conversation.participants.map(({ userId }) => userId)),
      wrapUp: ids(segments.map(({ wrapUpCode }) => wrapUpCode)),
    },
    names: Object.fromEntries(known.filter(([id, name]) => Boolean(id) && Boolean(name))) as Names,
  };
}
