/** Examines the queues of the task hub. No message is put into them, read or taken out. */
export interface QueueProbe {
  /**
   * Names of the queues that the task hub needs and does not have.
   * @throws when storage refuses or does not answer
   */
  missing(): Promise<string[]>;
  /** Whether an error of `missing` says that the app lacks a permission. */
  isForbidden(error: unknown): boolean;
}
