import type { RowKind, ViewerFile, ViewerRow } from '../../core/package/viewer-rows';
import { firstWords } from '../../core/package/viewer-glance';
import type { IconName } from '../shared/icons';
import type { Words } from '../shared/words';
import { namesIn, type Naming } from './context';

/** How a row is called and described. */

export const iconOf: Readonly<Record<RowKind, IconName>> = {
  call: 'call',
  email: 'email',
  message: 'message',
  chat: 'chat',
  other: 'people',
  note: 'note',
  visit: 'visit',
};

/** What a row is called: "Call with Orders", the subject of an email, "Note by staff". */
export function titleOf(row: ViewerRow, { t }: Words, { plain }: Naming): string {
  if (row.subject !== undefined) return plain(row.subject);
  if (row.kind === 'note' || row.kind === 'visit') return t(`viewer.titles.${row.kind}`);
  const name = row.medium === 'callback' ? 'callback' : row.kind;
  const [queue] = namesIn(row.queue);
  return queue === undefined
    ? t(`viewer.titles.${name}`)
    : t(`viewer.titles.${name}With`, { queue: plain(queue) });
}

/** Endings of pictures, sounds and videos that browsers show. */
const shown: Readonly<Record<string, 'picture' | 'sound' | 'video'>> = {
  ...{ png: 'picture', jpg: 'picture', jpeg: 'picture', gif: 'picture', webp: 'picture' },
  ...{ mp3: 'sound', wav: 'sound', ogg: 'sound', opus: 'sound', m4a: 'sound' },
  ...{ mp4: 'video', webm: 'video' },
};

/** What a browser can show of a file by its ending; everything else is only saved. */
export const showsAs = (file: string): 'picture' | 'sound' | 'video' | 'file' =>
  shown[file.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'file';

const attachmentKinds: readonly string[] = ['attachment', 'recordedAttachment'];

/** Files that somebody has sent. */
export const attachmentsOf = ({ files = [] }: ViewerRow): ViewerFile[] =>
  files.filter(({ kind }) => attachmentKinds.includes(kind));

/** How many messages and files there are, in words. */
export function countsOf(row: ViewerRow, { t }: Words): string[] {
  const counted = (key: string, count: number): string[] =>
    count === 0 ? [] : [t(`viewer.counts.${key}`, { count })];
  const sent = attachmentsOf(row);
  const pictures = sent.filter(({ file }) => showsAs(file) === 'picture').length;
  return [
    ...counted('messages', row.messages ?? 0),
    ...counted('emails', row.kind === 'email' && (row.emails ?? 0) > 1 ? (row.emails ?? 0) : 0),
    ...counted('pictures', pictures),
    ...counted('files', sent.length - pictures),
  ];
}

/** How somebody was reached, and how long it took: "Incoming, 46 seconds". */
function reachedBy(row: ViewerRow, { t, duration }: Words): string[] {
  if (row.kind !== 'call') return [];
  return [
    ...(row.direction === undefined ? [] : [t(`viewer.${row.direction}`)]),
    ...(row.seconds === undefined ? [] : [duration(row.seconds)]),
  ];
}

/** Letters of a message that are quoted: what was sent with it has a place behind them. */
const quotedLetters = 48;

/** The line below the name of a row. */
export function lineOf(row: ViewerRow, words: Words, { plain }: Naming): string {
  const said = row.words === undefined ? '' : plain(row.words);
  const isQuoted = row.isSummary !== true && (row.kind === 'message' || row.kind === 'chat');
  const quoted =
    said !== '' && isQuoted
      ? words.t('viewer.quoted', { words: firstWords(said, quotedLetters) })
      : said;
  const facts = [...reachedBy(row, words), ...countsOf(row, words)].join(', ');
  const parts = row.kind === 'call' ? [facts, quoted] : [quoted, facts];
  return parts.filter(Boolean).join(row.kind === 'call' ? '. ' : ' ');
}
