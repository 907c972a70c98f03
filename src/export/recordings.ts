import { FileRefusedError, SourceError } from '../core/errors';
import {
  conversationFolder,
  failed,
  newItem,
  withheld,
  type Item,
  type ItemKind,
  type UnreadableReason,
} from '../core/package/items';
import type {
  AudioFormat,
  EmailComposer,
  ExportSettings,
  RecordingListing,
  RecordingMedia,
  RequestedRecording,
  Source,
} from '../ports';
import { collect, notEmpty, type EntryWriter } from './entries';
import type { Sanitiser } from '../core/redaction/sanitiser';
import type { SubjectIdentifiers } from '../core/subject/contact';
import { maskedMail, type MailOwner } from './masked-mail';
import { exportRecordedTexts } from './recorded-texts';
import type {
  RecordingExporter,
  RecordingOutcome,
  RecordingPage,
  RecordingResult,
  WantedRecording,
} from './recording-exporter';
import { sanitiserFor, type SanitiserServices } from './sanitiser';
import { orElse } from './unreadable';

interface RecordingForm {
  kind: ItemKind;
  /** Name of the file without its number and ending. */
  name: string;
  ending: (format: AudioFormat) => string;
  compression: 'deflate' | 'store';
}

/** How a recording stands in the package, by its medium. */
const forms: Record<RecordingMedia, RecordingForm> = {
  audio: { kind: 'audio', name: 'audio', ending: (format) => format, compression: 'store' },
  screen: { kind: 'screen', name: 'screen', ending: () => 'webm', compression: 'store' },
  chat: { kind: 'chat', name: 'chat', ending: () => 'json', compression: 'deflate' },
  email: {
    kind: 'emailRecording',
    name: 'recorded-email',
    ending: () => 'eml',
    compression: 'deflate',
  },
  messaging: {
    kind: 'messageRecording',
    name: 'recorded-messages',
    ending: () => 'json',
    compression: 'deflate',
  },
  other: { kind: 'otherRecording', name: 'recording', ending: () => 'bin', compression: 'store' },
};

const mediaOfKind = new Map(
  (Object.keys(forms) as RecordingMedia[]).map((media) => [forms[media].kind, media]),
);

/** The medium of an item that is a recording; null for every other item. */
export const mediaOf = ({ kind }: Pick<Item, 'kind'>): RecordingMedia | null =>
  mediaOfKind.get(kind) ?? null;

/** Whether an item is a recording, which is asked for by itself and may take its time. */
export const isRecording = (item: Pick<Item, 'kind'>): boolean => mediaOf(item) !== null;

/** Name of a recording's entry; `ending` where the source has chosen the format. */
export function recordingEntry(
  item: Pick<Item, 'conversation' | 'kind' | 'ordinal'>,
  format: AudioFormat,
  ending?: string,
): string {
  const form = forms[mediaOf(item) ?? 'other'];
  const file = `${form.name}-${item.ordinal}.${ending ?? form.ending(format)}`;
  return `${conversationFolder(item.conversation)}/${file}`;
}

/** Every listed recording as an expected item; what the source has no media of any more says so. */
export function expectedRecordings(
  number: number,
  listed: RecordingListing[],
  { restoreArchived, policy }: Pick<ExportSettings, 'restoreArchived' | 'policy'>,
): Item[] {
  const ordinals = new Map<ItemKind, number>();
  return listed.map(({ recordingId, media, file }) => {
    const { kind } = forms[media];
    const ordinal = (ordinals.get(kind) ?? 0) + 1;
    ordinals.set(kind, ordinal);
    const item = newItem(number, kind, ordinal, recordingId);
    if (media === 'audio' && policy.callAudio === 'transcriptOnly')
      return withheld(item, 'transcriptInstead');
    switch (file) {
      case 'available':
        return item;
      case 'archived':
        return restoreArchived ? { ...item, reason: archivedReason } : archived(item);
      case 'deleted':
        return { ...item, status: 'expired', reason: 'deletedInSource' };
      case 'broken':
        return failed(item, 'brokenInSource');
    }
  });
}

const archivedReason = 'archivedInSource';

/** An item that stays archived in the source. */
export const archived = (item: Item): Item => ({
  ...item,
  status: 'archived',
  reason: archivedReason,
});

/** Whether a recording is a text, in which people are masked. */
export const isRecordedText = (item: Pick<Item, 'kind'>): boolean =>
  ['chat', 'email', 'messaging'].includes(mediaOf(item) ?? '');

/** Whether a recording that is waited for has to be restored first: only the single call does that. */
export const isArchived = ({ reason }: Item): boolean => reason === archivedReason;

/** Whether a recording comes in batches or by bulk export: texts come by the call for single recordings. */
export const isBatched = (item: Item): boolean => {
  const media = mediaOf(item);
  const isFile = media === 'audio' || media === 'screen' || media === 'other';
  return isFile && !isArchived(item);
};

