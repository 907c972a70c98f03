import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Locales } from '../src/core/i18n/translator';
import type { ConversationRow } from '../src/core/package/conversation-row';
import { exported, newItem, type Item, type ItemKind } from '../src/core/package/items';
import { missingGroups } from '../src/core/package/missing-groups';
import { glanceOf } from '../src/core/package/viewer-glance';
import { viewerScripts, type ViewerSources } from '../src/core/package/viewer-index';
import { viewerPerson } from '../src/core/package/viewer-person';
import { viewerPageOf, viewerScript } from '../src/core/package/viewer-script';
import { noTexts, type ViewerTexts } from '../src/core/package/viewer-texts';
import { root } from './root';

/** A conversation of a package that is made for the viewer alone. */
export interface ShownConversation {
  row: Partial<ConversationRow> & Pick<ConversationRow, 'start'>;
  texts?: Partial<ViewerTexts>;
  /** Files in its folder. */
  files?: { kind: ItemKind; file: string; sourceId?: string; content?: Buffer }[];
  missing?: Pick<Item, 'kind' | 'status' | 'reason'>[];
}

const emptyRow: ConversationRow = {
  ...{ number: 1, conversationId: '', date: '', time: '', start: '', end: '', startLocal: '' },
  ...{ timeZone: 'Europe/Berlin', durationSeconds: null, channel: 'voice', direction: 'inbound' },
  ...{ queue: '', agent: '', wrapUp: '', audioFiles: 0, transcriptFiles: 0 },
  ...{ emails: 0, messages: 0, attributesWithheld: 0 },
};

/** What a package without a person's records and without gaps says. */
const noSources: ViewerSources = {
  controller: 'Example Ltd',
  locale: 'en',
  keysAddress: 'https://privacy.shop.example/.well-known/jwks.json',
  createdAt: '2026-11-25T13:15:00.000Z',
  searched: { from: '2021-11-26T00:00:00.000Z', to: '2026-11-25T12:15:00.000Z' },
  statements: [],
  missingGroups: [],
  processing: null,
  rows: [],
  pages: new Map(),
  glances: new Map(),
  exported: [],
  missing: [],
  person: viewerPerson({ contacts: [], notes: [], visits: [], campaigns: [], audits: [] }),
  patterns: [],
  files: [],
};

function write(folder: string, name: string, content: string | Buffer): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** The catalogs of messages that were built. */
export function builtLocales(): Locales {
  const folder = join(root, 'dist/src/locales');
  return Object.fromEntries(
    readdirSync(folder).map((name) => [
      basename(name, '.json'),
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as Locales[string],
    ]),
  );
}

/** Copies the files of the viewer that are the same in every package into a folder. */
export function copyViewer(folder: string): void {
  const assets = join(root, 'dist/src/web/viewer');
  for (const name of ['index.html', 'check.html']) cpSync(join(assets, name), join(folder, name));
  mkdirSync(join(folder, 'viewer'), { recursive: true });
  for (const name of ['viewer.css', 'viewer.js', 'check.js'])
    cpSync(join(assets, name), join(folder, 'viewer', name));
  write(folder, 'viewer/languages.js', viewerScript('languages', builtLocales()));
}

/** Conversations of a script of texts. */
const perPage = 250;

const pageOf = (index: number): string =>
  viewerPageOf(`p${String(Math.floor(index / perPage) + 1).padStart(6, '0')}-0001-00001`);

/**
 * Writes an unpacked package into a folder, as far as the viewer reads it.
 * @param conversations from the oldest on
 * @param files of conversations that have content: whether they are written, too
 */
export function viewerPackage(
  folder: string,
  conversations: readonly ShownConversation[],
  sources: Partial<ViewerSources> = {},
  files: 'written' | 'named' = 'written',
): void {
  copyViewer(folder);
  const writesFiles = files === 'written';
  const rows = conversations.map(({ row }, i) => ({
    ...emptyRow,
    ...{ number: i + 1, date: row.start.slice(0, 10) },
    ...row,
  }));
  const texts = conversations.map((one, i) => ({ ...noTexts(i + 1), ...one.texts }));
  const items = conversations.flatMap(({ files: own = [] }, i) =>
    own.map(({ kind, file, sourceId = null, content }, j) => {
      const name = `data/conversations/${String(i + 1).padStart(4, '0')}/${file}`;
      if (content && writesFiles) write(folder, name, content);
      const item = newItem(i + 1, kind, j + 1, sourceId);
      return exported(item, { name, size: content?.length ?? 0, sha256: '' });
    }),
  );
  const missing = conversations.flatMap(({ missing: gaps = [] }, i) =>
    gaps.map((gap, j) => ({ ...newItem(i + 1, gap.kind, j + 1, null), ...gap })),
  );
  const scripts = viewerScripts({
    ...noSources,
    rows,
    pages: new Map(rows.map(({ number }, i) => [number, [pageOf(i)]])),
    glances: new Map(texts.map((one) => [one.number, glanceOf(one)])),
    exported: items,
    missing,
    missingGroups: missingGroups(missing, rows),
    ...sources,
  });
  for (const { name, content } of scripts) write(folder, name, content);
  for (let start = 0; start < texts.length; start += perPage) {
    const page = pageOf(start);
    write(folder, page, viewerScript(page, texts.slice(start, start + perPage)));
  }
}
