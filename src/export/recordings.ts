import { FileRefusedError, SourceError } from '../core/errors';
import { isActiveEnding } from '../core/package/file-endings';
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
import { addRedactions } from '../core/redaction/redactions';
import type { Sanitiser } from '../core/redaction/sanitiser';
import { loudestChannel, PowerMeter } from '../core/sound/energy';
import { SoundError } from '../core/sound/sound';
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
import {
  channelIn,
  mutedContent,
  placesIn,
  soundRedactions,
  withheldFor,
  type RecordingSound,
  type SoundServices,
} from './sound';
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
  const chosen = ending ?? form.ending(format);
  const file = `${form.name}-${item.ordinal}.${isActiveEnding(chosen) ? 'bin' : chosen}`;
  return `${conversationFolder(item.conversation)}/${file}`;
}

/**
 * Every listed recording as an expected item; what the source has no media of any more says so.
 * @param withheldKinds of items that an officer withholds
 */
export function expectedRecordings(
  number: number,
  listed: RecordingListing[],
  { restoreArchived, policy }: Pick<ExportSettings, 'restoreArchived' | 'policy'>,
  withheldKinds: ReadonlySet<ItemKind> = new Set(),
): Item[] {
  const ordinals = new Map<ItemKind, number>();
  return listed.map(({ recordingId, media, file }) => {
    const { kind } = forms[media];
    const ordinal = (ordinals.get(kind) ?? 0) + 1;
    ordinals.set(kind, ordinal);
    const item = newItem(number, kind, ordinal, recordingId);
    const isThere = file === 'available' || file === 'archived';
    if (isThere && withheldKinds.has(kind)) return withheld(item, 'rightsOfOthers');
    if (media === 'audio' && policy.callAudio === 'transcriptOnly')
      return withheld(
        item,
        withheldKinds.has('transcript') ? 'rightsOfOthers' : 'transcriptInstead',
      );
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
  source: SoundServices['source'] & Pick<Source, 'requestRecording' | 'download'>;
  /** Which channel of the organisation's calls is the customer's; null where transcripts tell. */
  customerChannel: string | null;
  emailComposer: Pick<EmailComposer, 'mask'>;
  settings: { export: Pick<ExportSettings, 'policy' | 'audioFormat' | 'restoreArchived'> };
}

/**
 * After how many recordings in a row that are not ready the others wait for the next pass: what was asked for
 * later is hardly ready when those are not. As long as none that was waited for was ready, one answers for all.
 */
const mostUnready = { untilOneIsReady: 1, afterwards: 2 };

/** A part of a circle, by which repeated steps come near every place of it soon: the golden ratio. */
const step = 0.618;

/**
 * Recordings in the order in which they are asked for: those that were not asked for yet, then the others,
 * of which each pass begins elsewhere, so that some that are never ready keep no other waiting.
 */
function inTurn({ wanted, mayWait, pass }: RecordingPage): WantedRecording[] {
  const waiting = wanted.filter(({ item }) => mayWait(item));
  const fresh = wanted.filter(({ item }) => !mayWait(item));
  const first = Math.floor(((Math.max(pass - 2, 0) * step) % 1) * waiting.length);
  return [...fresh, ...waiting.slice(first), ...waiting.slice(0, first)];
}

/** Exports recordings one by one, in the format that the settings name. */
export class FormattedExporter implements RecordingExporter {
  constructor(private readonly services: RecordingServices) {}

  async *export(page: RecordingPage): AsyncGenerator<RecordingOutcome> {
    const { owner, own, writer } = page;
    let unready = 0;
    let isAnyReady = page.wasAnyReady;
    for (const recording of inTurn(page)) {
      if (!(await page.hasTime())) return;
      const isWaiting = page.mayWait(recording.item);
      if (isWaiting && unready >= mostUnready[isAnyReady ? 'afterwards' : 'untilOneIsReady'])
        return;
      const file = recordingEntry(recording.item, this.services.settings.export.audioFormat);
      const people = page.peopleOf(recording.item);
      const options = { own, file, people };
      const sanitiser = sanitiserFor(this.services, owner.record.requestId, options);
      const siblings = page.siblingsOf(recording.item);
      const asked = { ...recording, siblings, sanitiser, subject: owner.subject };
      const result = await exportRecording(this.services, writer, asked);
      const isUnready = result.kind === 'notYet' && result.cause !== 'transferBroken';
      if (isUnready) page.noteAsked(recording.item);
      if (isWaiting) unready = isUnready ? unready + 1 : 0;
      isAnyReady ||= isWaiting && !isUnready;
      yield { recording, result };
    }
  }
}

/** A recording that is asked for, and all items of its conversation. */
export interface AskedRecording extends Pick<WantedRecording, 'item' | 'conversationId' | 'sound'> {
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
  const { item, sanitiser } = asked;
  const { audioFormat } = settings.export;
  const answer = await requestRecording(services, asked, audioFormat);
  const name = recordingEntry(item, audioFormat);
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
      const texts = { ...asked, services, name, document: answer.document };
      return orElse(sanitiser, () => exportRecordedTexts(source, writer, texts), unreadable);
    }
    case 'channels':
    case 'file': {
      const chosen = await chooseChannel(services, asked, answer);
      if (chosen.kind === 'settled') return chosen.result;
      const { address } = chosen;
      const renew = async (): Promise<string | null> =>
        address(await requestRecording(services, asked, audioFormat));
      const file = source.download(address(answer) ?? '', 'media', renew);
      const content = mediaOf(item) === 'email' ? maskedFile({ ...asked, services }, file) : file;
      const write = async (): Promise<RecordingResult> => {
        const described = { recording: { ...asked, times: answer.times }, name, renews: true };
        const result = await transferred(services, writer, described, content);
        if (result.kind !== 'exported') return result;
        const redactions = addRedactions(result.redactions, sanitiser.redactions);
        return { ...result, redactions };
      };
      return orElse(sanitiser, write, unreadable);
    }
  }
}

