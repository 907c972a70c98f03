import {
  areOnlyChanges,
  auditRetentionDays,
  newAuditQuery,
  planAuditQueries,
  type AuditedEntity,
  type AuditQuery,
  type AuditQueryProgress,
} from '../core/genesys/audits';
import { daysOf, halveWindow, type SearchWindow } from '../core/genesys/search-windows';
import { provenDays } from '../core/genesys/window-length';
import {
  absent,
  countItems,
  exported,
  failed,
  newItem,
  withheld,
  type FailureReason,
  type Item,
  type ItemKind,
} from '../core/package/items';
import {
  partManifestBlob,
  personBlob,
  personPart,
  personViewBlob,
} from '../core/package/blob-names';
import { hasContent } from '../core/genesys/delivered';
import { isShallow } from '../core/genesys/reading';
import { ownNumbers } from '../core/redaction/own-numbers';
import { onlySubject } from '../core/redaction/people/known';
import { addRedactions } from '../core/redaction/redactions';
import type { Sanitiser } from '../core/redaction/sanitiser';
import {
  hasRecord,
  identifiersOf,
  type Contact,
  type SubjectIdentifiers,
} from '../core/subject/contact';
import type { PartKind } from '../core/subject/withheld-parts';
import type { Identifier } from '../core/subject/identifiers';
import { identifierKey, storedFormsOf } from '../core/subject/spellings';
import { addDays } from '../core/time/time';
import { viewerPerson, type ViewerPerson } from '../core/package/viewer-person';
import type {
  Listing,
  PersonRecords,
  SourceRecord,
  SourceRecords,
} from '../core/package/person-records';
import type {
  CampaignContactRef,
  ItemLedger,
  KeyStore,
  Ledger,
  PackageWriter,
  ScratchStore,
  Settings,
  Source,
} from '../ports';
import { json, type EntryWriter } from '../export/entries';
import { inPieces, maskDocument } from '../export/masking';
import type { OpenRequest } from '../services/open-request';
import { sanitiserFor, type SanitiserServices } from '../export/sanitiser';
import { hashKeyOf } from '../services/hash-key';
import { storeOnce } from '../services/scratch';
import { readSubject } from '../services/subject';
import { WindowCutter, type WindowLengthServices } from '../services/window-length';
import { idOf } from '../export/unreadable';
import { openRequestActivity, type ActivityServices } from './activity';

/** Page of the ledger that holds the items of the person. */
const personPage = 0;
/** Queries of the audit trail that may run at a time. */
const queriesAtOnce = 20;
/** How often a query is started when it fails and cannot be cut, or when its results are gone. */
const submissions = 3;
/** How often a query may fail before its interval is cut. */
const failuresBeforeCut = 2;

export interface ExportPersonServices
  extends ActivityServices, SanitiserServices, WindowLengthServices {
  items: Pick<ItemLedger, 'put' | 'putCounts'>;
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details'>;
  packageWriter: Pick<PackageWriter, 'startPart'>;
  scratch: Pick<ScratchStore, 'read' | 'write' | 'writeOnce'>;
  settings: Pick<Settings, 'export'>;
}

/** The services, with the organisation's source. */
type PersonServices = ExportPersonServices & { source: Source };

/**
 * Exports what is of the person and of no conversation. The first call reads what one answer gives
 * and plans the queries of the audit trail; later ones move those on; the last writes the part.
 */
export const createExportPerson = openRequestActivity<'exportPerson', ExportPersonServices>(
  'exportPerson',
  async (request) => {
    const { requestId } = request.record;
    const services = { ...request.services, source: request.organisation.source };
    const key = request.keys.dataKey;
    const stored = await services.scratch.read(requestId, personBlob, key);
    const { organisation } = request.record;
    const cutter = await WindowCutter.for(services, organisation, 'audit');
    const collected = stored ?? (await readPerson(services, request, cutter));
    try {
      await advanceAudits(services, cutter, collected.audits);
    } finally {
      // What was reached is kept, also when the source stops answering.
      await services.scratch.write(requestId, personBlob, key, collected);
    }
    const waiting = collected.audits.filter(
      ({ state }) => state === 'new' || state === 'running',
    ).length;
    if (waiting === 0) await writePart(services, request, collected);
    return { waiting };
  },
);

/** Tells what can be processed, and stored until then, from what cannot. */
function readRecords(given: readonly unknown[]): SourceRecords {
  const records: SourceRecords = { found: [], problems: [] };
  for (const value of given) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      records.problems.push('notReadable');
    // Without anything but its id it was not handed over: it is missing from what is expected.
    else if (!hasContent(value)) continue;
    else if (isShallow(value)) records.found.push(value as SourceRecord);
    else records.problems.push('tooDeep');
  }
  return records;
}

