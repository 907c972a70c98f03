import { stringify } from 'csv-stringify/sync';
import { commitPackage } from '../adapters/package/commit';
import { PartWriter } from '../adapters/package/part-writer';
import { verifyPackage } from '../adapters/package/verify';
import {
  availabilityHtml,
  availabilityReport,
  reasonText,
  type AvailabilityReport,
} from '../core/availability';
import { IntegrityError } from '../core/errors';
import {
  conversationColumns,
  nameRows,
  type CollectedRow,
  type ConversationRow,
} from '../core/flatten';
import type { Item } from '../core/items';
import { closingPart, fragmentBlob } from '../core/layout';
import type { ActivityResult } from '../core/results';
import { addHours } from '../core/time';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import type { EntryRecord, PartFragment } from '../ports';
import { liftProtection } from './deletion-protection';
import { json, text } from './entries';
import { guarded, openRequest, type Environment, type OpenRequest } from './environment';

/** Runs the body of an activity for which a package that is not as it should be is an outcome. */
const undamaged = <T>(
  env: Environment,
  requestId: string,
  body: (env: Environment) => Promise<T>,
): Promise<ActivityResult<T>> =>
  guarded(env, requestId, body).catch((error: unknown) => {
    if (error instanceof IntegrityError) return { kind: 'failed', code: 'packageDamaged' };
    throw error;
  });

/** Fragments of the finished parts, in the order of the package. */
async function* fragments(
  env: Environment,
  { record, keys }: OpenRequest,
): AsyncGenerator<PartFragment> {
  for (const name of await env.work.list(record.requestId, 'part-')) {
    yield (await env.work.read(record.requestId, name, keys.sealingKey)) as PartFragment;
  }
}

/** What the closing part needs to know of all other parts. */
interface Contents {
  entries: EntryRecord[];
  rows: ConversationRow[];
  /** Items that are in the package, and items that are not. */
  exported: Item[];
  missing: Item[];
}

async function readContents(env: Environment, request: OpenRequest): Promise<Contents> {
  const contents: Contents = { entries: [], rows: [], exported: [], missing: [] };
  const names = new Set<string>();
  const collected: CollectedRow[] = [];
  for await (const fragment of fragments(env, request)) {
    for (const { name } of fragment.entries) {
      // Two lanes at one page: whatever let it happen, such a package is not released.
      if (names.has(name)) throw new IntegrityError('An entry was written twice.');
      names.add(name);
    }
    contents.entries.push(...fragment.entries);
    collected.push(...fragment.rows);
  }
  for (let page = 0; page <= (request.record.pages ?? 0); page += 1) {
    for (const item of await env.ledger.items(request.record.requestId, page)) {
      (item.status === 'exported' ? contents.exported : contents.missing).push(item);
    }
  }
  const missingAudio = new Map<number, number>();
  for (const { kind, conversation } of contents.missing) {
    if (kind === 'audio') missingAudio.set(conversation, (missingAudio.get(conversation) ?? 0) + 1);
  }
  contents.rows = nameRows(collected)
    .map((row) => ({
      ...row,
      audioFiles: row.audioFiles - (missingAudio.get(row.number) ?? 0),
    }))
    .sort((a, b) => a.number - b.number);
  return contents;
}

const csv = (columns: readonly string[], rows: object[]): Buffer =>
  text(stringify(rows, { header: true, columns: [...columns], record_delimiter: '\r\n' }));

/** One line for each file: hash, two spaces, name (RFC 8493 section 2.1.3). */
const manifest = (entries: { name: string; sha256: string }[]): Buffer =>
  text(entries.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''));

/**
 * Writes the last part: tables, report, profile and the BagIt tag files (RFC 8493), whose manifest
 * covers every payload file of all parts.
 */
