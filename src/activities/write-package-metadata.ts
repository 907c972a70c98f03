import { readFile } from 'node:fs/promises';
import { bagDeclaration, bagInfo, csv, manifest, spreadsheetCsv } from '../adapters/package/bag';
import { PartWriter } from '../adapters/package/part-writer';
import { viewerAssets } from '../adapters/package/viewer-assets';
import {
  availabilityHtml,
  availabilityReport,
  reasonText,
  type AvailabilityFacts,
  type LeftOut,
} from '../core/package/availability-report';
import { dataPackage, packageFormatVersion } from '../core/package/datapackage';
import { IntegrityError } from '../core/errors';
import {
  nameRows,
  type CollectedRow,
  type ConversationRow,
} from '../core/package/conversation-row';
import type { Item } from '../core/package/items';
import {
  metadataPart,
  partManifestBlob,
  personViewBlob,
  viewerFolder,
} from '../core/package/blob-names';
import { addRedactions, redactionLog, type Redactions } from '../core/redaction/sanitiser';
import { packageSchemas } from '../core/package/schemas';
import { conversationColumns, missingColumns } from '../core/package/csv-columns';
import { viewerRows, viewerScript, type ViewerIndex } from '../core/package/viewer-data';
import { pickLocale, translator } from '../core/i18n/translator';
import type { ActivityInput } from '../orchestrators/activity-types';
import type { EntryRecord, PartManifest } from '../ports';
import { json, text } from '../export/entries';
import {
  openRequest,
  withIntegrityCheck,
  type Environment,
  type OpenRequest,
} from '../services/environment';
import { partManifests } from '../export/part-manifests';

/** What the closing part needs to know of all other parts. */
interface Contents {
  entries: EntryRecord[];
  rows: ConversationRow[];
  /** Items that are in the package, and items that are not. */
  exported: Item[];
  missing: Item[];
  redactions: Redactions;
  /** The viewer's script of each conversation, by its number. */
  pages: Map<number, string>;
}

