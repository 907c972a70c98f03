import { FunctionError } from '../app-process';
import type { Leaf } from './actions';
import type { FunctionInvoker } from './episode';
import type { Message } from './history';
import { Semaphore } from './semaphore';
import { resultText } from './tasks';

export type ActivityLeaf = Extract<Leaf, { kind: 'activity' }>;

/** Runs activities, so many at a time. */
export class ActivityRunner {
  private readonly places: Semaphore;

  /** @param limit most activities at a time */
  constructor(
    private readonly app: FunctionInvoker,
    limit: number,
  ) {
    this.places = new Semaphore(limit);
  }

  /**
   * Runs an activity once, when there is a place for it. Whether it runs again after a failure, a lost
   * worker included, is its orchestrator's to decide.
   * @param id sequence id that the answer is for
   * @param isWanted asked when there is a place
   * @returns the message for its orchestrator; null when the activity was not wanted any more
   */
  answer(leaf: ActivityLeaf, id: number, isWanted: () => boolean): Promise<Message | null> {
    return this.places.run(async () => (isWanted() ? this.run(leaf, id) : null));
  }

  private async run({ name, input }: ActivityLeaf, id: number): Promise<Message> {
    try {
      return { type: 'taskCompleted', id, result: resultText(await this.app.invoke(name, input)) };
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      const reason = `Activity function '${name}' failed: ${error.message}`;
      return { type: 'taskFailed', id, reason, details: error.details };
    }
  }
}
