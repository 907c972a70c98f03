import type { Statement } from './availability-report';
import type { ConversationRow } from './conversation-row';
import type { Item, ItemKind } from './items';
import { cuesOf, type Cue, type SourceTranscript } from './webvtt';

/**
 * What the package's viewer shows, as data for a page that is opened from disk: script files, because
 * a page there may read nothing else.
 */
export interface ViewerIndex {
  controller: string;
  locale: string;
  /** Where the public keys of the signature can be read. */
  keysAddress: string;
  statements: Statement[];
  rows: ViewerRow[];
  person: ViewerPerson;
  /** Files of the person that are of no conversation. */
  files: string[];
}

export interface ViewerRow {
  row: ConversationRow;
  /** Script that holds what was written in it. */
  page: string;
  files: { kind: ItemKind; file: string; sourceId: string | null }[];
}

/** What is of the person and has a time of its own. */
export interface ViewerPerson {
  notes: { at: string; text: string }[];
  visits: { at: string; page: string; device: string; searchTerms: string }[];
}

/** What was written in a conversation. */
export interface ViewerTexts {
  number: number;
  transcripts: { recordingId: string; cues: Cue[] }[];
  messages: { from: string; at: string; text: string }[];
  emails: { from: string; to: string; subject: string; at: string; text: string; html: string }[];
  surveys: { name: string; at: string; score: string; answers: string[] }[];
  summary: string;
}

interface WrittenDocuments {
  transcripts?: { recordingId: string; transcript: SourceTranscript }[];
  emails?: unknown[];
  messages?: unknown[];
  surveys?: unknown[];
  summary?: unknown;
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields =>
  value !== null && typeof value === 'object' ? (value as Fields) : {};
const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fields) : []);
const mailbox = (value: unknown): string => text(fields(value)['email']);
const joined = (values: unknown[]): string =>
  values
    .map(text)
    .filter((one) => one !== '')
    .join(', ');

function surveyView(survey: Fields): ViewerTexts['surveys'][number] {
  const answers = fields(survey['answers']);
  const scores = list(answers['questionGroupScores']).flatMap((group) =>
    list(group['questionScores']),
  );
  return {
    name: text(fields(survey['surveyForm'])['name']),
    at: text(survey['completedDate']),
    score: text(answers['npsScore']) || text(answers['totalScore']),
    answers: scores
      .flatMap((one) => [text(one['npsTextAnswer']), text(one['freeTextAnswer'])])
      .filter((answer) => answer !== ''),
  };
}

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
    surveys: (documents.surveys ?? []).map(fields).map(surveyView),
    summary: text(fields(fields(documents.summary)['summary'])['text']),
  };
}

/** Notes and visits as the viewer shows them. */
export const viewerPerson = (
  notes: readonly unknown[],
  visits: readonly unknown[],
): ViewerPerson => ({
  notes: notes.map(fields).map((note) => ({
    at: text(note['createDate']),
    text: text(note['noteText']),
  })),
  visits: visits.map(fields).map((visit) => ({
    at: text(visit['createdDate']),
    page: text(fields(visit['lastPage'])['url']),
    device: joined([fields(visit['device'])['type'], fields(visit['browser'])['family']]),
    searchTerms: Array.isArray(visit['searchTerms']) ? joined(visit['searchTerms']) : '',
  })),
});

/** A script that hands a value to the viewer. JSON is a part of JavaScript (ECMA-262, since 2019). */
export const viewerScript = (key: string, value: unknown): string =>
  `${scriptHead(key)}${JSON.stringify(value)};\n`;

const scriptHead = (key: string): string => `(globalThis.viewerData??={})[${JSON.stringify(key)}]=`;

/**
 * The value that a script hands over, for who reads the script as a file.
 * @throws SyntaxError when it is another script
 */
export function viewerValue(key: string, script: string): unknown {
  const head = scriptHead(key);
  if (!script.startsWith(head)) throw new SyntaxError(`This is not the script of ${key}.`);
  return JSON.parse(script.slice(head.length, script.lastIndexOf(';')));
}

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
