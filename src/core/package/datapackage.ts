import { conversationColumns, missingColumns, type Column } from './csv-columns';

/** Version of the package's format. It grows when something that a reader relies on changes. */
export const packageFormatVersion = '1.0.0';

/** What a set of data is in the words of the law, and where it comes from. */
interface DataSet {
  /** Lower case, as Data Package asks of a name. */
  name: string;
  title: string;
  /** A file of the package, or a pattern where each conversation has one. */
  path: string;
  /** Art. 15 is access to everything; Art. 20 portability of what the person provided. */
  articles: ('GDPR Art. 15' | 'GDPR Art. 20')[];
  /** EDPB guidelines on portability (WP 242): provided, observed, or derived from either. */
  provenance: 'provided' | 'observed' | 'derived';
  source: string;
  schema?: string;
}

const access = ['GDPR Art. 15'] as DataSet['articles'];
const both = ['GDPR Art. 15', 'GDPR Art. 20'] as DataSet['articles'];
const conversation = 'data/conversations/*';

/** Everything that a package can hold, kind by kind. */
export const dataSets: readonly DataSet[] = [
  {
    name: 'profile',
    title: 'What you are known by',
    path: 'data/profile.json',
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud external contacts',
  },
  {
    name: 'contact',
    title: 'Records of you as a contact',
    path: 'data/contact.json',
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud external contacts',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'conversation-documents',
    title: 'Everything written of a conversation: course, messages, transcripts, answers',
    path: `${conversation}/conversation.json`,
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud analytics, conversations, speech and text analytics, quality',
    schema: 'schemas/conversation.schema.json',
  },
  {
    name: 'audio',
    title: 'Recordings of calls',
    path: `${conversation}/audio-*`,
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud recordings',
  },
  {
    name: 'captions',
    title: 'Transcripts of calls as captions (WebVTT)',
    path: `${conversation}/transcript-*.vtt`,
    articles: access,
    provenance: 'derived',
    source: 'Genesys Cloud speech and text analytics',
  },
  {
    name: 'screen',
    title: "Recordings of the agent's screen",
    path: `${conversation}/screen-*`,
    articles: access,
    provenance: 'observed',
    source: 'Genesys Cloud recordings',
  },
  {
    name: 'emails',
    title: 'Emails with their attachments (RFC 5322)',
    path: `${conversation}/*.eml`,
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud conversations and recordings',
  },
  {
    name: 'attachments',
    title: 'Files that were sent in messages',
    path: `${conversation}/*attachment-*`,
    articles: both,
    provenance: 'provided',
    source: 'Genesys Cloud conversations and recordings',
  },
  {
    name: 'recorded-texts',
    title: 'Recorded chats and messages',
    path: `${conversation}/{chat,recorded-messages}-*.json`,
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud recordings',
  },
  {
    name: 'notes',
    title: 'Notes of agents on you',
    path: 'data/notes.json',
    articles: access,
    provenance: 'derived',
    source: 'Genesys Cloud external contacts',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'website-visits',
    title: "Visits to the company's website",
    path: 'data/website-visits.json',
    articles: both,
    provenance: 'observed',
    source: 'Genesys Cloud journey',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'campaigns',
    title: 'Entries in lists of people to call',
    path: 'data/campaigns.json',
    articles: access,
    provenance: 'observed',
    source: 'Genesys Cloud outbound',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'audit-trail',
    title: 'Changes to your records',
    path: 'data/audit-trail.json',
    articles: access,
    provenance: 'observed',
    source: 'Genesys Cloud audits',
    schema: 'schemas/records.schema.json',
  },
  {
    name: 'files',
    title: 'Every file, with its id in the source, size and hash',
    path: 'data/files.json',
    articles: access,
    provenance: 'derived',
    source: 'this package',
    schema: 'schemas/files.schema.json',
  },
];

/** Table Schema (https://datapackage.org/standard/table-schema/). */
const tableSchema = (columns: readonly Column[]): object => ({
  $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
  fields: columns.map(({ name, type, description }) => ({
    name,
    type,
    ...(type === 'datetime' ? { format: 'any' } : {}),
    description,
  })),
  missingValues: [''],
});

const table = (
  name: string,
  path: string,
  description: string,
  columns: readonly Column[],
): object => ({
  name,
  path,
  type: 'table',
  format: 'csv',
  mediatype: 'text/csv',
  encoding: 'utf-8',
  description,
  schema: tableSchema(columns),
});

export interface PackageFacts {
  requestId: string;
  createdAt: string;
  controller: string;
}

/**
 * `datapackage.json` (Data Package v2, https://datapackage.org/standard/data-package/): the tables
 * with their columns, and every set of data with what the law calls it and where it is from.
 */
export function dataPackage({ requestId, createdAt, controller }: PackageFacts): object {
  const twin =
    'The same for spreadsheets: with a byte order mark, and an apostrophe before formulas.';
  return {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: `personal-data-${requestId}`,
    title: `Your data at ${controller}`,
    version: packageFormatVersion,
    created: createdAt,
    contributors: [{ title: controller, roles: ['controller'] }],
    resources: [
      table('conversations', 'data/conversations.csv', 'Every conversation', conversationColumns),
      table(
        'conversations-for-spreadsheets',
        'data/conversations-spreadsheet.csv',
        twin,
        conversationColumns,
      ),
      {
        name: 'conversations-json',
        path: 'data/conversations.json',
        format: 'json',
        mediatype: 'application/json',
        description: 'The same rows as JSON',
        jsonSchema: 'schemas/conversations.schema.json',
      },
      table('missing', 'availability-report.csv', 'What is not in this package', missingColumns),
      table(
        'missing-for-spreadsheets',
        'availability-report-spreadsheet.csv',
        twin,
        missingColumns,
      ),
      ...dataSets
        .filter(({ path }) => !path.includes('*'))
        .map(({ name, title, path, schema, articles, provenance, source }) => ({
          name,
          title,
          path,
          format: 'json',
          mediatype: 'application/json',
          articles,
          provenance,
          sources: [{ title: source }],
          ...(schema === undefined ? {} : { jsonSchema: schema }),
        })),
    ],
    dataSets: dataSets.map(({ name, title, path, articles, provenance, source, schema }) => ({
      name,
      title,
      pattern: path,
      articles,
      provenance,
      source,
      ...(schema === undefined ? {} : { jsonSchema: schema }),
    })),
  };
}
