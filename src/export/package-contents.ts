import { allAtOnce } from '../core/at-once';
import { IntegrityError } from '../core/errors';
import {
  nameRows,
  type CollectedRow,
  type ConversationRow,
  type RecordedRow,
} from '../core/package/conversation-row';
import type { Item } from '../core/package/items';
import type { Glance } from '../core/package/viewer-glance';
import type { PackageContents } from '../core/package/metadata-files';
import type { PartGroup } from '../core/package/part-manifest';
import { addRedactions, type Redactions } from '../core/redaction/redactions';
import type { EntryRecord, ItemLedger, RequestRecord, ScratchStore } from '../ports';
import type { ScratchOwner } from '../services/scratch';
import { partManifests, PartGroups } from './part-manifests';

/** What the last part needs to know of all other parts. */
export interface WrittenContents extends PackageContents {
  entries: EntryRecord[];
  /** Where the directories of the parts are kept. */
  groups: PartGroup[];
}

export interface ContentsServices {
  scratch: Pick<ScratchStore, 'list' | 'read' | 'write'>;
  items: Pick<ItemLedger, 'list'>;
}

/**
 * Reads what the parts of a package consist of, and keeps their directories together.
 * @throws IntegrityError when two parts have an entry of one name
 */
export async function readContents(
  services: ContentsServices,
  owner: ScratchOwner & { record: Pick<RequestRecord, 'requestId' | 'pages'> },
): Promise<WrittenContents> {
  const entries: EntryRecord[] = [];
  const collected: CollectedRow[] = [];
  const pages = new Map<number, string[]>();
  const glances = new Map<number, Glance>();
  const recorded: RecordedRow[] = [];
  let redactions: Redactions = {};
  const names = new Set<string>();
  const kept = new PartGroups(services, owner);
  for await (const part of partManifests(services, owner)) {
    await kept.add(part);
    for (const { name } of part.entries) {
      // Two workers on one page: whatever let it happen, such a package is not released.
      if (names.has(name)) throw new IntegrityError('An entry was written twice.');
      names.add(name);
    }
    entries.push(...part.entries);
    collected.push(...part.rows);
    for (const { row, page, glance } of part.rows) {
      pages.set(row.number, [page]);
      glances.set(row.number, glance);
    }
    recorded.push(...(part.recorded ?? []));
    redactions = addRedactions(redactions, part.redactions);
  }
  // What was recorded may stand in a later part than the conversation, and in an earlier one by its name.
  for (const { number, page, words } of recorded) {
    pages.set(number, [...(pages.get(number) ?? []), page]);
    const glance = glances.get(number);
    if (glance?.words === '') glances.set(number, { ...glance, words });
  }
  const { exported, missing } = await readItems(services, owner.record);
  const groups = await kept.finish();
  const rows = rowsOf(collected, missing);
  return { entries, groups, rows, exported, missing, redactions, pages, glances };
}

/** Pages whose items are read at a time. */
const pagesAtOnce = 4;

async function readItems(
  { items }: Pick<ContentsServices, 'items'>,
  { requestId, pages }: Pick<RequestRecord, 'requestId' | 'pages'>,
): Promise<Record<'exported' | 'missing', Item[]>> {
  const exported: Item[] = [];
  const missing: Item[] = [];
  const numbers = Array.from({ length: (pages ?? 0) + 1 }, (_, page) => page);
  const read = await allAtOnce(numbers, (page) => items.list(requestId, page), pagesAtOnce);
  for (const page of read)
    for (const item of page) (item.status === 'exported' ? exported : missing).push(item);
  return { exported, missing };
}

/** The rows in order, whose audio files are those that are in the package. */
function rowsOf(collected: CollectedRow[], missing: Item[]): ConversationRow[] {
  const missingAudio = new Map<number, number>();
  for (const { kind, conversation } of missing) {
    if (kind === 'audio') missingAudio.set(conversation, (missingAudio.get(conversation) ?? 0) + 1);
  }
  return nameRows(collected)
    .map((row) => ({ ...row, audioFiles: row.audioFiles - (missingAudio.get(row.number) ?? 0) }))
    .sort((a, b) => a.number - b.number);
}
