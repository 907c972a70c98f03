import type { SoundPlans } from '../core/redaction/spoken';
import type { CarriedConversation, CarriedPage } from '../core/package/carried';
import type { Item } from '../core/package/items';
import { carriedBlob } from '../core/package/blob-names';
import type { ScratchStore } from '../ports';
import type { ScratchOwner } from '../services/scratch';
import { isRecording } from './recordings';

const isWaitedFor = (item: Item): boolean => isRecording(item) && item.status === 'pending';

/**
 * What earlier passes over a page knew of conversations of which recordings are waited for, and what this
 * pass knows of them for later ones: a later pass reads neither the page nor the parts of earlier ones.
 */
export class Carried {
  private read: Promise<CarriedPage> | null = null;
  private readonly known = new Map<number, CarriedConversation>();
  private readonly sound: SoundPlans = {};
  private readonly asked = new Set<string>();

  constructor(
    private readonly services: { scratch: Pick<ScratchStore, 'read'> },
    private readonly owner: ScratchOwner,
    private readonly page: number,
  ) {}

  /** Takes note of a conversation, and of what is to become of the sound of its recordings. */
  note(conversation: CarriedConversation, sound: SoundPlans): void {
    this.known.set(conversation.number, conversation);
    Object.assign(this.sound, sound);
  }

  /** Takes note of a recording that was asked for by itself and is not there yet. */
  noteAsked({ sourceId }: Item): void {
    if (sourceId !== null) this.asked.add(sourceId);
  }

  /**
   * Ids of recordings that earlier passes have asked for. There are none where this pass has written every
   * conversation of which recordings are waited for.
   */
  async askedBefore(): Promise<ReadonlySet<string>> {
    return new Set(this.read === null ? [] : (await this.read).asked);
  }

  /** What is known of a conversation, by this pass or by an earlier one; null for nothing. */
  async conversation(number: number): Promise<CarriedConversation | null> {
    const known = this.known.get(number);
    if (known) return known;
    const { conversations } = await this.before();
    return conversations.find((one) => one.number === number) ?? null;
  }

  /** What becomes of the sound of recordings, as far as it is known. */
  async plans(): Promise<SoundPlans> {
    return this.read === null ? this.sound : { ...(await this.read).sound, ...this.sound };
  }

  /**
   * What later passes need, when recordings of these items are waited for; null when it is stored, or there is
   * nothing.
   */
  async forLater(items: readonly Item[]): Promise<CarriedPage | null> {
    const waiting = items.filter(isWaitedFor);
    const numbers = new Set(waiting.map(({ conversation }) => conversation));
    const before = await this.askedBefore();
    // Those that have become ready, too: where some have, others may have.
    const asked = [...new Set([...before, ...this.asked])];
    const isNew =
      [...numbers].some((number) => this.known.has(number)) || asked.some((id) => !before.has(id));
    if (!isNew) return null;
    const found = await Promise.all([...numbers].map((number) => this.conversation(number)));
    const conversations = found.flatMap((one) => one ?? []);
    const plans = await this.plans();
    const sound: SoundPlans = {};
    for (const { sourceId } of waiting) {
      const plan = plans[sourceId ?? ''];
      if (plan !== undefined) sound[sourceId ?? ''] = plan;
    }
    return { conversations, sound, asked };
  }

  private before(): Promise<CarriedPage> {
    const { record, keys } = this.owner;
    this.read ??= this.services.scratch
      .read(record.requestId, carriedBlob(this.page), keys.dataKey)
      .then((stored) => stored ?? { conversations: [], sound: {} });
    return this.read;
  }
}