async function readPerson(
  services: PersonServices,
  request: OpenRequest,
  cutter: WindowCutter,
): Promise<PersonRecords> {
  const { source } = services;
  const { subject, details } = await readSubject(services, request.record);
  const { contact } = details;
  const campaigns = await campaignRows(services, contact, subject);
  const campaignContacts: Listing = {
    ...readRecords(campaigns.rows),
    expected: campaigns.expected,
    isWhole: true,
  };
  if (contact === null || !hasRecord(contact))
    return { ...withoutContactRecord(), campaignContacts };
  const contactId = contact.id;
  const given: unknown[] = [];
  const audited: AuditedEntity[] = [];
  for (const id of subject.contactIds) {
    const record =
      id === contactId ? await source.contactRecord(id) : await source.mergedContactRecord(id);
    if (record !== null && hasContent(record)) given.push(record);
    // When it was last changed is not asked of it: its audits tell of more than of its own fields.
    audited.push({ ...auditedEntity('Contact', record), entityId: id, changedAt: null });
  }
  const isThere = given.some((record) => (record as SourceRecord).id === contactId);
  const { notes, total, isWhole } = await source.notes(contactId);
  const sessions = await source.journeySessions(contactId);
  const { now } = await source.retention();
  const readNotes = readRecords(notes);
  audited.push(
    ...readNotes.found
      .map((note) => auditedEntity('Note', note))
      .filter(({ entityId }) => entityId !== ''),
  );
  await services.ledger.update(request.record.requestId, {
    auditRetainedFrom: addDays(now, -auditRetentionDays).toISOString(),
  });
  return {
    contacts: {
      ...readRecords(given),
      // The contact itself has to be there; of merged ones the source may keep nothing.
      expected: isThere ? given.length : given.length + 1,
      isWhole: true,
      merged: subject.contactIds.length - 1,
    },
    notes: { ...readNotes, expected: total, isWhole },
    journeySessions: { ...readRecords(sessions), expected: sessions.length, isWhole: true },
    campaignContacts,
    audits: (await auditQueries(source, now, audited, cutter.daysToTry(auditRetentionDays))).map(
      newAuditQuery,
    ),
  };
}

const noRecords: Listing = { found: [], problems: [], expected: 0, isWhole: true };
/** Of a person without a contact record nothing is asked that only a contact's id could find. */
const withoutContactRecord = (): Omit<PersonRecords, 'campaignContacts'> => ({
  contacts: { ...noRecords, merged: null },
  notes: noRecords,
  journeySessions: noRecords,
  audits: [],
});

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What the queries of the audit trail need to know of a record. */
function auditedEntity(entityType: AuditedEntity['entityType'], record: unknown): AuditedEntity {
  const { id, createDate, modifyDate } = Object(record) as Record<string, unknown>;
  return {
    entityType,
    entityId: textIn(id) ?? '',
    createdAt: textIn(createDate),
    changedAt: textIn(modifyDate),
  };
}

/**
 * Plans the queries of the audit trail. Those for the time after a note was last changed are left out
 * when the source says that it keeps audits of nothing but changes; it is asked where that saves calls.
 */
async function auditQueries(
  source: Source,
  now: Date,
  entities: readonly AuditedEntity[],
  days: number,
): Promise<AuditQuery[]> {
  const untilNow = entities.map((entity) => ({ ...entity, changedAt: null }));
  // By the interval that is known to work, because a longer one may yet be refused.
  const isWorthACall =
    planAuditQueries(now, untilNow, provenDays.audit).length >
    planAuditQueries(now, entities, provenDays.audit).length + 1;
  const isBounded = isWorthACall && areOnlyChanges(await source.auditedActions('Note'));
  return planAuditQueries(now, isBounded ? entities : untilNow, days);
}

/** The rows of outbound campaigns under everything that is known and proven to be the person's. */
async function campaignRows(
  { source }: PersonServices,
  contact: Contact | null,
  { doubtful, proven }: SubjectIdentifiers,
): Promise<{ rows: unknown[]; expected: number }> {
  const references = new Map<string, CampaignContactRef>();
  const isTheirs = (identifier: Identifier): boolean => {
    const key = identifierKey(identifier);
    return doubtful?.has(key) !== true && proven?.has(key) !== false;
  };
  const known = (contact ? identifiersOf(contact) : [])
    .filter(isTheirs)
    .flatMap((identifier) =>
      storedFormsOf(identifier).map((value) => ({ type: identifier.type, value })),
    );
  const wanted = new Map(known.map((one) => [`${one.type}:${one.value}`, one]));
  for (const identifier of wanted.values()) {
    for (const reference of await source.campaignContacts(identifier))
      references.set(`${reference.contactListId}/${reference.id}`, reference);
  }
  const rows: unknown[] = [];
  for (const reference of references.values()) {
    const row = await source.campaignContact(reference);
    if (row !== null) rows.push(row);
  }
  return { rows, expected: references.size };
}

