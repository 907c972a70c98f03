import type { ConversationRow } from './conversation-row';

/** A column of a table, as the Table Schema of the package describes it. */
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
  { name: 'date', type: 'date', description: 'Day on which it began, in UTC' },
  { name: 'time', type: 'time', description: 'Time at which it began, in UTC' },
  { name: 'start', type: 'datetime', description: 'When it began (ISO 8601 with offset)' },
  { name: 'end', type: 'datetime', description: 'When it ended (ISO 8601 with offset)' },
  {
    name: 'startLocal',
    type: 'datetime',
    description: 'When it began, in the time zone of the last column (ISO 8601 with offset)',
  },
  { name: 'durationSeconds', type: 'integer', description: 'How long it took, in seconds' },
  {
    name: 'channel',
    type: 'string',
    description: 'How people were in touch: voice, callback, email, message, chat …',
  },
  { name: 'direction', type: 'string', description: 'Who began: inbound is the person' },
  { name: 'queue', type: 'string', description: 'Queues that it went through, joined by "; "' },
  { name: 'agent', type: 'string', description: 'Agents who took part, joined by "; "' },
  { name: 'wrapUp', type: 'string', description: 'How agents marked its outcome' },
  { name: 'audioFiles', type: 'integer', description: 'Audio recordings in this package' },
  { name: 'transcriptFiles', type: 'integer', description: 'Transcripts in this package' },
  { name: 'emails', type: 'integer', description: 'Emails in this package' },
  { name: 'messages', type: 'integer', description: 'Messages in this package' },
  {
    name: 'attributesWithheld',
    type: 'integer',
    description: 'Attributes of participants that were left out by policy',
  },
  { name: 'timeZone', type: 'string', description: 'Time zone of startLocal (IANA)' },
];

/** Columns of `availability-report.csv`, in order. */
export const missingColumns: readonly Column[] = [
  {
    name: 'conversation',
    type: 'integer',
    description: 'Number of the conversation in this package; 0 for what is of the person',
  },
  { name: 'kind', type: 'string', description: 'What is missing' },
  {
    name: 'status',
    type: 'string',
    description: 'absent, expired, archived, withheld or failed',
  },
  { name: 'reason', type: 'string', description: 'Why it is missing' },
];

/**
 * A text as a spreadsheet may have it: what it would take for a formula gets an apostrophe before it
 * (OWASP, CSV injection). Anything that is not text stays as it is.
 */
export const withoutFormula = (value: unknown): unknown =>
  typeof value === 'string' && /^[\s]*[=+\-@\t\r\n＝＋－＠|%]/.test(value) ? `'${value}` : value;
