import type { KnownPeople } from '../redaction/people/known';
import type { SoundPlans } from '../redaction/spoken';

/** A conversation whose documents are written and of which recordings are waited for. */
export interface CarriedConversation {
  number: number;
  conversationId: string;
  /** When it began (ISO 8601). */
  start: string;
  /** Everybody who is known from it. */
  people: KnownPeople;
}

/** What a pass over a page knows that later ones need. */
export interface CarriedPage {
  conversations: CarriedConversation[];
  /** By the ids of the recordings that are waited for. */
  sound: SoundPlans;
  /**
   * Ids of recordings that were asked for one by one and not there at once, those that came since included;
   * absent in what an earlier version of the app has stored.
   */
  asked?: string[];
}