export const createWriteClosing =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'writeClosing'>) =>
    undamaged(env, requestId, async (env) => {
      const request = await openRequest(env, requestId);
      const { sealingKey, passphrase } = request.keys;
      const blob = fragmentBlob(closingPart);
      if ((await env.work.read(requestId, blob, sealingKey)) !== null) return null;
      const contents = await readContents(env, request);
      const report = await reportOf(env, request, contents);
      const writer = new PartWriter(env.packages, requestId, closingPart, passphrase);
      const payload = [...contents.entries];
      const tags: EntryRecord[] = [];
      const add = async (to: EntryRecord[], name: string, content: Buffer): Promise<void> => {
        to.push(await writer.add(name, content, 'deflate'));
      };
      const { contact } = await env.ledger.details(request.record);
      await add(payload, 'data/profile.json', json(contact));
      await add(payload, 'data/conversations.csv', csv(conversationColumns, contents.rows));
      await add(payload, 'data/conversations.json', json(contents.rows));
      await add(payload, 'data/files.json', json(contents.exported.map(fileView)));
      await add(tags, 'availability-report.html', text(availabilityHtml(report)));
      await add(tags, 'availability-report.json', json(report));
      await add(
        tags,
        'availability-report.csv',
        csv(
          ['conversation', 'kind', 'status', 'reason'],
          report.missing.map((item) => ({ ...item, reason: reasonText(item.reason) })),
        ),
      );
      const octets = payload.reduce((total, entry) => total + entry.size, 0);
      await add(
        tags,
        'bagit.txt',
        text('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
      );
      await add(
        tags,
        'bag-info.txt',
        text(
          `Source-Organization: ${env.settings.branding.controllerName}\nBagging-Date: ${report.createdAt.slice(0, 10)}\nExternal-Identifier: ${requestId}\nPayload-Oxum: ${octets}.${payload.length}\nPackage-Format-Version: 1\n`,
        ),
      );
      await add(tags, 'manifest-sha256.txt', manifest(payload));
      await add([], 'tagmanifest-sha256.txt', manifest(tags));
      const fragment: PartFragment = { ...(await writer.finish()), items: [], rows: [] };
      await env.work.writeOnce(requestId, blob, sealingKey, fragment);
      await env.ledger.update(requestId, { availability: report.sentences });
      return null;
    });

/** What a file is and of what: its place, its id in the source, its size and hash. */
const fileView = ({ conversation, kind, sourceId, entry, size, sha256 }: Item) => ({
  file: entry,
  kind,
  conversation: conversation === 0 ? null : conversation,
  sourceId,
  size,
  sha256,
});

async function reportOf(
  env: Environment,
  { record }: OpenRequest,
  { missing, rows }: Contents,
): Promise<AvailabilityReport> {
  return availabilityReport({
    createdAt: env.clock.now().toISOString(),
    searched: record.searched ?? { from: '', to: '', windows: 0 },
    reach: record.reach,
    searchableUntil: record.searchableUntil,
    auditReach: record.auditReach,
    organisation: record.organisation,
    otherOrganisations: [...env.organisations.keys()].filter(
      (name) => name !== record.organisation,
    ),
    shownDivisions: record.shownDivisions,
    unprotected: record.unprotected,
    leftOut: [
      ...(env.settings.exportSummaries ? [] : ['summaries']),
      ...(env.settings.exportSentiment ? [] : ['sentiment']),
      'secure attributes',
      'evaluations of agents',
    ],
    attributesWithheld: rows.reduce((total, row) => total + row.attributesWithheld, 0),
    counts: await env.ledger.counts(record.requestId),
    missing,
  });
}

export const createCommitPackage =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'commitPackage'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'commitPackage'>> => {
      const request = await openRequest(env, requestId);
      const bytes = await commitPackage(env.packages, requestId, fragments(env, request));
      await env.ledger.update(requestId, { packageBytes: bytes });
      return { bytes };
    });

/** Reads the whole package back before anyone may have it. */
export const createVerifyPackage =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'verifyPackage'>) =>
    undamaged(env, requestId, async (env) => {
      const request = await openRequest(env, requestId);
      const expected = new Map<string, string>();
      for await (const fragment of fragments(env, request)) {
        for (const { name, sha256 } of fragment.entries) expected.set(name, sha256);
      }
      await verifyPackage(env.packages, requestId, request.keys.passphrase, expected);
      return null;
    });

export const createRelease =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'release'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'release'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      await liftProtection(env, request);
      const now = env.clock.now();
      const availableUntil =
        record.availableUntil ?? addHours(now, env.settings.availabilityHours).toISOString();
      const releasedAt = record.releasedAt ?? now.toISOString();
      await env.ledger.move(requestId, 'available', { releasedAt, availableUntil });
      return { availableUntil };
    });
