import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { ActivityResult } from '../core/results';
import type { Traced } from '../core/traced';
import { tracedBy } from './shared/traced';
import { invokeActivity } from './shared/invoke-activity';
import type { Activities, ActivityInput, ActivityName } from '../orchestrators/activity-types';
import { exportPersonRecords } from '../orchestrators/export-person-records';
import { exportWorker } from '../orchestrators/export-worker';
import { deliverWebhooks } from '../orchestrators/deliver-webhooks';
import { fulfilRequest } from '../orchestrators/fulfil-request';
import { searchGroup } from '../orchestrators/search-group';

/** Runs an activity as part of the trace of its request. */
export type ActivityTracer = <T>(
  activity: string,
  request: Traced,
  run: () => Promise<ActivityResult<T>>,
) => Promise<ActivityResult<T>>;

/** Registers every orchestrator and activity under its name in `ActivityTypes` and `OrchestratorTypes`. */
export function registerDurable(activities: Activities, trace: ActivityTracer): void {
  df.app.orchestration('fulfilRequest', fulfilRequest);
  df.app.orchestration('searchGroup', searchGroup);
  df.app.orchestration('exportWorker', exportWorker);
  df.app.orchestration('exportPersonRecords', exportPersonRecords);
  df.app.orchestration('deliverWebhooks', deliverWebhooks);
  const register = <N extends ActivityName>(name: N): void => {
    df.app.activity(name, {
      handler: (input: ActivityInput<N>, context: InvocationContext) =>
        trace(name, tracedBy(context, input.requestId), () =>
          invokeActivity(activities, name, input, (line) => context.error(line)),
        ),
    });
  };
  (Object.keys(activities) as ActivityName[]).forEach(register);
}
