import type { Doubt, Ties } from './decision';

/** A conversation that may be another person's, as an officer is shown it: nothing of its content. */
export interface DoubtfulConversation extends Ties {
  /** When it began (ISO 8601). */
  startedAt: string;
  channels: readonly string[];
  direction: 'inbound' | 'outbound' | null;
  /** Names of the queues that it went through. */
  queues: readonly string[];
  doubt: Doubt;
}
