import type { SourceConversation } from '../genesys/conversation';
import type { UnreadableReason, WithheldReason } from './items';
import type { Judgement } from '../subject/matching';

/** A conversation on a page, with its number in the package. */
export interface PageConversation {
  number: number;
  /** Whose it is, or why it cannot be judged. */
  judgement: Exclude<Judgement, 'none'> | UnreadableReason;
  /** Why a doubtful one is left out; null for one that is exported, and for all others. */
  withheldAs: WithheldReason | null;
  conversation: SourceConversation;
}
