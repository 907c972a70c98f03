import { SourceError } from '../core/errors';
import { pageBlob, peopleBlob } from '../core/package/blob-names';
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
import type { SoundPlans } from '../core/redaction/spoken';
import type { SubjectIdentifiers } from '../core/subject/contact';
import type {
  ItemLedger,
  PackageWriter,
  PartManifest,
  PartWriter,
  RequestKeys,
  ScratchStore,
  Source,
} from '../ports';
import { readScratch, type ScratchOwner } from '../services/scratch';
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
const lookAgain = 10_000;

/** What the export of a page uses. */
export type PageExportServices = DocumentServices &
  RecordingExporterServices &
  SanitiserServices & {
    source: Pick<Source, 'restoreRecording'>;
    items: Pick<ItemLedger, 'list'>;
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
  /** Name of the part that is written. */
  part: string;
  order: 'repeated' | 'last';
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
  /** Who is known from each conversation, by its number. */
  private readonly people = new Map<number, KnownPeople>();
  private redactions: Redactions = {};
  private readonly endsAt = Date.now() + partBudget;
  private lookAt = Date.now() + lookAgain;

  constructor(
    private readonly services: PageExportServices,
    private readonly owner: PageOwner,
    private readonly pass: PagePass,
  ) {
    const { record, keys } = owner;
    this.writer = services.packageWriter.startPart(record.requestId, pass.part, keys.passphrase);
  }

  /** Writes what is ready. When the source stops answering, what was written so far is the part. */
  async write(): Promise<PartManifest> {
    const { services, owner, pass } = this;
    const conversations = await readScratch(services, owner, pageBlob(pass.page));
    for (const item of await services.items.list(owner.record.requestId, pass.page))
      this.items.set(itemKey(item), item);
    try {
      await this.exportConversations(conversations);
      await this.exportRecordings(conversations);
    } catch (error) {
      const isPassing = error instanceof SourceError && error.outcome.kind === 'retryLater';
      if (!isPassing || this.changed.size === 0) throw error;
      // What is written is not fetched again: later passes know people from here alone.
      await this.knowPeople(conversations);
    }
    await this.writeViewerPage();
    const items = [...this.changed.values()];
    const { rows, recorded, redactions, sound } = this;
    return { ...(await this.writer.finish()), items, rows, recorded, redactions, sound };
  }

  private async exportConversations(conversations: PageConversation[]): Promise<void> {
    for (const entry of conversations) {
      await this.assertOpen();
      const main = this.itemsOf(entry.number).find(({ kind }) => kind === 'conversation');
      if (main?.status === 'pending') await this.exportConversation(entry, main);
      if (Date.now() > this.endsAt) return;
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
    this.people.set(entry.number, documents.people);
  }

  private async exportRecordings(conversations: PageConversation[]): Promise<void> {
    const { owner, writer, pass } = this;
    const pending = [...this.items.values()].filter(
      (item) => isRecording(item) && item.status === 'pending',
    );
    await this.knowPeople(conversations);
    const wanted: WantedRecording[] = [];
    for (const recording of await this.withSoundPlans(conversations, pending)) {
      const { item, sound } = recording;
      // Nothing is asked of the source for what would not be handed over.
      if (sound.kind === 'withheld') this.note(withheld(item, sound.reason ?? 'passageNotFound'));
      else wanted.push(recording);
    }
    const outcomes = recordingExporterOf(this.services).export({
      owner,
      own: ownNumbers(owner.subject),
      page: pass.page,
      writer,
      wanted,
      peopleOf: ({ conversation }) => this.people.get(conversation) ?? onlySubject(owner.subject),
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
   * Recalls who is known from the conversations of which recorded texts are waited for, and keeps it for
   * later passes. Where nothing is kept, as of a page that an earlier version of the app has begun, it is
   * collected again.
   */
  private async knowPeople(conversations: PageConversation[]): Promise<void> {
    const waiting = new Set(
      [...this.items.values()].flatMap((item) =>
        item.status === 'pending' && isRecordedText(item) ? [item.conversation] : [],
      ),
    );
    if (waiting.size === 0) return;
    const { scratch } = this.services;
    const { record, keys, subject } = this.owner;
    const blob = peopleBlob(this.pass.page);
    const kept = new Map(await scratch.read(record.requestId, blob, keys.dataKey));
    const isKept = [...waiting].every((number) => kept.has(number));
    for (const entry of conversations) {
      if (!waiting.has(entry.number)) continue;
      const known = this.people.get(entry.number) ?? kept.get(entry.number);
      this.people.set(entry.number, known ?? (await peopleAgain(this.services, entry, subject)));
    }
    const people = [...this.people].filter(([number]) => waiting.has(number));
    if (!isKept) await scratch.write(record.requestId, blob, keys.dataKey, people);
  }

  private async withSoundPlans(
    conversations: PageConversation[],
    pending: readonly Item[],
  ): Promise<WantedRecording[]> {
    const { subject } = this.owner;
    const entries = new Map(conversations.map((entry) => [entry.number, entry]));
    const plans = await soundPlansOf(this.services, this.owner, {
      page: this.pass.page,
      known: this.sound,
      pending: pending.map((item) => ({ item, entry: entries.get(item.conversation) })),
      peopleOf: async (entry) =>
        this.people.get(entry.number) ?? (await peopleAgain(this.services, entry, subject)),
    });
    return pending.map((item) => {
      const conversation = entries.get(item.conversation)?.conversation;
      return {
        item,
        conversationId: conversation?.conversationId ?? '',
        start: conversation?.conversationStart ?? '',
        sound: plans(item),
      };
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
    if (Date.now() > this.endsAt) return false;
    await this.assertOpen();
    return true;
  }

  private async assertOpen(): Promise<void> {
    if (Date.now() < this.lookAt) return;
    await this.owner.assertOpen();
    this.lookAt = Date.now() + lookAgain;
  }
}

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
