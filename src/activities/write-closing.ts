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
} from '../core/availability';
import { dataPackage, packageFormatVersion } from '../core/datapackage';
import { IntegrityError } from '../core/errors';
import { nameRows, type CollectedRow, type ConversationRow } from '../core/flatten';
import type { Item } from '../core/items';
import { closingPart, fragmentBlob, personViewBlob, viewerFolder } from '../core/layout';
import { addRedactions, redactionLog, type Redactions } from '../core/sanitise';
import { packageSchemas } from '../core/schemas';
import { conversationColumns, missingColumns } from '../core/tables';
import { viewerRows, viewerScript, type ViewerIndex } from '../core/viewer';
import { pickLanguage, speaker } from '../core/words';
import type { ActivityInput } from '../orchestrators/contract';
import type { EntryRecord, PartFragment } from '../ports';
import { json, text } from './entries';
import { openRequest, undamaged, type Environment, type OpenRequest } from './environment';
import { fragments } from './fragments';

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
  for await (const fragment of fragments(env, request)) {
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

/**
 * Writes the last part: tables, report, profile, descriptions and the BagIt tag files (RFC 8493),
 * whose manifest covers every payload file of all parts, and whose tag manifest is signed.
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
      const writer = new PartWriter(env.packages, requestId, closingPart, passphrase);
      // The payload of a bag stands in `data/`; the viewer is beside it.
      const isTag = ({ name }: EntryRecord): boolean => name.startsWith(viewerFolder);
      const payload = contents.entries.filter((entry) => !isTag(entry));
      const tags = contents.entries.filter(isTag);
      const add = async (to: EntryRecord[], name: string, content: Buffer): Promise<void> => {
        to.push(await writer.add(name, content, 'deflate'));
      };
      const { contact, locale } = await env.ledger.details(request.record);
      const speaking = speaker(env.languages, pickLanguage([locale], env.languages));
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
      const log = redactionLog(env.settings.policy, contents.redactions, createdAt);
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
        person: (await env.work.read(
          requestId,
          personViewBlob,
          sealingKey,
        )) as ViewerIndex['person'],
        files: payload
          .map(({ name }) => name)
          .filter((name) => !name.startsWith('data/conversations/')),
      };
      await add(tags, `${viewerFolder}index.js`, text(viewerScript('index', index)));
      for (const { name, content } of await viewerAssets(env.languages))
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
      const fragment: PartFragment = {
        ...(await writer.finish()),
        items: [],
        rows: [],
        redactions: {},
      };
      await env.work.writeOnce(requestId, blob, sealingKey, fragment);
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
  const { exportSummaries, exportSentiment } = env.settings;
  const leftOut: LeftOut[] = [
    ...(exportSummaries ? [] : ['summaries' as const]),
    ...(exportSentiment ? [] : ['sentiment' as const]),
    'secureAttributes',
    'evaluations',
  ];
  return {
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
    leftOut,
    attributesWithheld: rows.reduce((total, row) => total + row.attributesWithheld, 0),
    counts: await env.ledger.counts(record.requestId),
    missing,
  };
}
