import { commitPackage } from '../adapters/package/commit';
import { verifyDirectory, verifyPart } from '../adapters/package/verify';
import { countRelease } from '../adapters/telemetry/metrics';
import { ConflictError } from '../core/errors';
import { fragmentPrefix, startsBlob } from '../core/layout';
import { addHours, atTime, secondsBetween } from '../core/time';
import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import type { PartFragment } from '../ports';
import { liftProtection } from './deletion-protection';
import { guarded, openRequest, undamaged, type Environment } from './environment';
import { fragments } from './fragments';

export const createCommitPackage =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'commitPackage'>) =>
    undamaged(env, requestId, async (env): Promise<ActivityOutput<'commitPackage'>> => {
      const request = await openRequest(env, requestId);
      const version = await env.packages.version(requestId);
      const parts = fragments(env, request);
      const bytes = await commitPackage(env.packages, requestId, parts, version).catch(
        (error: unknown) => {
          // Another attempt was faster: what it has made is found by the next one.
          if (error instanceof ConflictError) throw new Error(error.message);
          throw error;
        },
      );
      await env.ledger.update(requestId, { packageBytes: bytes });
      return { bytes };
    });

/** The activity ends after this long, so that a lost worker costs little. */
const verifyBudget = 4 * 60_000;

/** Reads the whole package back before anyone may have it: the directory first, then part by part. */
export const createVerifyPackage =
  (env: Environment) =>
  ({ requestId, from }: ActivityInput<'verifyPackage'>) =>
    undamaged(env, requestId, async (env): Promise<ActivityOutput<'verifyPackage'>> => {
      const request = await openRequest(env, requestId);
      const { sealingKey, passphrase } = request.keys;
      if (from === 0) {
        const starts = await verifyDirectory(env.packages, requestId, fragments(env, request));
        await env.work.write(requestId, startsBlob, sealingKey, starts);
      }
      const starts = (await env.work.read(requestId, startsBlob, sealingKey)) as number[];
      const names = await env.work.list(requestId, fragmentPrefix);
      const endsAt = Date.now() + verifyBudget;
      for (let i = from; i < names.length; i += 1) {
        if (i > from && Date.now() > endsAt) return { next: i };
        const fragment = (await env.work.read(
          requestId,
          names[i] ?? '',
          sealingKey,
        )) as PartFragment;
        await verifyPart(env.packages, requestId, passphrase, fragment, starts[i] ?? 0);
      }
      return { next: null };
    });

export const createRelease =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'release'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'release'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      await liftProtection(env, request);
      const now = env.clock.now();
      const availableUntil =
        record.availableUntil ?? addHours(now, env.settings.availabilityHours).toISOString();
      const releasedAt = record.releasedAt ?? now.toISOString();
      if (record.state !== 'delivered')
        await env.ledger.move(requestId, 'available', { releasedAt, availableUntil });
      // Run again, it has released nothing more.
      if (record.releasedAt !== null) return null;
      const since = atTime(record.collectingSince ?? record.createdAt);
      const counts = await env.ledger.counts(requestId);
      countRelease(counts, record.packageBytes ?? 0, secondsBetween(since, now));
      return null;
    });
