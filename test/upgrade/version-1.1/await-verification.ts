import type { OrchestrationContext } from 'durable-functions';
import { addDays } from '../../../src/core/time/time';
import type { Orchestration } from '../../../src/orchestrators/call';
import {
  bestEffort,
  now,
  readOpenRequest,
  waitForChange,
  type RequestRun,
} from '../../../src/orchestrators/request-run';

/**
 * Whether an instance was started by this version of the orchestrations, or a later one. An older
 * instance must ask for the actions that its history holds.
 */
const isSince = (context: OrchestrationContext, version: string): boolean =>
  (context.df.version ?? '').localeCompare(version, 'en', { numeric: true }) >= 0;

/**
 * An example of a changed orchestration, for the test of upgrades: `awaitVerification` in a version
 * 1.1 that reminds the person after one day as well.
 */
export function* awaitVerification(run: RequestRun): Orchestration<boolean> {
  const { step, requestId, input, context } = run;
  const { verificationDays, reminderDays } = input.limits;
  const waitDays = isSince(context, '1.1')
    ? [1, reminderDays, verificationDays]
    : [reminderDays, verificationDays];
  const times = waitDays.map((days) => addDays(now(run), days));
  while (!(yield* readOpenRequest(run)).isVerified) {
    const [next] = times;
    if (next === undefined) return false;
    if ((yield* waitForChange(run, 'waitForVerification', next)) === 'event') continue;
    times.shift();
    if (times.length > 0) yield* bestEffort(step('remindPerson', { requestId }));
  }
  return true;
}
