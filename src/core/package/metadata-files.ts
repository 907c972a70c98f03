import { hasRecord, type Contact } from '../subject/contact';
import type { Translator } from '../i18n/translator';
import type { Policy } from '../redaction/policy';
import { patternName, redactionLog, type Redactions } from '../redaction/redactions';
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
import { missingGroups, type MissingGroup } from './missing-groups';
import type { Glance } from './viewer-glance';
import { viewerScripts, type ViewerIndex } from './viewer-index';
import { withProfile, type ViewerPerson } from './viewer-person';

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
  /** Items that are not. */
  missing: Item[];
  redactions: Redactions;
  /** The viewer's scripts with the texts of each conversation, by its number. */
  pages: ReadonlyMap<number, readonly string[]>;
  /** What the viewer's list shows of the texts of each conversation, by its number. */
  glances: ReadonlyMap<number, Glance>;
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
function* tableFiles({ contact, contents }: MetadataFacts, locale: string): Generator<TextFile> {
  yield { name: 'data/profile.json', content: jsonText(profileOf(contact)) };
  yield { name: 'data/conversations.csv', content: csv(conversationColumns, contents.rows) };
  yield {
    name: 'data/conversations-spreadsheet.csv',
    content: spreadsheetCsv(conversationColumns, contents.rows, locale),
  };
  yield { name: 'data/conversations.json', content: jsonText(contents.rows) };
  yield { name: 'data/files.json', content: jsonText(contents.exported.map(fileView)) };
}

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
function* descriptionFiles(
  facts: MetadataFacts,
  groups: MissingGroup[],
  locale: string,
): Generator<TextFile> {
  const { requestId, controller, policy, contents, report, processing, translator } = facts;
  const timeZone = contents.rows[0]?.timeZone ?? 'UTC';
  const { createdAt } = report;
  const missing = missingRows(report, translator);
  yield {
    name: 'availability-report.html',
    content: availabilityHtml({ report, groups, processing, controller, timeZone }, translator),
  };
  if (processing !== null)
    yield { name: 'processing-information.json', content: jsonText(processing) };
  yield { name: 'availability-report.json', content: jsonText(report) };
  yield { name: 'availability-report.csv', content: csv(missingColumns, missing) };
  yield {
    name: 'availability-report-spreadsheet.csv',
    content: spreadsheetCsv(missingColumns, missing, locale),
  };
  yield {
    name: 'redaction-log.json',
    content: jsonText(redactionLog(policy, contents.redactions, createdAt)),
  };
  for (const { name, schema } of packageSchemas) yield { name, content: jsonText(schema) };
  yield {
    name: 'datapackage.json',
    content: jsonText(dataPackage({ requestId, createdAt, controller })),
  };
}

/** What the viewer's data says besides the contents. */
export interface ViewerFacts extends Pick<ViewerIndex, 'locale' | 'keysAddress'> {
  person: ViewerPerson;
  /** Names of the payload files of the other parts. */
  payload: readonly string[];
}

/**
 * All text files of the last part that say what the package holds. One is made at a time: together they may
 * be larger than what there is room for.
 */
export function* metadataFiles(facts: MetadataFacts, viewer: ViewerFacts): Generator<TextFile> {
  const { contact, controller, contents, report, processing } = facts;
  const { locale, keysAddress, person } = viewer;
  const groups = missingGroups(contents.missing, contents.rows);
  const payload = [...viewer.payload];
  for (const file of tableFiles(facts, locale)) {
    payload.push(file.name);
    yield file;
  }
  yield* descriptionFiles(facts, groups, locale);
  yield* viewerScripts({
    ...{ controller, locale, keysAddress, processing },
    createdAt: report.createdAt,
    searched: report.searched,
    statements: report.statements,
    missingGroups: groups,
    ...contents,
    person: withProfile(person, contact),
    patterns: Object.keys(contents.redactions).flatMap((reason) => patternName(reason) ?? []),
    files: payload.filter((name) => !name.startsWith('data/conversations/')),
  });
}
