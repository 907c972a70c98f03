/** Losses for each worker process that end a host, and the time without one that resets the count. */
const lossesPerProcess = 3;
const forgottenAfter = 30 * 60_000;

/**
 * Counts the worker processes that a host has lost, as the Functions host does
 * (RpcFunctionInvocationDispatcher.cs, AddOrUpdateErrorBucket and StartWorkerChannel): a loss more than
 * half an hour after the previous one resets the count.
 */
export class WorkerLosses {
  private readonly limit: number;
  private count = 0;
  private last = -Infinity;

  /** @param processes worker processes of the host */
  constructor(processes: number) {
    this.limit = lossesPerProcess * processes;
  }

  /**
   * Counts one more.
   * @param now milliseconds
   * @returns whether the lost process is to be replaced
   */
  add(now: number): boolean {
    if (now - this.last > forgottenAfter) this.count = 0;
    this.last = now;
    this.count += 1;
    return this.count < this.limit;
  }
}
