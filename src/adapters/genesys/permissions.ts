import { RecordingApi, SpeechTextAnalyticsApi } from 'purecloud-platform-client-v2';
import {
  addJob,
  neededOf,
  provenByCall,
  unprovable,
  viewSensitiveData,
  type ProvingOperation,
} from '../../core/genesys/permissions';
import type { PermissionNeeds, PermissionProof, ProbeSource, Source } from '../../ports';
import type { GenesysCaller } from './client';
import { refusalOf } from './refusal';
import { proveSensitiveData } from './sensitive-data';

/** Ids and an address that belong to nobody. */
const nobody = '00000000-0000-0000-0000-000000000000';
const nobodysEmail = { type: 'email', value: 'nobody@permission-probe.invalid' } as const;
/** Days for which no recording is kept. */
const neverKept = 36_500;

/** What proofs call. */
export interface ProofCalls {
  source: Omit<Source, keyof ProbeSource>;
  client: GenesysCaller;
}

/** Asks for what cannot exist: answered with 404 or nothing where it is granted, with 403 where not. */
type Proof = (calls: ProofCalls) => Promise<unknown>;

const proofs: Record<ProvingOperation, Proof> = {
  'POST /api/v2/externalcontacts/identifierlookup/contacts': ({ source }) =>
    source.lookUpContact(nobodysEmail),
  'GET /api/v2/externalcontacts/contacts/{contactId}/journey/sessions': ({ source }) =>
    source.journeySessions(nobody),
  'GET /api/v2/gdpr/subjects': ({ source }) => source.campaignContacts(nobodysEmail),
  'GET /api/v2/outbound/contactlists/{contactListId}/contacts/{contactId}': ({ source }) =>
    source.campaignContact({ id: nobody, contactListId: nobody }),
  'GET /api/v2/audits/query/{transactionId}': ({ source }) => source.auditQueryState(nobody),
  'GET /api/v2/analytics/conversations/details/jobs/availability': ({ source }) =>
    source.indexedUntil(),
  'GET /api/v2/analytics/dataretention/settings': ({ source }) => source.retention(),
  'GET /api/v2/conversations/{conversationId}': ({ source }) => source.conversation(nobody),
  'POST /api/v2/conversations/messages/{conversationId}/messages/bulk': ({ source }) =>
    source.messages(nobody, [nobody]),
  'GET /api/v2/quality/conversations/{conversationId}/surveys': ({ source }) =>
    source.surveys(nobody),
  'GET /api/v2/recordings/retention/query': ({ client }) =>
    client.call(() =>
      new RecordingApi(client.sdk).getRecordingsRetentionQuery(neverKept, { pageSize: 1 }),
    ),
  'GET /api/v2/conversations/{conversationId}/summaries': ({ source }) => source.summary(nobody),
  'GET /api/v2/conversations/{conversationId}/secureattributes': ({ source }) =>
    source.secureAttributes(nobody),
  'GET /api/v2/quality/evaluations/query': ({ source }) => source.evaluations(nobody),
  'GET /api/v2/speechandtextanalytics/conversations/{conversationId}/categories': ({ client }) => {
    const speech = new SpeechTextAnalyticsApi(client.sdk);
    return client.call(() => speech.getSpeechandtextanalyticsConversationCategories(nobody, {}));
  },
  'PUT /api/v2/recordings/deletionprotection?protect=true': ({ source }) =>
    source.setDeletionHold([nobody]),
  'PUT /api/v2/recordings/deletionprotection?protect=false': ({ source }) =>
    source.clearDeletionHold([nobody]),
  'GET /api/v2/recording/jobs/{jobId}': ({ source }) => source.bulkExportState(nobody),
  'PUT /api/v2/recording/jobs/{jobId}': ({ source }) => source.executeBulkExport(nobody),
};

/**
 * Finds out which of the needed permissions the client has. Every one is looked at, whatever becomes of
 * the others, so that all that are missing are named at once.
 * @throws SourceError any other than that of a missing permission
 */
export async function provePermissions(
  calls: ProofCalls,
  needs: PermissionNeeds,
): Promise<PermissionProof> {
  const missing: string[] = [];
  for (const { permissions, operation, isNeeded } of provenByCall) {
    const refusal = isNeeded(needs) ? await refusalOf(() => proofs[operation](calls)) : null;
    if (refusal === null) continue;
    // A call that needs several says which of them are missing; else any of them may be.
    const named = permissions.filter((one) => refusal.permissions.includes(one));
    missing.push(...(named.length > 0 ? named : permissions));
  }
  const sensitive = await proveSensitiveData(calls.client, needs.declaresSensitiveData);
  const forJobs = neededOf([addJob], needs);
  if (sensitive.jobs === 'refused') missing.push(...forJobs);
  if (sensitive.viewing === 'refused') missing.push(viewSensitiveData);
  const open = sensitive.viewing === 'unknown' ? [viewSensitiveData] : [];
  return {
    missing,
    undeclared: needs.declaresSensitiveData ? [] : open,
    declared: needs.declaresSensitiveData ? open : [],
    unproven: [...neededOf(unprovable, needs), ...(sensitive.jobs === 'unknown' ? forJobs : [])],
  };
}