/** What the export of single recordings uses. */
export interface RecordingServices extends SanitiserServices {
  source: Pick<Source, 'requestRecording' | 'download'>;
  emailComposer: Pick<EmailComposer, 'mask'>;
  settings: { export: Pick<ExportSettings, 'policy' | 'audioFormat' | 'restoreArchived'> };
}

/** Exports recordings one by one, in the format that the settings name. */
export class FormattedExporter implements RecordingExporter {
  constructor(private readonly services: RecordingServices) {}

  async *export(page: RecordingPage): AsyncGenerator<RecordingOutcome> {
    const { owner, own, writer, wanted } = page;
    for (const recording of wanted) {
      if (!(await page.hasTime())) return;
      const file = recordingEntry(recording.item, this.services.settings.export.audioFormat);
      const people = page.peopleOf(recording.item);
      const options = { own, file, people };
      const sanitiser = sanitiserFor(this.services, owner.record.requestId, options);
      const siblings = page.siblingsOf(recording.item);
      const asked = { ...recording, siblings, sanitiser, subject: owner.subject };
      yield { recording, result: await exportRecording(this.services, writer, asked) };
    }
  }
}

/** A recording that is asked for, and all items of its conversation. */
export interface AskedRecording extends Pick<WantedRecording, 'item' | 'conversationId'> {
  siblings: readonly Item[];
  sanitiser: Sanitiser;
  /** The person, whose addresses are not masked. */
  subject: Pick<SubjectIdentifiers, 'emails'>;
}

/** Asks for a recording and, when it is ready, streams it into the package at once. */
export async function exportRecording(
  services: RecordingServices,
  writer: EntryWriter,
  asked: AskedRecording,
): Promise<RecordingResult> {
  const { source, settings } = services;
  const { item, siblings, sanitiser } = asked;
  const answer = await requestRecording(services, asked);
  const name = recordingEntry(item, settings.export.audioFormat);
  const unreadable = (reason: UnreadableReason): RecordingResult => ({ kind: 'failed', reason });
  switch (answer.kind) {
    case 'missing':
      return { kind: 'failed', reason: 'notDelivered' };
    case 'mixed':
      return { kind: 'withheld', reason: 'voicesInOneChannel' };
    case 'preparing':
      return { kind: 'notYet', cause: 'preparing' };
    case 'archived':
      return settings.export.restoreArchived
        ? { kind: 'notYet', cause: 'archived' }
        : { kind: 'archived' };
    case 'document': {
      const texts = { item, name, document: answer.document, sanitiser, siblings };
      return orElse(sanitiser, () => exportRecordedTexts(source, writer, texts), unreadable);
    }
    case 'file': {
      const renew = async (): Promise<string | null> => {
        const anew = await requestRecording(services, asked);
        return anew.kind === 'file' ? anew.url : null;
      };
      const file = source.download(answer.url, 'media', renew);
      const content = mediaOf(item) === 'email' ? maskedFile({ ...asked, services }, file) : file;
      const write = async (): Promise<RecordingResult> => {
        const result = await transferred(writer, { item, name, renews: true }, content);
        return result.kind === 'exported'
          ? { ...result, redactions: sanitiser.redactions }
          : result;
      };
      return orElse(sanitiser, write, unreadable);
    }
  }
}

const requestRecording = (
  { source, settings }: RecordingServices,
  { item, conversationId }: AskedRecording,
): Promise<RequestedRecording> =>
  source.requestRecording(
    conversationId,
    { recordingId: item.sourceId ?? '', media: mediaOf(item) ?? 'other' },
    settings.export.audioFormat,
    settings.export.policy.callAudio === 'customerChannel' ? 'customer' : 'merged',
  );

/** A recorded mail without what policy masks in it. */
async function* maskedFile(owner: MailOwner, file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield await maskedMail(owner, await collect(file));
}

/**
 * Writes a file into the package; after a transfer that breaks, and without a byte, it is not there yet.
 * A file that the source refuses for good has failed at once, where `content` renews its address.
 */
export async function transferred(
  writer: EntryWriter,
  { item, name, renews = false }: { item: Item; name: string; renews?: boolean },
  content: AsyncIterable<Buffer>,
): Promise<RecordingResult> {
  const { compression } = forms[mediaOf(item) ?? 'other'];
  try {
    const entry = await writer.add(name, notEmpty(content), compression);
    return { kind: 'exported', entry, attachments: [], redactions: {} };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const isFinal = error instanceof FileRefusedError && (renews || error.host !== null);
    if (isFinal) return { kind: 'failed', reason: error.reason };
    return { kind: 'notYet', cause: 'transferBroken' };
  }
}
