import { SourceError } from '../core/errors';
import { pageBlob } from '../core/package/blob-names';
import type { CarriedConversation, CarriedPage } from '../core/package/carried';
import type { CollectedRow, RecordedRow } from '../core/package/conversation-row';
import {
  conversationFolder,
  exported,
  failed,
  itemKey,
  withheld,
  type Item,
  type ItemKind,
} from '../core/package/items';
import type { PageConversation } from '../core/package/page';
import { viewerPageOf, viewerScript } from '../core/package/viewer-script';
import { firstWords, glanceOf } from '../core/package/viewer-glance';
import { noTexts, type ViewerMessage, type ViewerTexts } from '../core/package/viewer-texts';
import { onlySubject, type KnownPeople } from '../core/redaction/people/known';
import { addRedactions, type Redactions } from '../core/redaction/redactions';
import { ownNumbers } from '../core/redaction/own-numbers';
import type { SoundPlan, SoundPlans } from '../core/redaction/spoken';
import type { SubjectIdentifiers } from '../core/subject/contact';
import type {
  Clock,
  PackageWriter,
  PartManifest,
  PartWriter,
  RequestKeys,
  ScratchStore,
  Source,
} from '../ports';
import { readScratch, type ScratchOwner } from '../services/scratch';
import { Carried } from './carried';
import { recordingExporterOf, type RecordingExporterServices } from './choose-recording-exporter';
import { exportDocuments, type DocumentServices } from './conversation';
import { text } from './entries';
import type { NotYetCause, RecordingOutcome, WantedRecording } from './recording-exporter';
import { peopleAgain } from './known-people';
import { archived, isRecordedText, isRecording } from './recordings';
import { sanitiserFor, type SanitiserServices } from './sanitiser';
import { soundPlansOf } from './sound-plans';

/** An activity ends its part after this long, so that a lost worker costs little. */
const partBudget = 4 * 60_000;
/** How often it looks whether an officer has stopped the request. */
const lookAgain = 30_000;

/** What the export of a page uses. */
export type PageExportServices = DocumentServices &
  RecordingExporterServices &
  SanitiserServices & {
    clock: Clock;
    source: Pick<Source, 'restoreRecording'>;
    packageWriter: Pick<PackageWriter, 'startPart'>;
    scratch: Pick<ScratchStore, 'list' | 'read' | 'write'>;
  };

/** The request that a page belongs to. */
export interface PageOwner extends ScratchOwner {
  keys: Pick<RequestKeys, 'dataKey' | 'passphrase'>;
  subject: SubjectIdentifiers;
  timeZone: string;
  /** Kinds of items that an officer withholds; absent where there is none. */
  withheldKinds?: ReadonlySet<ItemKind>;
  /** @throws RequestClosedError when an officer has stopped the request */
  assertOpen(): Promise<void>;
}

/** One pass over a page; after the last one, nothing of it stays pending. */
export interface PagePass {
  page: number;
  /** Its number among the passes over the page, from 1. */
  number: number;
  /** Name of the part that is written. */
  part: string;
  order: 'repeated' | 'last';
  /** Items of the page before the pass. */
  items: readonly Item[];
}

/** What a pass leaves behind. */
export interface WrittenPass {
  manifest: PartManifest;
  /** What later passes need to know; null when that is stored, or nothing. */
  carried: CarriedPage | null;
}

/** Exports what is ready of a page as one part of the package. */
export class PageExport {
  private readonly writer: PartWriter;
  private readonly items = new Map<string, Item>();
  private readonly changed = new Map<string, Item>();
  private readonly rows: CollectedRow[] = [];
  private readonly texts: ViewerTexts[] = [];
  private readonly recorded: RecordedRow[] = [];
  private readonly sound: SoundPlans = {};
  private readonly carried: Carried;
  private entries: Promise<PageConversation[]> | null = null;
  private redactions: Redactions = {};
  private readonly endsAt: number;
  private lookAt: number;

  constructor(
    private readonly services: PageExportServices,
    private readonly owner: PageOwner,
    private readonly pass: PagePass,
  ) {
    const { record, keys } = owner;
    const now = this.now();
    this.endsAt = now + partBudget;
    this.lookAt = now + lookAgain;
    this.writer = services.packageWriter.startPart(record.requestId, pass.part, keys.passphrase);
    this.carried = new Carried(services, owner, pass.page);
    for (const item of pass.items) this.items.set(itemKey(item), item);
  }

