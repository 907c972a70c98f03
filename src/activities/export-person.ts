import { PartWriter } from '../adapters/package/part-writer';
import { auditRetentionDays, planAuditQueries, type AuditQuery } from '../core/audits';
import {
  absent,
  countItems,
  exported,
  failed,
  newItem,
  type Item,
  type ItemKind,
} from '../core/items';
import { fragmentBlob, personBlob, personPart, personViewBlob } from '../core/layout';
import { addRedactions } from '../core/sanitise';
import { identifiersOf } from '../core/subject';
import { addDays } from '../core/time';
import { viewerPerson } from '../core/viewer';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import type { CampaignContactRef, PartFragment } from '../ports';
import { json } from './entries';
import { guarded, openRequest, type Environment, type OpenRequest } from './environment';
import { sanitiserFor } from './sanitising';
import { subjectOf } from './searches';

/** Page of the ledger that holds the items of the person. */
const personPage = 0;
/** Queries of the audit trail that may run at a time. */
const queriesAtOnce = 20;
/** Times that a query is started again when it failed. */
const submissions = 3;

interface AuditState extends AuditQuery {
  state: 'new' | 'running' | 'done' | 'refused';
  queryId: string | null;
  attempts: number;
  results: Record<string, unknown>[];
}

/** Some of a listing: what came of it, and what it said there is. */
interface Listing {
  found: { id?: string }[];
  expected: number;
  isWhole: boolean;
}

/** What is collected of the person, sealed between two calls of the activity. */
interface Collected {
  contacts: Listing & { merged: number };
  notes: Listing;
  journeySessions: Listing;
  campaignContacts: Listing;
  audits: AuditState[];
}

/**
 * Exports what is of the person and of no conversation. The first call reads what one answer gives
 * and plans the queries of the audit trail; later ones move those on; the last writes the part.
 */
export const createExportPerson =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'exportPerson'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'exportPerson'>> => {
      const request = await openRequest(env, requestId);
      const key = request.keys.sealingKey;
      const stored = (await env.work.read(requestId, personBlob, key)) as Collected | null;
      const collected = stored ?? (await collectPerson(env, request));
      try {
        await advanceAudits(env, collected.audits);
      } finally {
        // What was reached is kept, also when the source stops answering.
        await env.work.write(requestId, personBlob, key, collected);
      }
      const waiting = collected.audits.filter(
        ({ state }) => state === 'new' || state === 'running',
      ).length;
      if (waiting === 0) await writePart(env, request, collected);
      return { waiting };
    });

async function collectPerson(env: Environment, request: OpenRequest): Promise<Collected> {
  const subject = await subjectOf(env, request);
  const { contact } = await env.ledger.details(request.record);
  const contactId = contact?.id ?? '';
  const records: { id?: string }[] = [];
  for (const id of subject.contactIds) {
    const record = await env.source.contactRecord(id, id !== contactId);
    if (record !== null) records.push(record as { id?: string });
  }
  const { notes, total, isWhole } = await env.source.notes(contactId);
  const sessions = await env.source.journeySessions(contactId);
  const references = new Map<string, CampaignContactRef>();
  for (const identifier of contact ? identifiersOf(contact) : []) {
    for (const reference of await env.source.campaignContacts(identifier))
      references.set(`${reference.contactListId}/${reference.id}`, reference);
  }
  const campaigns: { id?: string }[] = [];
  for (const reference of references.values()) {
    const row = await env.source.campaignContact(reference);
    if (row !== null) campaigns.push(row as { id?: string });
  }
  const { now } = await env.source.retention();
  const noteIds = notes.map(({ id }) => id);
  await env.ledger.update(request.record.requestId, {
    auditReach: addDays(now, -auditRetentionDays).toISOString(),
  });
  return {
    contacts: {
      found: records,
      // The contact itself has to be there; of merged ones the source may keep nothing.
      expected: records.some(({ id }) => id === contactId) ? records.length : records.length + 1,
      isWhole: true,
      merged: subject.contactIds.length - 1,
    },
    notes: { found: notes, expected: total, isWhole },
    journeySessions: { found: sessions, expected: sessions.length, isWhole: true },
    campaignContacts: { found: campaigns, expected: references.size, isWhole: true },
    audits: planAuditQueries(now, subject.contactIds, noteIds).map((query) => ({
      ...query,
      state: 'new',
      queryId: null,
      attempts: 0,
      results: [],
    })),
  };
}

const again = ({ attempts }: AuditState): 'new' | 'refused' =>
  attempts < submissions ? 'new' : 'refused';

