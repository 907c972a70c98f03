import type { ConversationRow } from './conversation-row';

/** A column of a table, as in Table Schema. */
export interface Column<Name extends string = string> {
  name: Name;
  type: 'string' | 'integer' | 'date' | 'time' | 'datetime';
  description: string;
}

/** Columns of `conversations.csv`, in order. */
export const conversationColumns: readonly Column<keyof ConversationRow>[] = [
  { name: 'number', type: 'integer', description: 'Number of the conversation in this package' },
  {
    name: 'conversationId',
    type: 'string',
    description: 'Id of the conversation in Genesys Cloud',
  },
  { name: 'date', type: 'date', description: 'Date on which it began, in UTC' },
  { name: 'time', type: 'time', description: 'Time at which it began, in UTC' },
  { name: 'start', type: 'datetime', description: 'When it began (ISO 8601 with offset)' },
  { name: 'end', type: 'datetime', description: 'When it ended (ISO 8601 with offset)' },
  {
    name: 'startLocal',
    type: 'datetime',
    description: 'When it began, in the time zone of the last column (ISO 8601 with offset)',
  },
  { name: 'durationSeconds', type: 'integer', description: 'Duration in seconds' },
  {
    name: 'channel',
    type: 'string',
    description: 'Channel: voice, callback, email, message, chat …',
  },
  {
    name: 'direction',
    type: 'string',
    description: 'Who started it: inbound means the person did',
  },
  { name: 'queue', type: 'string', description: 'Queues that it went through, joined by "; "' },
  { name: 'agent', type: 'string', description: 'Agents who took part, joined by "; "' },
  { name: 'wrapUp', type: 'string', description: 'Wrap-up codes of the agents' },
  { name: 'audioFiles', type: 'integer', description: 'Audio recordings in this package' },
  { name: 'transcriptFiles', type: 'integer', description: 'Transcripts in this package' },
  { name: 'emails', type: 'integer', description: 'Emails in this package' },
  { name: 'messages', type: 'integer', description: 'Messages in this package' },
  {
    name: 'attributesWithheld',
    type: 'integer',
    description: 'Participant attributes that policy withheld',
  },
  { name: 'timeZone', type: 'string', description: 'Time zone of startLocal (IANA)' },
];

/** What begins a formula in a spreadsheet (OWASP, CSV injection). */
const formulaSigns = '=+\\-@\\t\\r\\n＝＋－＠|%';
const formula = new RegExp(`^\\s*[${formulaSigns}]`);
/** What would begin one if the spreadsheet divided the cell at a separator that is not the file's. */
const innerFormula = new RegExp(`(?!\\s)(?=[${formulaSigns}])(?<=[,;\\t\\r\\n]["'\\s]*)`, 'g');

/**
 * A value that is safe in a spreadsheet: text that would be a formula is prefixed with an apostrophe, as
 * is what would be one behind a separator.
 */
export function withoutFormula(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const safe = value.replaceAll(innerFormula, "'");
  return formula.test(safe) ? `'${safe}` : safe;
}
