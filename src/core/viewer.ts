import type { ConversationRow } from './flatten';
import type { Item, ItemKind } from './items';
import { cuesOf, type Cue, type SourceTranscript } from './webvtt';

/**
 * What the package's viewer shows, as data for a page that is opened from disk: script files, because
 * a page there may read nothing else.
 */
export interface ViewerIndex {
  controller: string;
  locale: string;
  sentences: string[];
  rows: ViewerRow[];
}

export interface ViewerRow {
  row: ConversationRow;
  /** Script that holds what was written in it. */
  page: string;
  files: { kind: ItemKind; file: string; sourceId: string | null }[];
}

/** What was written in a conversation. */
export interface ViewerTexts {
  number: number;
  transcripts: { recordingId: string; cues: Cue[] }[];
  messages: { from: string; at: string; text: string }[];
  emails: { from: string; to: string; subject: string; at: string; text: string; html: string }[];
  summary: string;
}

interface WrittenDocuments {
  transcripts?: { recordingId: string; transcript: SourceTranscript }[];
  emails?: unknown[];
  messages?: unknown[];
  summary?: unknown;
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields =>
  value !== null && typeof value === 'object' ? (value as Fields) : {};
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const mailbox = (value: unknown): string => text(fields(value)['email']);

/** The texts of a conversation as the viewer shows them. */
export function viewerTexts(number: number, documents: WrittenDocuments): ViewerTexts {
  return {
    number,
    transcripts: (documents.transcripts ?? []).map(({ recordingId, transcript }) => ({
      recordingId,
      cues: cuesOf(transcript),
    })),
    messages: (documents.messages ?? []).map(fields).map((message) => ({
      from: text(message['direction']),
      at: text(message['timestamp']),
      text: text(fields(message['normalizedMessage'])['text']),
    })),
    emails: (documents.emails ?? []).map(fields).map((email) => ({
      from: mailbox(email['from']),
      to: Array.isArray(email['to']) ? email['to'].map(mailbox).join(', ') : '',
      subject: text(email['subject']),
      at: text(email['time']),
      text: text(email['textBody']),
      html: text(email['htmlBody']),
    })),
    summary: text(fields(fields(documents.summary)['summary'])['text']),
  };
}

/** A script that hands a value to the viewer. JSON is a part of JavaScript (ECMA-262, since 2019). */
export const viewerScript = (key: string, value: unknown): string =>
  `(globalThis.viewerData??={})[${JSON.stringify(key)}]=${JSON.stringify(value)};\n`;

/** Rows of the index: each conversation with its files. */
export function viewerRows(
  rows: readonly { row: ConversationRow; page: string }[],
  exported: readonly Item[],
): ViewerRow[] {
  const files = new Map<number, ViewerRow['files']>();
  for (const { conversation, kind, entry, sourceId } of exported) {
    if (conversation === 0 || entry === null) continue;
    const own = files.get(conversation) ?? [];
    own.push({ kind, file: entry, sourceId });
    files.set(conversation, own);
  }
  return rows.map(({ row, page }) => ({ row, page, files: files.get(row.number) ?? [] }));
}