const requestRecording = (
  { source, settings }: RecordingServices,
  { item, conversationId }: AskedRecording,
  format: AudioFormat,
): Promise<RequestedRecording> =>
  source.requestRecording(
    conversationId,
    { recordingId: item.sourceId ?? '', media: mediaOf(item) ?? 'other' },
    format,
    channelIn(settings.export.policy),
  );

/** How the address of the wanted file is read from an answer, or what becomes of the recording instead. */
type ChosenFile =
  | { kind: 'chosen'; address: (answer: RequestedRecording) => string | null }
  | { kind: 'settled'; result: RecordingResult };

/** The one file, or that of the customer's channel: the one that is set, or the one that is heard. */
async function chooseChannel(
  services: RecordingServices,
  asked: AskedRecording,
  answer: Extract<RequestedRecording, { kind: 'file' | 'channels' }>,
): Promise<ChosenFile> {
  if (answer.kind === 'file')
    return { kind: 'chosen', address: (anew) => (anew.kind === 'file' ? anew.url : null) };
  const told = services.customerChannel ?? (await heardChannel(services, asked, answer));
  if (typeof told === 'object' && told !== null) return { kind: 'settled', result: told };
  if (told === null || !answer.urls.has(told))
    return { kind: 'settled', result: { kind: 'withheld', reason: 'customerChannelUnknown' } };
  return {
    kind: 'chosen',
    address: (anew) => (anew.kind === 'channels' ? (anew.urls.get(told) ?? null) : null),
  };
}

/**
 * The channel in which the customer is heard while the transcript says that the customer speaks: the others
 * are far quieter then. It is measured in WAV, whatever format is exported.
 * @param given the answer in the format that is exported
 * @returns null where it cannot be told; a result where it cannot be told yet
 */
async function heardChannel(
  services: RecordingServices,
  asked: AskedRecording,
  given: Extract<RequestedRecording, { kind: 'channels' }>,
): Promise<string | RecordingResult | null> {
  const recording = { ...asked, times: given.times };
  const places = await placesIn(services, recording, asked.sound.customer);
  if (places.kind === 'settled') return places.result.kind === 'notYet' ? places.result : null;
  if (places.passages.length === 0) return null;
  const isWav = services.settings.export.audioFormat === 'wav';
  const answer = isWav ? given : await requestRecording(services, asked, 'wav');
  if (answer.kind === 'preparing') return { kind: 'notYet', cause: 'preparing' };
  if (answer.kind !== 'channels') return null;
  const powers = new Map<string, number>();
  try {
    for (const [channel, url] of answer.urls) {
      const meter = new PowerMeter(places.passages);
      for await (const chunk of services.source.download(url, 'media')) meter.push(chunk);
      powers.set(channel, meter.end() ?? 0);
    }
  } catch (error) {
    if (error instanceof SoundError || error instanceof FileRefusedError) return null;
    if (error instanceof SourceError) return { kind: 'notYet', cause: 'transferBroken' };
    throw error;
  }
  return loudestChannel(powers);
}

/** A recorded mail without what policy masks in it. */
async function* maskedFile(owner: MailOwner, file: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield await maskedMail(owner, await collect(file));
}

/** A file of a recording that is to be written. */
export interface RecordingFile {
  recording: RecordingSound;
  /** Name of its entry. */
  name: string;
  /** Whether the address of its content is renewed. */
  renews?: boolean;
}

/**
 * Writes a file into the package, with silent passages where policy wants them; after a transfer that
 * breaks, and without a byte, it is not there yet. A file that the source refuses for good has failed at
 * once, where `content` renews its address. One in which passages cannot be made silent is withheld.
 */
export async function transferred(
  services: SoundServices,
  writer: EntryWriter,
  { recording, name, renews = false }: RecordingFile,
  content: AsyncIterable<Buffer>,
): Promise<RecordingResult> {
  const { item, sound } = recording;
  const { compression } = forms[mediaOf(item) ?? 'other'];
  let shown = content;
  if (sound.kind === 'muted') {
    const places = await placesIn(services, recording, sound.passages);
    if (places.kind === 'settled') return places.result;
    shown = mutedContent(notEmpty(content), places);
  }
  try {
    const entry = await writer.add(name, notEmpty(shown), compression);
    const redactions = soundRedactions(recording, name);
    return { kind: 'exported', entry, attachments: [], redactions };
  } catch (error) {
    if (error instanceof SoundError) return withheldFor(error);
    if (!(error instanceof SourceError)) throw error;
    const isFinal = error instanceof FileRefusedError && (renews || error.host !== null);
    if (isFinal) return { kind: 'failed', reason: error.reason };
    return { kind: 'notYet', cause: 'transferBroken' };
  }
}
