import { doubtfulIndexBlob, doubtfulPageBlob } from '../core/package/blob-names';
import type { Decision } from '../core/subject/decision';
import {
  doubtfulIndex,
  doubtfulPlaces,
  doubtfulSummary,
  tiesAmong,
  type DoubtfulConversation,
  type DoubtfulFilter,
  type DoubtfulIndex,
  type DoubtfulSummary,
} from '../core/subject/doubtful';
import type { Ties, Verdict } from '../core/subject/verdicts';
import type { ScratchStore } from '../ports';
import { readScratch, type ScratchOwner } from './scratch';

/** What reading doubtful conversations uses. */
export interface DoubtfulServices {
  scratch: Pick<ScratchStore, 'read'>;
}

/** Doubtful conversations on a page of the store. */
const pageLength = 200;

/** Some of the doubtful conversations, in the order of time. */
export interface DoubtfulSlice {
  conversations: (DoubtfulConversation & { verdict: Verdict | null })[];
  /** How many there are in all that the filter lets through. */
  total: number;
  /** Cursor of those that follow; null at the end. */
  next: string | null;
}

/** The doubtful conversations of a request, once they are known. One index tells all but the details. */
export class DoubtfulConversations {
  private readonly ids: ReadonlySet<string>;

  private constructor(
    private readonly services: DoubtfulServices,
    private readonly owner: ScratchOwner,
    private readonly index: DoubtfulIndex,
  ) {
    this.ids = new Set(index.conversations.map(([id]) => id));
  }

  /** @returns null before the searches have ended, and once the request's data is deleted */
  static async of(
    services: DoubtfulServices,
    owner: ScratchOwner,
  ): Promise<DoubtfulConversations | null> {
    const { requestId } = owner.record;
    const index = await services.scratch.read(requestId, doubtfulIndexBlob, owner.keys.dataKey);
    return index && new DoubtfulConversations(services, owner, index);
  }

  /** Stores doubtful conversations, the index last: with it they are known. */
  static async store(
    services: { scratch: Pick<ScratchStore, 'read' | 'write'> },
    owner: ScratchOwner,
    conversations: readonly DoubtfulConversation[],
  ): Promise<DoubtfulConversations> {
    const { requestId } = owner.record;
    const { dataKey } = owner.keys;
    const inOrder = conversations.toSorted(byTime);
    for (let from = 0; from < inOrder.length; from += pageLength) {
      const page = inOrder.slice(from, from + pageLength);
      await services.scratch.write(requestId, pageAt(from), dataKey, page);
    }
    const index = doubtfulIndex(inOrder);
    await services.scratch.write(requestId, doubtfulIndexBlob, dataKey, index);
    return new DoubtfulConversations(services, owner, index);
  }

  /** How many there are, and what is decided on them. */
  summary(decision: Decision | null): DoubtfulSummary {
    return doubtfulSummary(this.index, decision);
  }

  /** Whether a conversation is among them. */
  hasConversation(conversationId: string): boolean {
    return this.ids.has(conversationId);
  }

  /** The ties of those that a decision answers on by themselves. */
  answered(decision: Decision | null): Ties[] {
    return tiesAmong(this.index, new Set(Object.keys(decision?.conversations ?? {})));
  }

  /** Whether one of them carries a contact that is not the person. */
  hasContact(contactId: string): boolean {
    return this.index.contacts.includes(contactId);
  }

  /**
   * Reads some of them, in the order of time.
   * @param cursor where an earlier slice ended, by the same filter; null for the beginning
   * @throws RangeError when the cursor is none
   */
  async slice(
    decision: Decision | null,
    filter: DoubtfulFilter,
    { cursor, limit }: { cursor: string | null; limit: number },
  ): Promise<DoubtfulSlice> {
    const meant = doubtfulPlaces(this.index, decision, filter);
    // A cursor names a place, not a count: what is decided meanwhile moves nothing.
    const from = placeOf(cursor);
    const following = meant.filter(({ place }) => place >= from);
    const chosen = following.slice(0, limit);
    const next = following[limit];
    return {
      conversations: await this.read(chosen),
      total: meant.length,
      next: next === undefined ? null : String(next.place),
    };
  }

  private async read(
    chosen: readonly { place: number; verdict: Verdict | null }[],
  ): Promise<DoubtfulSlice['conversations']> {
    const pages = new Map<string, DoubtfulConversation[]>();
    const conversations: DoubtfulSlice['conversations'] = [];
    for (const { place, verdict } of chosen) {
      const ref = pageAt(place);
      const page = pages.get(ref.name) ?? (await readScratch(this.services, this.owner, ref));
      pages.set(ref.name, page);
      const conversation = page[place % pageLength];
      if (conversation !== undefined) conversations.push({ ...conversation, verdict });
    }
    return conversations;
  }
}

/** The page on which a place is, from 0. */
const pageAt = (place: number) => doubtfulPageBlob(Math.floor(place / pageLength) + 1);

function placeOf(cursor: string | null): number {
  if (cursor === null) return 0;
  if (!/^\d{1,9}$/.test(cursor)) throw new RangeError('This is no cursor.');
  return Number(cursor);
}

const byTime = (a: DoubtfulConversation, b: DoubtfulConversation): number =>
  Date.parse(a.startedAt) - Date.parse(b.startedAt) ||
  (a.conversationId < b.conversationId ? -1 : 1);
