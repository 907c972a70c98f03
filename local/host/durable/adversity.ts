import { randomOf } from '../../random';
import type { Message } from './history';

/** Whom a message is for. External events go to the current run of an instance. */
export interface Address {
  instanceId: string;
  /** The run that waits for the message: a start, a generation, a rewind. Null for external events. */
  executionId: string | null;
}

/** Share of episodes that are aborted after they ran. */
const abortedShare = 0.15;
/** Share of messages that are delayed, and the longest delay. */
const lateShare = 0.5;
const latest = 100;
/** Longest pause before an episode, in which messages gather that may overtake each other. */
const longestPause = 20;
/** Messages that are kept for each instance, to be delivered again after the run that they were for. */
const keptMessages = 5;

/**
 * What a task hub on Azure Storage does while hosts scale in and out, under a seed. An app must produce
 * the same results.
 */
export class Adversity {
  private readonly random: () => number;
  private readonly sent = new Map<string, { to: Address; message: Message }[]>();

  constructor(seed: number) {
    this.random = randomOf(seed);
  }

  /**
   * Whether an episode is aborted after it ran, because another host has written the history of the
   * instance (AzureTableTrackingStore.cs, SplitBrainDetected).
   */
  abortsEpisode(): boolean {
    return this.random() < abortedShare;
  }

  /** Milliseconds for which a message is delayed, so that others overtake it. */
  lateness(): number {
    return this.random() < lateShare ? this.random() * latest : 0;
  }

  /** Milliseconds for which messages gather before an episode. */
  pause(): number {
    return this.random() * longestPause;
  }

  /** Index of the message that is processed next. Nothing overtakes the start of a run. */
  pick(inbox: readonly Message[]): number {
    const first = inbox[0]?.type;
    if (first === 'executionStarted' || first === 'rewound') return 0;
    return Math.floor(this.random() * inbox.length);
  }

  /** Keeps a message that was sent, to deliver it again after its run has ended. */
  remember(to: Address, message: Message): void {
    const kept = this.sent.get(to.instanceId) ?? [];
    this.sent.set(to.instanceId, [...kept, { to, message }].slice(-keptMessages));
  }

  /** Messages to an instance that has ended, or was purged. */
  strays(instanceId: string): { to: Address; message: Message }[] {
    return this.sent.get(instanceId) ?? [];
  }

  forget(instanceId: string): void {
    this.sent.delete(instanceId);
  }
}