async function readContents(env: Environment, request: OpenRequest): Promise<Contents> {
  const contents: Contents = {
    entries: [],
    rows: [],
    exported: [],
    missing: [],
    redactions: {},
    pages: new Map(),
  };
  const names = new Set<string>();
  const collected: CollectedRow[] = [];
  for await (const fragment of partManifests(env, request)) {
    for (const { name } of fragment.entries) {
      // Two lanes at one page: whatever let it happen, such a package is not released.
      if (names.has(name)) throw new IntegrityError('An entry was written twice.');
      names.add(name);
    }
    contents.entries.push(...fragment.entries);
    collected.push(...fragment.rows);
    for (const { row, page } of fragment.rows) contents.pages.set(row.number, page);
    contents.redactions = addRedactions(contents.redactions, fragment.redactions);
  }
  for (let page = 0; page <= (request.record.pages ?? 0); page += 1) {
    for (const item of await env.items.list(request.record.requestId, page)) {
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

/**
 * Writes the last part: tables, report, profile, descriptions and the BagIt tag files (RFC 8493),
 * whose manifest covers every payload file of all parts, and whose tag manifest is signed.
 */
export const createWritePackageMetadata =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'writePackageMetadata'>) =>
    withIntegrityCheck(env, requestId, async (env) => {
      const request = await openRequest(env, requestId);
      const { dataKey, passphrase } = request.keys;
      const blob = partManifestBlob(metadataPart);
      if ((await env.scratch.read(requestId, blob, dataKey)) !== null) return null;
      const contents = await readContents(env, request);
      const writer = new PartWriter(env.packages, requestId, metadataPart, passphrase);
      // The payload of a bag stands in `data/`; the viewer is beside it.
      const isTag = ({ name }: EntryRecord): boolean => name.startsWith(viewerFolder);
      const payload = contents.entries.filter((entry) => !isTag(entry));
      const tags = contents.entries.filter(isTag);
      const add = async (to: EntryRecord[], name: string, content: Buffer): Promise<void> => {
        to.push(await writer.add(name, content, 'deflate'));
      };
      const { contact, locale } = await env.ledger.details(request.record);
      const speaking = translator(env.locales, pickLocale([locale], env.locales));
      const report = availabilityReport(await factsOf(env, request, contents), speaking);
      const { controllerName, portalOrigin } = env.settings.branding;
      const { createdAt } = report;
      await add(payload, 'data/profile.json', json(contact));
      await add(payload, 'data/conversations.csv', csv(conversationColumns, contents.rows));
      await add(
        payload,
        'data/conversations-spreadsheet.csv',
        spreadsheetCsv(conversationColumns, contents.rows),
      );
      await add(payload, 'data/conversations.json', json(contents.rows));
      await add(payload, 'data/files.json', json(contents.exported.map(fileView)));
      const missing = report.missing.map((item) => ({
        ...item,
        reason: reasonText(item.reason, speaking),
      }));
      await add(tags, 'availability-report.html', text(availabilityHtml(report, speaking)));
      await add(tags, 'availability-report.json', json(report));
      await add(tags, 'availability-report.csv', csv(missingColumns, missing));
      await add(
        tags,
        'availability-report-spreadsheet.csv',
        spreadsheetCsv(missingColumns, missing),
      );
      const log = redactionLog(env.settings.export.policy, contents.redactions, createdAt);
      await add(tags, 'redaction-log.json', json(log));
      for (const { name, schema } of packageSchemas) await add(tags, name, json(schema));
      const descriptor = dataPackage({ requestId, createdAt, controller: controllerName });
      await add(tags, 'datapackage.json', json(descriptor));
      const { notice } = env.settings;
      if (notice) await add(tags, notice.name, await readFile(notice.path));
      const keysAddress = `${portalOrigin}/.well-known/jwks.json`;
      const index: ViewerIndex = {
        controller: controllerName,
        locale,
        keysAddress,
        statements: report.statements,
        rows: viewerRows(
          contents.rows.map((row) => ({ row, page: contents.pages.get(row.number) ?? '' })),
          contents.exported,
        ),
        person: (await env.scratch.read(
          requestId,
          personViewBlob,
          dataKey,
        )) as ViewerIndex['person'],
        files: payload
          .map(({ name }) => name)
          .filter((name) => !name.startsWith('data/conversations/')),
      };
      await add(tags, `${viewerFolder}index.js`, text(viewerScript('index', index)));
      for (const { name, content } of await viewerAssets(env.locales))
        await add(tags, name, content);
      const octets = payload.reduce((total, entry) => total + entry.size, 0);
      await add(tags, 'bagit.txt', bagDeclaration);
      const information = bagInfo({
        'Source-Organization': controllerName,
        'Bagging-Date': createdAt.slice(0, 10),
        'External-Identifier': requestId,
        'Payload-Oxum': `${octets}.${payload.length}`,
        'Package-Format-Version': packageFormatVersion,
      });
      await add(tags, 'bag-info.txt', information);
      await add(tags, 'manifest-sha256.txt', manifest(payload));
      const tagManifest = manifest(tags);
      await add([], 'tagmanifest-sha256.txt', tagManifest);
      const signature = await env.keys.sign(tagManifest, keysAddress);
      await add([], 'tagmanifest-sha256.txt.jws', text(`${signature}\n`));
      const fragment: PartManifest = {
        ...(await writer.finish()),
        items: [],
        rows: [],
        redactions: {},
      };
      await env.scratch.writeOnce(requestId, blob, dataKey, fragment);
      await env.ledger.update(requestId, { availability: report.statements });
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

async function factsOf(
  env: Environment,
  { record }: OpenRequest,
  { missing, rows }: Contents,
): Promise<AvailabilityFacts> {
  const { summaries, sentiment } = env.settings.export;
  const leftOut: LeftOut[] = [
    ...(summaries ? [] : ['summaries' as const]),
    ...(sentiment ? [] : ['sentiment' as const]),
    'secureAttributes',
    'evaluations',
  ];
  return {
    createdAt: env.clock.now().toISOString(),
    searched: record.searched ?? { from: '', to: '', windows: 0 },
    reach: record.searchableFrom,
    indexedUntil: record.indexedUntil,
    auditRetainedFrom: record.auditRetainedFrom,
    organisation: record.organisation,
    otherOrganisations: [...env.organisations.keys()].filter(
      (name) => name !== record.organisation,
    ),
    visibleDivisions: record.visibleDivisions,
    unprotectedConversations: record.unprotectedConversations,
    leftOut,
    attributesWithheld: rows.reduce((total, row) => total + row.attributesWithheld, 0),
    counts: await env.items.counts(record.requestId),
    missing,
  };
}
