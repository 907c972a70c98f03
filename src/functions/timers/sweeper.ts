import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import { sweep, type SweepServices } from '../../services/sweep';
import { DurableOrchestrations } from '../shared/fulfilment';

/** Every minute. */
export function registerSweeper(services: SweepServices, limits: OrchestrationLimits): void {
  app.timer('sweeper', {
    schedule: '0 * * * * *',
    extraInputs: [df.input.durableClient()],
    handler: (_timer, context: InvocationContext) =>
      sweep(services, new DurableOrchestrations(df.getClient(context), limits)),
  });
}
