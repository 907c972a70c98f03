import type { SourceConversation } from '../genesys/conversation';
import type { UnreadableReason } from './items';
import type { Verdict } from '../subject/decision';
import type { Judgement } from '../subject/matching';

/** A conversation on a page, with its number in the package. */
export interface PageConversation {
  number: number;
  /** Whose it is, or why it cannot be judged. */
  judgement: Exclude<Judgement, 'none'> | UnreadableReason;
  /** An officer's verdict on a doubtful one; null without one, and for all others. */
  verdict: Verdict | null;
  conversation: SourceConversation;
}
