import { UnreadableError } from '../core/errors';
import { packageEnding } from '../core/package/file-endings';
import { exported, failed, withheld, type FailureReason, type Item } from '../core/package/items';
import { notExamined } from '../core/redaction/redactions';
import { kindOfFile } from '../core/redaction/text-files';
import type { EntryRecord } from '../ports';
import { collect, unlessRefused, type EntryWriter } from './entries';
import { maskedMail, type MailOwner } from './masked-mail';
import { maskedFile } from './masking';

/** A file that was sent or received, before it is read. */
export interface AttachedFile {
  /** Its name where it comes from. */
  name: string | undefined;
  contentType: string;
  /** Name of its entry in the package, without an ending. */
  stem: string;
  /** What it holds. It is not asked for where policy withholds the file. */
  content: () => AsyncIterable<Buffer>;
}

/** An attachment as the source tells of it: its id and where its file is, if it has one. */
export interface NamedFile {
  id: string | null;
  address: string | null;
}

/**
 * Where the file of an attachment is, by what the source tells of all attachments once more: they may come in
 * another order then.
 * @param place of the attachment before, by which one without an id is found
 */
export const addressAgain = (
  files: readonly NamedFile[],
  { id }: Pick<NamedFile, 'id'>,
  place: number,
): string | null =>
  (id === null ? files[place] : files.find((one) => one.id === id))?.address ?? null;

/** What became of an attached file. */
type Outcome =
  { written: EntryRecord } | { refused: FailureReason } | { withheld: 'attachmentWithheld' };

/**
 * Writes an attached file into the package: a text and a mail masked, anything else as it comes or not at
 * all, as policy says. The log counts what nobody could look into.
 */
export async function exportAttachedFile(
  owner: MailOwner,
  writer: EntryWriter,
  file: AttachedFile,
): Promise<Outcome> {
  const { sanitiser, services } = owner;
  const kind = kindOfFile(file.name ?? '', file.contentType);
  if (kind === 'opaque' && services.settings.export.policy.attachments === 'withhold')
    return { withheld: 'attachmentWithheld' };
  const before = structuredClone(sanitiser.redactions);
  const entry = `${file.stem}${packageEnding(file.name, kind)}`;
  const inEntry = { ...owner, sanitiser: sanitiser.in(entry) };
  const outcome = await readable(() => writer.add(entry, contentOf(inEntry, file), 'store'));
  if ('refused' in outcome) sanitiser.redactions = before;
  else if (kind === 'opaque') inEntry.sanitiser.note(notExamined('attachment'), '');
  return outcome;
}

/** The item of an attached file by what became of it. */
export function settledFile(item: Item, outcome: Outcome): Item {
  if ('written' in outcome) return exported(item, outcome.written);
  return 'refused' in outcome ? failed(item, outcome.refused) : withheld(item, outcome.withheld);
}

/** Name of the file that was written, within its folder; null when none was. */
export const fileNameIn = (outcome: Outcome): string | null =>
  'written' in outcome ? (outcome.written.name.split('/').at(-1) ?? null) : null;

async function* contentOf(owner: MailOwner, file: AttachedFile): AsyncGenerator<Buffer> {
  const { name = '', contentType, content } = file;
  if (kindOfFile(name, contentType) === 'mail')
    yield await maskedMail(owner, await collect(content()));
  else yield* maskedFile(owner.sanitiser, content(), { name, contentType });
}

async function readable(work: () => Promise<EntryRecord>): Promise<Outcome> {
  try {
    const result = await unlessRefused(work);
    return 'got' in result ? { written: result.got } : result;
  } catch (error) {
    if (error instanceof UnreadableError) return { refused: error.reason };
    throw error;
  }
}