/** Starts, checks and reads the queries of the audit trail; each as far as it is. */
async function advanceAudits({ source }: Environment, audits: AuditState[]): Promise<void> {
  for (const audit of audits.filter(({ state }) => state === 'running')) {
    const state = await source.auditQueryState(audit.queryId ?? '');
    if (state === 'fulfilled') {
      const results = await source.auditQueryResults(audit.queryId ?? '');
      audit.results = results ?? [];
      audit.state = results === null ? again(audit) : 'done';
    } else if (state === 'failed') {
      audit.state = again(audit);
    }
  }
  const running = audits.filter(({ state }) => state === 'running').length;
  const next = audits.filter(({ state }) => state === 'new').slice(0, queriesAtOnce - running);
  for (const audit of next) {
    audit.queryId = await source.submitAuditQuery(audit);
    audit.attempts += 1;
    audit.state = audit.queryId === null ? 'refused' : 'running';
  }
}

async function writePart(
  env: Environment,
  { record: { requestId }, keys }: OpenRequest,
  collected: Collected,
): Promise<void> {
  const blob = fragmentBlob(personPart);
  let fragment = (await env.work.read(requestId, blob, keys.sealingKey)) as PartFragment | null;
  if (fragment === null) {
    const writer = new PartWriter(env.packages, requestId, personPart, keys.passphrase);
    const sanitiser = sanitiserFor(env, requestId);
    const ofAudits = sanitiserFor(env, requestId, env.settings.policy.agentsInAudits);
    for (const listing of [collected.contacts, collected.notes, collected.campaignContacts])
      listing.found = sanitiser.document(listing.found);
    const records = await writeListing(writer, 'contact', 'data/contact.json', collected.contacts);
    const items = [
      ...records,
      ...goneRecords(records.length, collected.contacts.merged + 1),
      ...(await writeListing(writer, 'note', 'data/notes.json', collected.notes)),
      ...(await writeListing(
        writer,
        'journeySession',
        'data/website-visits.json',
        collected.journeySessions,
      )),
      ...(await writeListing(
        writer,
        'campaignContact',
        'data/campaigns.json',
        collected.campaignContacts,
      )),
      ...(await writeAudits(writer, ofAudits.document(collected.audits))),
    ];
    const view = viewerPerson(collected.notes.found, collected.journeySessions.found);
    await env.work.write(requestId, personViewBlob, keys.sealingKey, view);
    const redactions = addRedactions(sanitiser.redactions, ofAudits.redactions);
    fragment = { ...(await writer.finish()), items, rows: [], redactions };
    if (!(await env.work.writeOnce(requestId, blob, keys.sealingKey, fragment)))
      fragment = (await env.work.read(requestId, blob, keys.sealingKey)) as PartFragment;
  }
  await env.ledger.putItems(requestId, personPage, fragment.items);
  await env.ledger.putPageCounts(requestId, personPage, countItems(fragment.items));
}

/** One file for all of a listing, an item for each thing in it, and one for each that is missing. */
async function writeListing(
  writer: PartWriter,
  kind: ItemKind,
  name: string,
  { found, expected, isWhole }: Listing,
): Promise<Item[]> {
  const entry = await writer.add(name, json(found), 'deflate');
  const items = found.map(({ id }, i) => exported(newItem(0, kind, i + 1, id ?? null), entry));
  const missing = Math.max(expected - found.length, isWhole ? 0 : 1);
  for (let i = 0; i < missing; i += 1) {
    const item = newItem(0, kind, items.length + 1, null);
    items.push(failed(item, isWhole ? 'notDelivered' : 'notWhole'));
  }
  return items;
}

/** Contacts that were merged into this one, and of which the source keeps no record by itself. */
const goneRecords = (there: number, wanted: number): Item[] =>
  Array.from({ length: Math.max(0, wanted - there) }, (_, i) =>
    absent(newItem(0, 'contact', there + i + 1, null), 'mergedAway'),
  );

async function writeAudits(writer: PartWriter, audits: AuditState[]): Promise<Item[]> {
  const seen = new Set<unknown>();
  const trail = audits
    .flatMap(({ results }) => results)
    .filter(({ id }) => !seen.has(id) && seen.add(id))
    .sort((a, b) => String(a['eventDate']).localeCompare(String(b['eventDate'])));
  const entry = await writer.add('data/audit-trail.json', json(trail), 'deflate');
  return audits.map(({ state }, i) => {
    const item = newItem(0, 'auditQuery', i + 1, null);
    return state === 'done' ? exported(item, entry) : failed(item, 'queryRefused');
  });
}