const again = ({ attempts }: AuditQueryProgress): 'new' | 'refused' =>
  attempts < submissions ? 'new' : 'refused';

/** Starts, checks and reads the queries of the audit trail; each as far as it is. */
async function advanceAudits(
  { source }: PersonServices,
  cutter: WindowCutter,
  audits: AuditQueryProgress[],
): Promise<void> {
  // Up to the first that is still running: to ask about each of those behind it would cost a call.
  for (const audit of audits.filter(({ state }) => state === 'running'))
    if ((await checkAudit(source, audits, audit)) === 'running') break;
  const running = audits.filter(({ state }) => state === 'running').length;
  for (let free = queriesAtOnce - running; free > 0;) {
    const audit = audits.find(({ state }) => state === 'new');
    if (!audit) return;
    const shorter = cutter.cut(audit.window);
    if (shorter !== null) {
      replace(audits, audit, shorter);
      continue;
    }
    audit.queryId = await source.submitAuditQuery(audit);
    audit.attempts += 1;
    if (audit.queryId === null) {
      const parts = cutter.refused(audit.window);
      if (parts === null) audit.state = 'refused';
      else replace(audits, audit, parts);
      continue;
    }
    audit.state = 'running';
    free -= 1;
    await cutter.taken(audit.window);
  }
}

/** Reads the results of a query that is done. One that fails is started again, and then cut. */
async function checkAudit(
  source: Source,
  audits: AuditQueryProgress[],
  audit: AuditQueryProgress,
): Promise<'running' | 'ended'> {
  const id = audit.queryId ?? '';
  const state = await source.auditQueryState(id);
  if (state === 'running') return 'running';
  const results = state === 'fulfilled' ? await source.auditQueryResults(id) : null;
  if (results !== null) {
    const { found, problems } = readRecords(results);
    Object.assign(audit, { results: found, problem: problems[0] ?? null, state: 'done' });
    return 'ended';
  }
  // An interval that is known to work is not what makes a query fail.
  const isTooLong = daysOf(audit.window) > provenDays.audit;
  const isCut = state === 'failed' && audit.attempts >= failuresBeforeCut && isTooLong;
  const halves = isCut ? halveWindow(audit.window) : null;
  if (halves === null) audit.state = again(audit);
  else replace(audits, audit, halves);
  return 'ended';
}

/** Puts queries for the parts of an interval in the place of the query for the whole. */
function replace(
  audits: AuditQueryProgress[],
  audit: AuditQueryProgress,
  windows: readonly SearchWindow[],
): void {
  const { entityType, entityId } = audit;
  const parts = windows.map((window) => newAuditQuery({ window, entityType, entityId }));
  audits.splice(audits.indexOf(audit), 1, ...parts);
}

async function writePart(
  services: PersonServices,
  request: OpenRequest,
  collected: PersonRecords,
): Promise<void> {
  const { keys } = request;
  const { requestId } = request.record;
  const blob = partManifestBlob(personPart);
  let manifest = await services.scratch.read(requestId, blob, keys.dataKey);
  if (manifest === null) {
    const writer = services.packageWriter.startPart(requestId, personPart, keys.passphrase);
    const { subject, details } = await readSubject(services, request.record);
    const own = ownNumbers(subject);
    const people = onlySubject(subject);
    const form = services.settings.export.policy.agentsInAudits;
    const masking = { ...services, keys: hashKeyOf(services.keys, request.record) };
    const masks = {
      records: sanitiserFor(masking, requestId, { own, people }),
      audits: sanitiserFor(masking, requestId, { own, form, people }),
    };
    const kinds = details.decision?.rightsOfOthers?.kinds ?? [];
    const { items, view } = await writePerson(writer, collected, masks, kinds);
    await services.scratch.write(requestId, personViewBlob, keys.dataKey, view);
    const redactions = addRedactions(masks.records.redactions, masks.audits.redactions);
    const written = { ...(await writer.finish()), items, rows: [], redactions };
    manifest = await storeOnce(services, request, blob, written);
  }
  await services.items.put(requestId, personPage, manifest.items);
  await services.items.putCounts(requestId, personPage, countItems(manifest.items));
}

/**
 * Writes what was collected of the person, masked; returns its items and what the viewer shows.
 * @param withheldKinds of which nothing is written, for the rights of others
 */