  /** Writes what is ready. When the source stops answering, what was written so far is the part. */
  async write(): Promise<WrittenPass> {
    try {
      await this.exportConversations();
      await this.exportRecordings();
    } catch (error) {
      const isPassing = error instanceof SourceError && error.outcome.kind === 'retryLater';
      if (!isPassing || this.changed.size === 0) throw error;
    }
    await this.writeViewerPage();
    const carried = await this.carried.forLater([...this.items.values()]);
    const items = [...this.changed.values()];
    const { rows, recorded, redactions, sound } = this;
    const manifest = { ...(await this.writer.finish()), items, rows, recorded, redactions, sound };
    return { manifest, carried };
  }

  /** Conversations of the page, which a pass that waits for recordings alone does not read. */
  private conversations(): Promise<PageConversation[]> {
    this.entries ??= readScratch(this.services, this.owner, pageBlob(this.pass.page));
    return this.entries;
  }

  private async exportConversations(): Promise<void> {
    const pending = new Map(
      [...this.items.values()]
        .filter(({ kind, status }) => kind === 'conversation' && status === 'pending')
        .map((item) => [item.conversation, item]),
    );
    if (pending.size === 0) return;
    for (const entry of await this.conversations()) {
      await this.assertOpen();
      const item = pending.get(entry.number);
      if (item !== undefined) await this.exportConversation(entry, item);
      if (this.now() > this.endsAt) return;
    }
  }

  private async exportConversation(entry: PageConversation, item: Item): Promise<void> {
    const { services, writer } = this;
    const { subject, timeZone, record, withheldKinds = new Set() } = this.owner;
    const sanitiser = sanitiserFor(services, record.requestId, {
      own: ownNumbers(subject),
      file: `${conversationFolder(entry.number)}/conversation.json`,
    });
    const context = { timeZone, subject, sanitiser, withheldKinds };
    const documents = await writer.atomically(() =>
      exportDocuments(services, writer, entry, item, context),
    );
    this.redactions = addRedactions(this.redactions, sanitiser.redactions);
    documents.items.forEach((changed) => this.note(changed));
    this.rows.push({ ...documents.row, page: viewerPageOf(this.pass.part) });
    this.texts.push(documents.texts);
    Object.assign(this.sound, documents.sound);
    this.carried.note(carriedOf(entry, documents.people), documents.sound);
  }

  private async exportRecordings(): Promise<void> {
    const { owner, writer, pass } = this;
    const pending = [...this.items.values()].filter(
      (item) => isRecording(item) && item.status === 'pending',
    );
    if (pending.length === 0) return;
    const known = await this.knownOf(pending);
    const plans = await this.soundPlans(pending, known);
    const wanted: WantedRecording[] = [];
    for (const item of pending) {
      const sound = plans(item);
      const { conversationId = '', start = '' } = known.get(item.conversation) ?? {};
      // Nothing is asked of the source for what would not be handed over.
      if (sound.kind === 'withheld') this.note(withheld(item, sound.reason ?? 'passageNotFound'));
      else wanted.push({ item, conversationId, start, sound });
    }
    const askedBefore = await this.carried.askedBefore();
    const outcomes = recordingExporterOf(this.services).export({
      owner,
      own: ownNumbers(owner.subject),
      page: pass.page,
      pass: pass.number,
      writer,
      wanted,
      // Nothing waits for a pass after the last one.
      mayWait: ({ sourceId }) => pass.order === 'repeated' && askedBefore.has(sourceId ?? ''),
      wasAnyReady: pass.items.some(
        (item) =>
          isRecording(item) && item.status === 'exported' && askedBefore.has(item.sourceId ?? ''),
      ),
      noteAsked: (item) => this.carried.noteAsked(item),
      peopleOf: ({ conversation }) => known.get(conversation)?.people ?? onlySubject(owner.subject),
      siblingsOf: ({ conversation }) => this.itemsOf(conversation),
      hasTime: () => this.hasTime(),
    });
    for await (const outcome of outcomes) {
      if (outcome.result.kind === 'exported') {
        // What is tried again is masked again.
        this.redactions = addRedactions(this.redactions, outcome.result.redactions);
        this.showRecorded(outcome.recording.item, outcome.result.messages ?? []);
      }
      for (const item of await this.settle(outcome)) this.note(item);
    }
  }

