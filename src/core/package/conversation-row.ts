import {
  channelOf,
  type ConversationDetails,
  type SourceConversation,
} from '../genesys/conversation';
import { inTimeZone } from '../time/local-time';
import type { Glance } from './viewer-glance';

/** A row of `conversations.csv`; `csv-columns.ts` describes each column. */
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
  /** Participant attributes that policy withheld. */
  attributesWithheld: number;
  timeZone: string;
}

/** Names by id: the source names an entity in one place and gives its bare id in another. */
export type Names = Record<string, string>;

/** The row of a conversation, with the ids that it could not name and the names that it knows. */
export interface CollectedRow {
  row: ConversationRow;
  /** Ids of queues, agents and wrap-up codes, in the order of the conversation. */
  ids: { queue: string[]; agent: string[]; wrapUp: string[] };
  names: Names;
  /** The viewer's script with its texts. */
  page: string;
  /** What the viewer's list shows of its texts. */
  glance: Glance;
}

/** A conversation of which a recorded chat or thread was written later than its row. */
export interface RecordedRow {
  number: number;
  /** The viewer's script with its texts. */
  page: string;
  /** First words of it. */
  words: string;
}

/** What a row says beside what the source says of the conversation. */
export interface RowContext {
  /** Number of the conversation in the package. */
  number: number;
  timeZone: string;
  counts: Pick<
    ConversationRow,
    'audioFiles' | 'transcriptFiles' | 'emails' | 'messages' | 'attributesWithheld'
  >;
}

/**
 * Flattens a conversation to a row. Several queues or agents are joined by `; `.
 * @param details null when the source has deleted them
 */
export function flattenConversation(
  conversation: SourceConversation,
  details: ConversationDetails | null,
  { number, timeZone, counts }: RowContext,
): Omit<CollectedRow, 'page' | 'glance'> {
  const start = conversation.conversationStart;
  const end = conversation.conversationEnd ?? '';
  const participants = details?.participants ?? [];
  const agents = participants.filter(({ purpose }) => purpose === 'agent');
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
  return { row, ids: idsIn(conversation), names: namesIn(participants) };
}

function idsIn({ participants }: SourceConversation): CollectedRow['ids'] {
  const segments = participants
    .flatMap((participant) => participant.sessions ?? [])
    .flatMap((session) => session.segments ?? []);
  const distinct = (values: (string | undefined)[]): string[] => [
    ...new Set(values.flatMap((value) => value ?? [])),
  ];
  return {
    queue: distinct(segments.map(({ queueId }) => queueId)),
    agent: distinct(participants.map(({ userId }) => userId)),
    wrapUp: distinct(segments.map(({ wrapUpCode }) => wrapUpCode)),
  };
}

function namesIn(participants: NonNullable<ConversationDetails['participants']>): Names {
  const agents = participants.filter(({ purpose }) => purpose === 'agent');
  const known = [
    ...participants.map(({ queueId, queueName }) => [queueId, queueName]),
    ...agents.map(({ userId, name }) => [userId, name]),
    ...participants.map(({ wrapup }) => [wrapup?.code, wrapup?.name]),
  ];
  return Object.fromEntries(known.filter(([id, name]) => Boolean(id) && Boolean(name))) as Names;
}

/**
 * Rows with the names that other conversations know: of a conversation whose details are deleted, the
 * source gives ids only. An id that nothing names stays an id.
 */
export function nameRows(collected: Omit<CollectedRow, 'page' | 'glance'>[]): ConversationRow[] {
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
