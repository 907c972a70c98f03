import type { Source } from '../../ports';
import { conversationSearchCalls } from './analytics';
import { auditCalls } from './audits';
import { bulkJobCalls } from './bulk-jobs';
import type { GenesysClient } from './client';
import { contactRecordCalls, subjectCalls } from './contact-records';
import { contactCalls } from './contacts';
import { conversationCalls, conversationTextCalls } from './conversations';
import { deletionHoldCalls } from './deletion-holds';
import type { GuardedFetch } from '../network/guarded-fetch';
import { download } from './download';
import { provePermissions } from './permissions';
import { recordingBatchCalls } from './recording-batches';
import { recordingCalls } from './recordings';
import { transcriptCalls } from './transcripts';

/**
 * Genesys Cloud through its SDK.
 * @param exportIntegrationId integration of the bulk export of recordings; empty without one
 * @param fetchFile fetches from the hosts that files may come from
 */
export function genesysSource(
  client: GenesysClient,
  exportIntegrationId: string,
  fetchFile: GuardedFetch,
): Source {
  const contacts = client.of('contacts');
  const conversations = client.of('conversations');
  const recordings = client.of('recordings');
  const source = {
    ...contactCalls(contacts),
    ...contactRecordCalls(contacts),
    ...subjectCalls(contacts),
    ...conversationSearchCalls(client.of('analytics')),
    ...conversationCalls(conversations),
    ...conversationTextCalls(conversations),
    ...recordingCalls(recordings),
    ...recordingBatchCalls(recordings),
    ...bulkJobCalls(recordings, exportIntegrationId),
    ...deletionHoldCalls(recordings),
    ...transcriptCalls(recordings),
    ...auditCalls(client.of('audits')),
    download: (...asked: Parameters<Source['download']>) => download(fetchFile, ...asked),
  };
  const calls = { source, client: client.of('permissions') };
  return { ...source, provePermissions: (needs) => provePermissions(calls, needs) };
}
