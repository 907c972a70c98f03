import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { guarded, type Environment } from './environment';

/**
 * Asks the source for every permission that the export needs, before anything is exported: without
 * one, things would look as if there were none.
 */
export const createProbeSource =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'probeSource'>) =>
    guarded(env, requestId, async (): Promise<ActivityOutput<'probeSource'>> => {
      const missingPermissions = await env.source.missingPermissions({
        summaries: env.settings.exportSummaries,
      });
      await env.ledger.update(requestId, { missingPermissions });
      return { isAllowed: missingPermissions.length === 0 };
    });
