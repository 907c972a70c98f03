/** Deletion holds: conversations that the source must not delete. Each call takes 100 at most. */
export interface DeletionHoldSource {
  /** Those of the conversations on which somebody has placed a hold. */
  heldConversations(conversationIds: string[]): Promise<string[]>;
  /** @returns false when the source cannot place holds on all of them */
  setDeletionHold(conversationIds: string[]): Promise<boolean>;
  clearDeletionHold(conversationIds: string[]): Promise<void>;
}
