import { inTimeZone } from '../time/local-time';
import type { ConversationRow } from './conversation-row';
import { conversationFolder, type Item, type ItemKind } from './items';
import type { Glance } from './viewer-glance';
import { firstWords } from './viewer-glance';
import type { ViewerPerson } from './viewer-person';

/** How people speak of the channels of the source, and what else the viewer's list shows. */
export const viewerChannels = ['call', 'email', 'message', 'chat', 'other'] as const;
export type ViewerChannel = (typeof viewerChannels)[number];
export const personEntries = ['note', 'visit'] as const;
export type PersonEntry = (typeof personEntries)[number];
/** What a row of the list is of. */
export type RowKind = ViewerChannel | PersonEntry;

const channels: Readonly<Record<string, ViewerChannel>> = {
  voice: 'call',
  callback: 'call',
  video: 'call',
  email: 'email',
  message: 'message',
  internalmessage: 'message',
  chat: 'chat',
};

/** The channel of a conversation as people speak of it. @param medium as the source names it */
export const viewerChannel = (medium: string): ViewerChannel => channels[medium] ?? 'other';

/** A row of the viewer's list. What is empty is left out, because there may be many rows. */
export interface ViewerRow {
  /** Number of a conversation; `note-1` or `visit-1` for what is of the person. */
  id: string;
  kind: RowKind;
  /** When it began (ISO 8601). */
  at: string;
  /** Channel as the source names it, where that says more than the kind. */
  medium?: string;
  direction?: 'inbound' | 'outbound';
  queue?: string;
  agent?: string;
  wrapUp?: string;
  seconds?: number;
  subject?: string;
  words?: string;
  isSummary?: boolean;
  messages?: number;
  emails?: number;
  /** The viewer's scripts with its texts. */
  pages?: string[];
  files?: ViewerFile[];
  /** What is missing of it: kind and reason, joined by a colon. */
  gaps?: string[];
}

export interface ViewerFile {
  kind: ItemKind;
  /** Name in the folder of the conversation. */
  file: string;
  /** In bytes. */
  size: number;
  /** Id of the recording, which tells its transcript. */
  source?: string;
}

/** A conversation, with what the viewer's list shows besides. */
export interface RowFacts {
  row: ConversationRow;
  pages: readonly string[];
  glance: Glance | undefined;
}

/** What of a person's items a row names, by the numbers of their conversations. */
export interface RowItems {
  files: ReadonlyMap<number, ViewerFile[]>;
  gaps: ReadonlyMap<number, string[]>;
}

/** Files and gaps of conversations, each by the number of its conversation. */
export function rowItems(exported: readonly Item[], missing: readonly Item[]): RowItems {
  const files = new Map<number, ViewerFile[]>();
  const gaps = new Map<number, string[]>();
  for (const { conversation, kind, entry, size, sourceId } of exported) {
    const file = entry?.split('/').at(-1) ?? '';
    // The document of the conversation is there in any case.
    if (conversation === 0 || file === '' || file === 'conversation.json') continue;
    const own = files.get(conversation) ?? [];
    const source = kind === 'audio' && sourceId !== null ? { source: sourceId } : {};
    own.push({ kind, file, size: size ?? 0, ...source });
    files.set(conversation, own);
  }
  for (const { conversation, kind, reason } of missing) {
    const own = gaps.get(conversation) ?? [];
    const gap = gapCode(kind, reason);
    if (conversation !== 0 && !own.includes(gap)) own.push(gap);
    gaps.set(conversation, own);
  }
  return { files, gaps };
}

/** Kind and reason of what is missing, as rows name it. */
export const gapCode = (kind: ItemKind, reason: string | null): string =>
  `${kind}:${reason ?? 'unknown'}`;

/** The place of a file of a conversation in the package. */
export const fileOf = (row: Pick<ViewerRow, 'id'>, file: string): string =>
  `${conversationFolder(Number(row.id))}/${file}`;

const unlessEmpty = <K extends string, V>(key: K, value: V): Partial<Record<K, V>> => {
  const isEmpty =
    value === undefined || value === '' || value === 0 || value === null || value === false;
  const isNothing = Array.isArray(value) && value.length === 0;
  return isEmpty || isNothing ? {} : ({ [key]: value } as Record<K, V>);
};

