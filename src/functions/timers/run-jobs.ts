import { app, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { MonitorLimits } from '../../core/request/alerts';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import { JobRunner, type Job, type JobServices } from '../../services/jobs';
import type { CustodyReviewServices } from '../../services/custody';
import { watchIntakes } from '../../services/intake';
import type { IndexRepairServices } from '../../services/index-repair';
import { monitorRequests, type MonitorServices } from '../../services/monitor';
import { sweep, type SweepServices } from '../../services/sweep';
import { DurableOrchestrations } from '../shared/fulfilment';
import { lastSteps } from './last-steps';
import { purgeExpired, purgeHistories, repairRequestIndex, reviewRecords } from './nightly';
import type { PurgeLimits, PurgeServices } from './nightly';

/** What the jobs use. */
export type TimerServices = JobServices &
  SweepServices &
  MonitorServices &
  PurgeServices &
  CustodyReviewServices &
  IndexRepairServices;

export interface JobLimits {
  limits: OrchestrationLimits;
  monitorLimits: MonitorLimits;
  purgeLimits: PurgeLimits;
}

/** Every job of the app, and when it is due (UTC). */
const jobsOf = (
  services: TimerServices,
  { limits, monitorLimits, purgeLimits }: JobLimits,
): Job<InvocationContext>[] => [
  {
    name: 'sweeper',
    period: { kind: 'always' },
    run: async (context) => {
      await sweep(services, new DurableOrchestrations(df.getClient(context), limits), context);
      return null;
    },
  },
  {
    name: 'monitor',
    period: { kind: 'hourly', minute: 7 },
    run: async (context, turn) => {
      const lastStepOf = await lastSteps(df.getClient(context));
      if (turn.after === null) await watchIntakes(services, context);
      return monitorRequests(services, monitorLimits, { lastStepOf, log: context, turn });
    },
  },
  {
    name: 'purgeExpired',
    period: { kind: 'daily', hour: 3, minute: 30 },
    run: (context, turn) => purgeExpired(services, purgeLimits, { log: context, turn }),
  },
  {
    name: 'purgeHistories',
    period: { kind: 'daily', hour: 3, minute: 30 },
    run: (context) => purgeHistories(services, purgeLimits, df.getClient(context)),
  },
  {
    name: 'reviewCustody',
    period: { kind: 'daily', hour: 3, minute: 30 },
    run: (context, turn) => reviewRecords(services, { log: context, turn }),
  },
  {
    name: 'repairIndex',
    period: { kind: 'daily', hour: 2, minute: 30 },
    run: (context, turn) => repairRequestIndex(services, { log: context, turn }),
  },
];

/**
 * Every minute, one function for all jobs: on Flex Consumption each timer function scales for itself, and
 * would be a copy of the app of its own.
 */
export function registerJobs(services: TimerServices, limits: JobLimits): void {
  const runner = new JobRunner(services, jobsOf(services, limits));
  app.timer('runJobs', {
    schedule: '0 * * * * *',
    extraInputs: [df.input.durableClient()],
    handler: (_timer, context: InvocationContext) => runner.tick(context),
  });
}
