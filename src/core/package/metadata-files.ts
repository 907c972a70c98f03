import { hasRecord, type Contact } from '../subject/contact';
import type { Translator } from '../i18n/translator';
import type { Policy } from '../redaction/policy';
import { redactionLog, type Redactions } from '../redaction/redactions';
import { missingColumns, missingRows } from './availability-csv';
import { availabilityHtml } from './availability-html';
import type { AvailabilityReport } from './availability-report';
import type { ConversationRow } from './conversation-row';
import { csv, spreadsheetCsv } from './csv';
import { conversationColumns } from './csv-columns';
import { dataPackage } from './datapackage';
import type { Item } from './items';
import { jsonText } from './json-text';
import type { ProcessingView } from './processing';
import { packageSchemas } from './schemas';
import { viewerRows, type ViewerIndex } from './viewer-index';
import type { ViewerPerson } from './viewer-person';
import { viewerFolder, viewerScript } from './viewer-script';

/** A text file of a package. */
export interface TextFile {
  name: string;
  content: string;
}

/** What the package consists of, as its other parts say. */
export interface PackageContents {
  rows: ConversationRow[];
  /** Items that are in the package. */
  exported: Item[];
  redactions: Redactions;
  /** The viewer's script of each conversation, by its number. */
  pages: ReadonlyMap<number, string>;
}

/** What the tables, the report and the viewer's index are made from. */
export interface MetadataFacts {
  requestId: string;
  contact: Contact | null;
  controller: string;
  policy: Policy;
  contents: PackageContents;
  report: AvailabilityReport;
  /** What is said of the processing of what is in the package; null for nothing. */
  processing: ProcessingView | null;
  translator: Translator;
}

/** What is known of the person; without ids where the source has no contact record. */
function profileOf(contact: Contact | null): Omit<Contact, 'id' | 'mergeSet'> | null {
  if (contact === null || hasRecord(contact)) return contact;
  const { id: _id, mergeSet: _mergeSet, ...profile } = contact;
  return profile;
}

/** The profile and the tables of a package. */
const tableFiles = ({ contact, contents }: MetadataFacts, locale: string): TextFile[] => [
  { name: 'data/profile.json', content: jsonText(profileOf(contact)) },
  { name: 'data/conversations.csv', content: csv(conversationColumns, contents.rows) },
  {
    name: 'data/conversations-spreadsheet.csv',
    content: spreadsheetCsv(conversationColumns, contents.rows, locale),
  },
  { name: 'data/conversations.json', content: jsonText(contents.rows) },
  { name: 'data/files.json', content: jsonText(contents.exported.map(fileView)) },
];

/** What a file is and of what: its place, its id in the source, its size and hash. */
const fileView = ({ conversation, kind, sourceId, entry, size, sha256 }: Item) => ({
  file: entry,
  kind,
  conversation: conversation === 0 ? null : conversation,
  sourceId,
  size,
  sha256,
});

/** The data availability report, the redaction log, and the descriptions of the files. */
function descriptionFiles(facts: MetadataFacts, locale: string): TextFile[] {
  const { requestId, controller, policy, contents, report, processing, translator } = facts;
  const { createdAt } = report;
  const missing = missingRows(report, translator);
  return [
    { name: 'availability-report.html', content: availabilityHtml(report, processing, translator) },
    ...(processing === null
      ? []
      : [{ name: 'processing-information.json', content: jsonText(processing) }]),
    { name: 'availability-report.json', content: jsonText(report) },
    { name: 'availability-report.csv', content: csv(missingColumns, missing) },
    {
      name: 'availability-report-spreadsheet.csv',
      content: spreadsheetCsv(missingColumns, missing, locale),
    },
    {
      name: 'redaction-log.json',
      content: jsonText(redactionLog(policy, contents.redactions, createdAt)),
    },
    ...packageSchemas.map(({ name, schema }) => ({ name, content: jsonText(schema) })),
    {
      name: 'datapackage.json',
      content: jsonText(dataPackage({ requestId, createdAt, controller })),
    },
  ];
}

/** All text files of the last part that say what the package holds. */
export const metadataFiles = (facts: MetadataFacts, viewer: ViewerFacts): TextFile[] => {
  const tables = tableFiles(facts, viewer.locale);
  const payload = [...viewer.payload, ...tables.map(({ name }) => name)];
  return [
    ...tables,
    ...descriptionFiles(facts, viewer.locale),
    indexFile(facts, { ...viewer, payload }),
  ];
};

/** What the viewer's index says besides the contents. */
export interface ViewerFacts extends Pick<ViewerIndex, 'locale' | 'keysAddress'> {
  person: ViewerPerson;
  /** Names of the payload files of the other parts. */
  payload: readonly string[];
}

function indexFile(
  { controller, contents, report, processing }: MetadataFacts,
  { locale, keysAddress, person, payload }: ViewerFacts,
): TextFile {
  const index: ViewerIndex = {
    controller,
    locale,
    keysAddress,
    statements: report.statements,
    processing,
    rows: viewerRows(
      contents.rows.map((row) => ({ row, page: contents.pages.get(row.number) ?? '' })),
      contents.exported,
    ),
    person,
    files: payload.filter((name) => !name.startsWith('data/conversations/')),
  };
  return { name: `${viewerFolder}index.js`, content: viewerScript('index', index) };
}