const directionOf = (direction: string): ViewerRow['direction'] =>
  direction === 'inbound' || direction === 'outbound' ? direction : undefined;

/** The row of a conversation. */
export function viewerRow({ row, pages, glance }: RowFacts, { files, gaps }: RowItems): ViewerRow {
  const kind = viewerChannel(row.channel);
  return {
    id: String(row.number),
    kind,
    at: row.start,
    ...unlessEmpty('medium', row.channel === 'voice' || row.channel === kind ? '' : row.channel),
    ...unlessEmpty('direction', directionOf(row.direction)),
    ...unlessEmpty('queue', row.queue),
    ...unlessEmpty('agent', row.agent),
    ...unlessEmpty('wrapUp', row.wrapUp),
    ...unlessEmpty('seconds', row.durationSeconds ?? 0),
    ...unlessEmpty('subject', glance?.subject ?? ''),
    ...unlessEmpty('words', glance?.words ?? ''),
    ...unlessEmpty('isSummary', glance?.isSummary ?? false),
    ...unlessEmpty('messages', row.messages),
    ...unlessEmpty('emails', row.emails),
    ...unlessEmpty('pages', [...pages]),
    ...unlessEmpty('files', files.get(row.number) ?? []),
    ...unlessEmpty('gaps', gaps.get(row.number) ?? []),
  } as ViewerRow;
}

/** Rows of what is of the person and has a place in time. */
export const personRows = ({ notes, visits }: Pick<ViewerPerson, 'notes' | 'visits'>) => [
  ...notes.map(({ at, text, by }, i): ViewerRow => ({
    id: `note-${i + 1}`,
    kind: 'note',
    at,
    ...unlessEmpty('agent', by),
    ...unlessEmpty('words', firstWords(text)),
  })),
  ...visits.map(({ at, title, page }, i): ViewerRow => ({
    id: `visit-${i + 1}`,
    kind: 'visit',
    at,
    ...unlessEmpty('words', firstWords(title === '' ? page : title)),
  })),
];

/** The number in an id; that of a conversation grows with its time. */
const numberIn = (id: string): number => Number(/\d+$/.exec(id)?.[0] ?? 0);
const timeOf = (at: string): number => {
  const time = Date.parse(at);
  return Number.isNaN(time) ? -Infinity : time;
};

/** Something with a place in the list. */
export interface Placed {
  id: string;
  at: string;
}

/** The same in the order of the list: the newest first. */
export function newestFirst<T extends Placed>(given: readonly T[]): T[] {
  return given
    .map((one) => ({ one, time: timeOf(one.at), number: numberIn(one.id) }))
    .sort((a, b) => b.time - a.time || b.number - a.number)
    .map(({ one }) => one);
}

/** Rows of a script of rows. */
export const rowsOfPage = 1000;

/** How many rows there are of each kind in a month or week, which is named by its first day. */
export interface PeriodCount {
  /** `2026-11-01`; empty where the time is not known. */
  start: string;
  counts: Partial<Record<RowKind, number>>;
}

/** The day in a time zone as `2026-11-14`; empty where the time is not known. */
export const localDay = (at: string, timeZone: string): string =>
  inTimeZone(at, timeZone).slice(0, 10);

/** First day of the month of a day. */
export const monthOf = (day: string): string => (day === '' ? '' : `${day.slice(0, 7)}-01`);

/** The Monday of the week of a day (ISO 8601). */
export function weekOf(day: string): string {
  if (day === '') return '';
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** Counts of what is in each period, in the order of the list: the newest first. */
export function countPeriods(
  placed: Iterable<{ kind: RowKind; day: string }>,
  periodOf: (day: string) => string,
): PeriodCount[] {
  const periods = new Map<string, PeriodCount['counts']>();
  for (const { kind, day } of placed) {
    const start = periodOf(day);
    const counts = periods.get(start) ?? {};
    counts[kind] = (counts[kind] ?? 0) + 1;
    periods.set(start, counts);
  }
  return [...periods]
    .map(([start, counts]) => ({ start, counts }))
    .sort((a, b) => (a.start < b.start ? 1 : -1));
}
