import type { WithheldPartReason } from '../../core/redaction/mail/withheld-notes';
import { mailFileOf, mailFiles, savedName, withheldReasonOf } from '../../core/viewer/mail-files';
import { isNamed } from '../shared/dom-exceptions';
import type { MediaSource } from './package-source';

/** What of a package is needed to save a file of one of its mails. */
export type ArchiveFiles = Pick<Extract<MediaSource, { kind: 'archive' }>, 'read' | 'saveAs'>;

/** Which file of a mail is meant. */
export interface FileOfMail {
  /** The message file in the package. */
  mail: string;
  /** Of all files that are listed of the mail, of which some may not be in it. */
  names: readonly string[];
  index: number;
}

/** A mail that could be read does not have a file. */
class NotInMail extends Error {
  constructor(readonly why: WithheldPartReason | null) {
    super('The file is not in the mail.');
  }
}

/**
 * Takes a file out of its mail and saves it. What a double click may run is saved as something that it may not.
 * Where to save it is asked before the mail is read: browsers ask that only shortly after a click.
 * @param name of the file, with everything in words that was removed from it
 * @throws what `reasonNotSaved` has the words of
 */
export const saveFromMail = (
  media: ArchiveFiles,
  { mail, names, index }: FileOfMail,
  name: string,
): Promise<void> =>
  media.saveAs(savedName(name), async () => {
    const message = new Uint8Array(await (await media.read(mail)).arrayBuffer());
    const found = mailFileOf(mailFiles(message), names, index);
    if (found === null) throw new NotInMail(null);
    const bytes = found.bytes();
    const why = withheldReasonOf(bytes);
    if (why !== null) throw new NotInMail(why);
    // Of no type: no browser shows it as a page of this one.
    return new Blob([bytes], { type: 'application/octet-stream' });
  });

/** Why a file was not saved: a key of the languages; empty where whoever closed the dialog did not want it. */
export function reasonNotSaved(error: unknown): string {
  if (isNamed(error, 'AbortError')) return '';
  if (!(error instanceof NotInMail)) return 'viewer.unreadable';
  return error.why === null ? 'viewer.notInMail' : `viewer.leftOutOfMail.${error.why}`;
}
