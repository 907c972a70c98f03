import { ConflictError } from '../core/errors';
import { isAccountedFor } from '../core/items';
import { packageEndsAt } from '../core/package-end';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { guarded, type Environment } from './environment';

export const createReadRequest =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'readRequest'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'readRequest'>> => {
      const record = await env.ledger.get(requestId);
      if (record === null) throw new ConflictError('There is no such request.');
      const { state, verifiedAt, decisions } = record;
      return { state, isVerified: verifiedAt !== null, decisions, endsAt: packageEndsAt(record) };
    });

export const createMoveRequest =
  (env: Environment) =>
  ({ requestId, to, reason }: ActivityInput<'moveRequest'>) =>
    guarded(env, requestId, async (env) => {
      await env.ledger.move(requestId, to, { reason: reason ?? null });
      return null;
    });

/** Whether every expected item is in the package, or accounted for as policy allows. */
export const createReconcile =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'reconcile'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'reconcile'>> => {
      const record = await env.ledger.get(requestId);
      const counts = await env.ledger.counts(requestId);
      const conversations = Object.values(counts.conversation).reduce((a, b) => a + b, 0);
      const isComplete =
        conversations === record?.conversations &&
        isAccountedFor(counts, Math.max(env.settings.failuresAllowed, record.failuresAccepted));
      return { isComplete, isCurrent: record?.decisions === record?.collectedUnder };
    });
