import { RecordingApi } from 'purecloud-platform-client-v2';
import { SourceError } from '../../core/errors';
import { bodyOf, type GenesysCaller } from './client';
import { refusalOf } from './refusal';
import { identified } from './shapes';

/** Ids that belong to no job and to no conversation. */
const nobody = '00000000-0000-0000-0000-000000000000';

type Known = 'granted' | 'refused' | 'unknown';

/** What is known of the permission for sensitive data, and of the one for making jobs, which proves it. */
export interface SensitiveDataProof {
  viewing: Known;
  jobs: Known;
}

/**
 * Finds out whether the client may see sensitive data. Without the permission the source says nothing
 * and hands over other media: redacted ones, or none. The API has no call for a client's own grants, but
 * it refuses a job that would include sensitive data (API document, POST /api/v2/recording/jobs). The
 * job here selects a conversation that does not exist, is never executed, and is deleted at once; so it
 * is made only by a client that may delete jobs. A job of the same form without sensitive data tells
 * what a refusal was about, whatever its status and code.
 * @param isDeclared whether it is enough not to know
 * @throws SourceError `again` when the organisation has as many jobs under way as it may
 */
export async function proveSensitiveData(
  client: GenesysCaller,
  isDeclared: boolean,
): Promise<SensitiveDataProof> {
  const api = new RecordingApi(client.sdk);
  const remove = (id: string) => client.call(() => api.deleteRecordingJob(id));

  async function submit(includesSensitiveData: boolean): Promise<Known> {
    let answer: Known = 'unknown';
    const refusal = await refusalOf(async () => {
      const job = jobOf(includesSensitiveData);
      const response = await client.call(() => api.postRecordingJobs(job));
      if (response.status !== 400) {
        await remove(bodyOf(response, identified).id);
        answer = 'granted';
      } else if (!isDeclared && /limit|concurrent|maximum/i.test(response.code ?? ''))
        throw new SourceError({
          kind: 'retryLater',
          afterSeconds: 60,
          reason: 'sourceUnavailable',
        });
    });
    return refusal === null ? answer : 'refused';
  }

  if ((await refusalOf(() => remove(nobody))) !== null)
    return { viewing: 'unknown', jobs: 'unknown' };
  if ((await submit(true)) === 'granted') return { viewing: 'granted', jobs: 'granted' };
  const jobs = await submit(false);
  return { viewing: jobs === 'granted' ? 'refused' : 'unknown', jobs };
}

/** A job that changes nothing even if it were executed: no conversation has that id. */
const jobOf = (includeRecordingsWithSensitiveData: boolean) => ({
  action: 'ARCHIVE',
  actionDate: '2099-01-01T00:00:00.000Z',
  includeRecordingsWithSensitiveData,
  conversationQuery: {
    interval: '2025-01-01T00:00:00.000Z/2025-01-01T00:01:00.000Z',
    conversationFilters: [
      {
        type: 'and',
        predicates: [
          { type: 'dimension', dimension: 'conversationId', operator: 'matches', value: nobody },
        ],
      },
    ],
  },
});
