import { z } from 'zod';
import { unexaminedKinds } from '../redaction/redactions';
import { itemKinds, itemStatuses } from './items';
import { processingViewSchema } from './processing';

/**
 * JSON Schemas (draft 2020-12) of the files in a package. Objects of the source are open, because the
 * source may add fields; objects that the app writes are closed.
 */
const open = z.looseObject({});
const count = z.int().nonnegative();
const text = z.string();

const conversation = z.strictObject({
  number: z.int().positive().describe('Number of the conversation in this package'),
  conversation: z
    .looseObject({ conversationId: text, conversationStart: text, participants: z.array(open) })
    .describe('As analytics reports it (AnalyticsConversation)'),
  details: open
    .nullable()
    .describe('As the conversations API reports it; null when the source has deleted it'),
  attributesWithheld: count.describe('Participant attributes that policy withheld'),
  transcripts: z
    .array(z.strictObject({ recordingId: text, transcript: open }))
    .optional()
    .describe('As speech and text analytics stores them'),
  emails: z.array(open).optional(),
  messages: z.array(open).optional(),
  surveys: z.array(open).optional(),
  summary: open.optional(),
  sentiment: open.optional(),
  secureAttributes: open.optional(),
  evaluations: z.array(open).optional(),
});

const rows = z.array(
  z.strictObject({
    number: z.int().positive(),
    conversationId: text,
    date: text,
    time: text,
    start: text,
    end: text,
    startLocal: text,
    timeZone: text,
    durationSeconds: count.nullable(),
    channel: text,
    direction: text,
    queue: text,
    agent: text,
    wrapUp: text,
    audioFiles: count,
    transcriptFiles: count,
    emails: count,
    messages: count,
    attributesWithheld: count,
  }),
);

const kind = z.enum(itemKinds);

const files = z.array(
  z.strictObject({
    file: text,
    kind,
    conversation: z.int().positive().nullable(),
    sourceId: text.nullable(),
    size: count,
    sha256: text.regex(/^[0-9a-f]{64}$/),
  }),
);

const counts = z.record(z.enum(itemStatuses), count);
const report = z.strictObject({
  format: z.literal('data-availability-report'),
  version: z.literal(1),
  createdAt: text,
  language: text.describe('Language of the sentences (BCP 47)'),
  searched: z.strictObject({ from: text, to: text, windows: count }),
  searchableFrom: text.nullable(),
  indexedUntil: text.nullable(),
  auditRetainedFrom: text.nullable(),
  counts: z.record(kind, counts),
  statements: z.array(z.looseObject({ about: text })).describe('What the sentences say, as data'),
  sentences: z.array(text),
  missing: z.array(
    z.strictObject({ conversation: count, kind, status: z.enum(itemStatuses), reason: text }),
  ),
});

const countedPlaces = {
  count,
  places: z.array(
    z.strictObject({
      file: text.describe('Name in the package; * for every file of a kind'),
      field: text.describe(
        'Names of the fields that lead to the value: [] is an element of a list, ? a name that may be content itself, * any field; empty for the whole file',
      ),
      count,
    }),
  ),
};

const log = z.strictObject({
  format: z.literal('redaction-log'),
  version: z.literal(1),
  createdAt: text,
  policy: z
    .looseObject({ version: z.literal(1), patterns: z.array(text) })
    .describe('The policy that was applied; of its patterns the names alone'),
  redactions: z
    .array(
      z.strictObject({
        reason: text.describe('Code; pattern:NAME for a pattern of the policy'),
        justification: text,
        ...countedPlaces,
      }),
    )
    .describe('What was masked or left out'),
  notExamined: z
    .array(z.strictObject({ kind: z.enum(unexaminedKinds), ...countedPlaces }))
    .describe('What is as the source holds it, because nobody could look into it'),
});

const schemas = {
  'schemas/conversation.schema.json': conversation,
  'schemas/conversations.schema.json': rows,
  'schemas/files.schema.json': files,
  'schemas/records.schema.json': z.array(open),
  'schemas/availability-report.schema.json': report,
  'schemas/redaction-log.schema.json': log,
  'schemas/processing-information.schema.json': processingViewSchema,
};

/** The schemas by the name of their file in a package. */
export const packageSchemas: readonly { name: string; schema: object }[] = Object.entries(
  schemas,
).map(([name, schema]) => ({ name, schema: z.toJSONSchema(schema) }));
