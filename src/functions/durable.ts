import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { invokeActivity } from '../activities/invoke-activity';
import { traced } from '../adapters/telemetry/trace';
import type { Activities, ActivityInput, ActivityName } from '../orchestrators/activity-types';
import { exportPersonRecords } from '../orchestrators/export-person-records';
import { exportWorker } from '../orchestrators/export-worker';
import { deliverWebhooks } from '../orchestrators/deliver-webhooks';
import { fulfilRequest } from '../orchestrators/fulfil-request';
import { searchGroup } from '../orchestrators/search-group';

/** Registers every orchestrator and activity under the name that the contract gives it. */
export function registerDurable(activities: Activities): void {
  df.app.orchestration('fulfilRequest', fulfilRequest);
  df.app.orchestration('searchGroup', searchGroup);
  df.app.orchestration('exportWorker', exportWorker);
  df.app.orchestration('exportPersonRecords', exportPersonRecords);
  df.app.orchestration('deliverWebhooks', deliverWebhooks);
  const register = <N extends ActivityName>(name: N): void => {
    df.app.activity(name, {
      handler: (input: ActivityInput<N>, context: InvocationContext) =>
        traced(name, input.requestId, () =>
          invokeActivity(activities, name, input, (line) => context.error(line)),
        ),
    });
  };
  (Object.keys(activities) as ActivityName[]).forEach(register);
}
