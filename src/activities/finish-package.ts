import { commitPackage } from '../adapters/package/commit';
import { verifyDirectory, verifyPart } from '../adapters/package/verify';
import { countRelease } from '../adapters/telemetry/metrics';
import { ConflictError } from '../core/errors';
import { partManifestPrefix, startsBlob } from '../core/package/blob-names';
import { addHours, atTime, secondsBetween } from '../core/time/time';
import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import type { PartManifest } from '../ports';
import { releaseDeletionHold } from '../services/deletion-hold';
import {
  runActivity,
  openRequest,
  withIntegrityCheck,
  type Environment,
} from '../services/environment';
import { partManifests } from '../export/part-manifests';

export const createCommitPackage =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'commitPackage'>) =>
    withIntegrityCheck(env, requestId, async (env): Promise<ActivityOutput<'commitPackage'>> => {
      const request = await openRequest(env, requestId);
      const version = await env.packages.version(requestId);
      const parts = partManifests(env, request);
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
    withIntegrityCheck(env, requestId, async (env): Promise<ActivityOutput<'verifyPackage'>> => {
      const request = await openRequest(env, requestId);
      const { dataKey, passphrase } = request.keys;
      if (from === 0) {
        const starts = await verifyDirectory(env.packages, requestId, partManifests(env, request));
        await env.scratch.write(requestId, startsBlob, dataKey, starts);
      }
      const starts = (await env.scratch.read(requestId, startsBlob, dataKey)) as number[];
      const names = await env.scratch.list(requestId, partManifestPrefix);
      const endsAt = Date.now() + verifyBudget;
      for (let i = from; i < names.length; i += 1) {
        if (i > from && Date.now() > endsAt) return { next: i };
        const manifest = (await env.scratch.read(
          requestId,
          names[i] ?? '',
          dataKey,
        )) as PartManifest;
        await verifyPart(env.packages, requestId, passphrase, manifest, starts[i] ?? 0);
      }
      return { next: null };
    });

export const createRelease =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'release'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'release'>> => {
      const request = await openRequest(env, requestId);
      const { record } = request;
      await releaseDeletionHold(env, request);
      const now = env.clock.now();
      const availableUntil =
        record.availableUntil ??
        addHours(now, env.settings.delivery.availabilityHours).toISOString();
      const releasedAt = record.releasedAt ?? now.toISOString();
      if (record.state !== 'delivered')
        await env.ledger.move(requestId, 'available', { releasedAt, availableUntil });
      // Run again, it has released nothing more.
      if (record.releasedAt !== null) return null;
      const since = atTime(record.exportStartedAt ?? record.createdAt);
      const counts = await env.items.counts(requestId);
      countRelease(counts, record.packageBytes ?? 0, secondsBetween(since, now));
      return null;
    });
