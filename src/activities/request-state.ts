import { ConflictError } from '../core/errors';
import { isAccountedFor } from '../core/package/items';
import { packageEndsAt } from '../core/package/expiry';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import { runActivity, type Environment } from '../services/environment';

export const createReadRequest =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'readRequest'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'readRequest'>> => {
      const record = await env.ledger.get(requestId);
      if (record === null) throw new ConflictError('There is no such request.');
      const { state, verifiedAt, decisionVersion } = record;
      return {
        state,
        isVerified: verifiedAt !== null,
        decisionVersion,
        endsAt: packageEndsAt(record),
      };
    });

export const createMoveRequest =
  (env: Environment) =>
  ({ requestId, to, reason }: ActivityInput<'moveRequest'>) =>
    runActivity(env, requestId, async (env) => {
      await env.ledger.move(requestId, to, { reason: reason ?? null });
      return null;
    });

/** Whether every expected item is in the package, or accounted for as policy allows. */
export const createReconcile =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'reconcile'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'reconcile'>> => {
      const record = await env.ledger.get(requestId);
      const counts = await env.items.counts(requestId);
      const conversations = Object.values(counts.conversation).reduce((a, b) => a + b, 0);
      const isComplete =
        conversations === record?.conversations &&
        isAccountedFor(
          counts,
          Math.max(env.settings.completeness.failuresAllowed, record.acceptedFailures),
        );
      return { isComplete, isCurrent: record?.decisionVersion === record?.exportedDecisionVersion };
    });