  /**
   * What is known of the conversations of these recordings. Where nothing is, as of a page that an earlier
   * version of the app has begun, who is in those with recorded texts is collected again.
   */
  private async knownOf(pending: readonly Item[]): Promise<ReadonlyMap<number, KnownConversation>> {
    const known = new Map<number, KnownConversation>();
    const withTexts = new Set(pending.filter(isRecordedText).map((item) => item.conversation));
    for (const number of new Set(pending.map(({ conversation }) => conversation))) {
      const carried = await this.carried.conversation(number);
      const entry = carried === null ? await this.entryOf(number) : undefined;
      if (carried !== null) known.set(number, carried);
      if (entry === undefined) continue;
      const { conversationId, conversationStart: start } = entry.conversation;
      known.set(number, { conversationId, start, people: null });
      if (!withTexts.has(number)) continue;
      const again = carriedOf(entry, await peopleAgain(this.services, entry, this.owner.subject));
      known.set(number, again);
      this.carried.note(again, {});
    }
    return known;
  }

  private async entryOf(wanted: number): Promise<PageConversation | undefined> {
    return (await this.conversations()).find(({ number }) => number === wanted);
  }

  private async soundPlans(
    pending: readonly Item[],
    known: ReadonlyMap<number, KnownConversation>,
  ): Promise<(item: Item) => SoundPlan> {
    const { subject } = this.owner;
    return soundPlansOf(this.services, this.owner, {
      page: this.pass.page,
      known: await this.carried.plans(),
      pending,
      entryOf: (number) => this.entryOf(number),
      peopleOf: async (entry) =>
        known.get(entry.number)?.people ?? (await peopleAgain(this.services, entry, subject)),
    });
  }

  /** The items after an outcome. Here alone it is decided what is given up. */
  private async settle({ recording, result }: RecordingOutcome): Promise<Item[]> {
    const { item, conversationId } = recording;
    switch (result.kind) {
      case 'exported':
        return [exported(item, result.entry), ...result.attachments];
      case 'failed':
        return [failed(item, result.reason)];
      case 'withheld':
        return [withheld(item, result.reason)];
      case 'archived':
        return [archived(item)];
      case 'notYet':
        if (this.pass.order === 'last') return [givenUp(item, result.cause)];
        if (result.cause === 'archived')
          await this.services.source.restoreRecording(conversationId, item.sourceId ?? '');
        return [item];
    }
  }

  /** Has the viewer show a recorded chat or thread, unless it shows the thread itself. */
  private showRecorded({ conversation: number }: Item, messages: ViewerMessage[]): void {
    const hasThread = this.itemsOf(number).some(
      ({ kind, status }) => kind === 'message' && status === 'exported',
    );
    if (messages.length === 0 || hasThread) return;
    const own = this.texts.find((one) => one.number === number);
    own?.messages.push(...messages);
    const row = this.rows.find((one) => one.row.number === number);
    if (row && own) row.glance = glanceOf(own);
    if (own) return;
    this.texts.push({ ...noTexts(number), messages });
    const words = firstWords(messages[0]?.text ?? '');
    this.recorded.push({ number, page: viewerPageOf(this.pass.part), words });
  }

  private async writeViewerPage(): Promise<void> {
    if (this.texts.length === 0) return;
    const name = viewerPageOf(this.pass.part);
    await this.writer.add(name, text(viewerScript(name, this.texts)), 'deflate');
  }

  private itemsOf(conversation: number): Item[] {
    return [...this.items.values()].filter((item) => item.conversation === conversation);
  }

  private note(item: Item): void {
    const key = itemKey(item);
    if (this.items.get(key) !== item) this.changed.set(key, item);
    this.items.set(key, item);
  }

  private async hasTime(): Promise<boolean> {
    if (this.now() > this.endsAt) return false;
    await this.assertOpen();
    return true;
  }

  private async assertOpen(): Promise<void> {
    if (this.now() < this.lookAt) return;
    await this.owner.assertOpen();
    this.lookAt = this.now() + lookAgain;
  }

  private now(): number {
    return this.services.clock.now().getTime();
  }
}

/** A conversation of which recordings are waited for; nobody is collected from it where `people` is null. */
type KnownConversation = Pick<CarriedConversation, 'conversationId' | 'start'> & {
  people: KnownPeople | null;
};

const carriedOf = (
  { number, conversation }: PageConversation,
  people: KnownPeople,
): CarriedConversation => ({
  number,
  conversationId: conversation.conversationId,
  start: conversation.conversationStart,
  people,
});

/** A recording that is not waited for any longer. */
function givenUp(item: Item, cause: NotYetCause): Item {
  switch (cause) {
    case 'preparing':
      return failed(item, 'preparationTimedOut');
    case 'transferBroken':
      return failed(item, 'transferFailed');
    case 'archived':
      return archived(item);
  }
}