export async function writePerson(
  writer: EntryWriter,
  { contacts, notes, journeySessions, campaignContacts, audits }: PersonRecords,
  masks: { records: Sanitiser; audits: Sanitiser },
  withheldKinds: readonly PartKind[] = [],
): Promise<{ items: Item[]; view: ViewerPerson }> {
  const everything = [contacts, notes, journeySessions].map(({ found }) => found);
  for (const mask of [masks.records, masks.audits])
    await inPieces(mask.meetInSteps([...everything, audits.map(({ results }) => results)]));
  const to = { writer, sanitiser: masks.records };
  const isKept = (kind: PartKind): boolean => !withheldKinds.includes(kind);
  const records = await writeListing(to, 'contact', 'data/contact.json', contacts);
  const writtenNotes = await (isKept('notes') ? writeListing : withholdListing)(
    to,
    'note',
    'data/notes.json',
    notes,
  );
  const visits = await (isKept('websiteVisits') ? writeListing : withholdListing)(
    to,
    'journeySession',
    'data/website-visits.json',
    journeySessions,
  );
  const campaigns = await (isKept('campaigns') ? writeListing : withholdListing)(
    to,
    'campaignContact',
    'data/campaigns.json',
    campaignContacts,
  );
  const trail = await (isKept('auditTrail') ? writeAudits : withholdAudits)(
    writer,
    audits,
    masks.audits,
  );
  return {
    items: [
      ...records.items,
      ...goneRecords(records.items.length, contacts.merged),
      ...writtenNotes.items,
      ...visits.items,
      ...campaigns.items,
      ...trail.items,
    ],
    view: viewerPerson({
      contacts: records.masked,
      notes: writtenNotes.masked,
      visits: visits.masked,
      campaigns: campaigns.masked,
      audits: trail.masked,
    }),
  };
}

/**
 * One file for all of a listing, an item for each thing in it, for each that cannot be processed, and
 * for each that is missing.
 */
async function writeListing(
  { writer, sanitiser }: { writer: EntryWriter; sanitiser: Sanitiser },
  kind: ItemKind,
  name: string,
  { found, problems, expected, isWhole }: Listing,
): Promise<{ items: Item[]; masked: SourceRecord[] }> {
  const masked = await maskDocument(sanitiser.in(name), found);
  const entry = await writer.add(name, json(masked), 'deflate');
  const items = found.map(({ id }, i) => exported(newItem(0, kind, i + 1, idOf(id)), entry));
  const missing = Math.max(expected - found.length - problems.length, isWhole ? 0 : 1);
  const reasons: FailureReason[] = [
    ...problems,
    ...Array.from({ length: missing }, () => (isWhole ? 'notDelivered' : 'notWhole')),
  ];
  for (const reason of reasons)
    items.push(failed(newItem(0, kind, items.length + 1, null), reason));
  return { items, masked };
}

/** The same of a listing that is withheld: an empty file, and an item for each thing that would be in it. */
async function withholdListing(
  { writer }: { writer: EntryWriter; sanitiser: Sanitiser },
  kind: ItemKind,
  name: string,
  { found, expected }: Listing,
): Promise<{ items: Item[]; masked: SourceRecord[] }> {
  await writer.add(name, json([]), 'deflate');
  const length = Math.max(expected, found.length);
  return { items: withheldItems(kind, length), masked: [] };
}

const withheldItems = (kind: ItemKind, length: number): Item[] =>
  Array.from({ length }, (_, i) => withheld(newItem(0, kind, i + 1, null), 'rightsOfOthers'));

/** The same of the audit trail. */
async function withholdAudits(
  writer: EntryWriter,
  audits: AuditQueryProgress[],
): Promise<{ items: Item[]; masked: SourceRecord[] }> {
  await writer.add('data/audit-trail.json', json([]), 'deflate');
  return { items: withheldItems('auditQuery', audits.length), masked: [] };
}

/**
 * Contacts that were merged into this one, and of which the source keeps no record by itself; the one
 * that is missing where there is no contact record at all.
 */
const goneRecords = (there: number, merged: number | null): Item[] =>
  merged === null
    ? [absent(newItem(0, 'contact', 1, null), 'noContactRecord')]
    : Array.from({ length: Math.max(0, merged + 1 - there) }, (_, i) =>
        absent(newItem(0, 'contact', there + i + 1, null), 'mergedAway'),
      );

const timeOf = ({ eventDate }: Record<string, unknown>): string =>
  typeof eventDate === 'string' ? eventDate : '';

async function writeAudits(
  writer: EntryWriter,
  audits: AuditQueryProgress[],
  sanitiser: Sanitiser,
): Promise<{ items: Item[]; masked: SourceRecord[] }> {
  const seen = new Set<unknown>();
  const trail = audits
    .flatMap(({ results }) => results)
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
  const name = 'data/audit-trail.json';
  const masked = await maskDocument(sanitiser.in(name), trail);
  const entry = await writer.add(name, json(masked), 'deflate');
  const items = audits.map(({ state, problem }, i) => {
    const item = newItem(0, 'auditQuery', i + 1, null);
    if (state !== 'done') return failed(item, 'queryRefused');
    return problem === null ? exported(item, entry) : failed(item, problem);
  });
  return { items, masked };
}
