import { ActivityError, stackOf, tellableCauses } from '../../core/errors';
import type { ActivityResult } from '../../core/results';
import type {
  Activities,
  ActivityInput,
  ActivityName,
  ActivityOutput,
} from '../../orchestrators/activity-types';

/**
 * Runs an activity. Every activity runs here, because what leaves one, results and errors, is stored
 * in clear in the task hub.
 * @param log is told where an unexpected error was thrown; its message, which may repeat anything,
 *   goes nowhere
 * @returns the activity's result, which is of counts and codes
 * @throws ActivityError in place of every error: "run me again"
 */
export async function invokeActivity<N extends ActivityName>(
  activities: Activities,
  name: N,
  input: ActivityInput<N>,
  log: (line: string) => void,
): Promise<ActivityResult<ActivityOutput<N>>> {
  try {
    return await activities[name](input);
  } catch (thrown) {
    const error = new ActivityError(thrown);
    const places = stackOf(thrown).map((place) => ` at ${place}`);
    log(
      `${name} of request ${input.requestId} failed: internalError: ${tellableCauses(thrown)}${places.join('')}`,
    );
    throw error;
  }
}
