import type { Statement } from './availability-statements';
import type { ConversationRow } from './conversation-row';
import type { Item, ItemKind } from './items';
import type { ProcessingView } from './processing';
import type { ViewerPerson } from './viewer-person';

/** What the viewer shows before a conversation is opened. */
export interface ViewerIndex {
  controller: string;
  locale: string;
  /** Address of the public keys of the signature. */
  keysAddress: string;
  statements: Statement[];
  /** Absent or null where the controller has said nothing, and in packages of before. */
  processing?: ProcessingView | null;
  rows: ViewerRow[];
  person: ViewerPerson;
  /** Files that belong to no conversation. */
  files: string[];
}

export interface ViewerRow {
  row: ConversationRow;
  /** Script with the texts of the conversation. */
  page: string;
  files: { kind: ItemKind; file: string; sourceId: string | null }[];
}

/** Rows of the index: each conversation with its files. */
export function viewerRows(
  rows: readonly { row: ConversationRow; page: string }[],
  exported: readonly Item[],
): ViewerRow[] {
  const files = new Map<number, ViewerRow['files']>();
  for (const { conversation, kind, entry, sourceId } of exported) {
    if (conversation === 0 || entry === null) continue;
    const own = files.get(conversation) ?? [];
    own.push({ kind, file: entry, sourceId });
    files.set(conversation, own);
  }
  return rows.map(({ row, page }) => ({ row, page, files: files.get(row.number) ?? [] }));
}
