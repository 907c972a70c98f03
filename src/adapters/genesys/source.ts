import { SourceError } from '../../core/errors';
import type { Source } from '../../ports';
import { analyticsCalls } from './analytics';
import { auditsCalls } from './audits';
import type { GenesysClient } from './client';
import { contactsCalls } from './contacts';
import { conversationsCalls } from './conversations';
import { download } from './download';
import { recordingsCalls } from './recordings';

const nobody = '00000000-0000-0000-0000-000000000000';
const nobodysMail = 'nobody@permission-probe.invalid';

/**
 * Genesys Cloud through its SDK: one file of calls for each family of the API.
 * @param exportIntegrationId integration of the bulk export of recordings; empty without one
 */
export function genesysSource(client: GenesysClient, exportIntegrationId: string): Source {
  const source = {
    ...contactsCalls(client.of('contacts')),
    ...analyticsCalls(client.of('analytics')),
    ...conversationsCalls(client.of('conversations')),
    ...recordingsCalls(client.of('recordings'), exportIntegrationId),
    ...auditsCalls(client.of('audits')),
    download,
  };
  return { ...source, missingPermissions: (needs) => missingPermissions(source, needs) };
}

/** Asks for what cannot exist, which is harmless: the answer is 404 with the permission, 403 without. */
async function missingPermissions(
  source: Omit<Source, 'missingPermissions'>,
  needs: { summaries: boolean; protection: boolean },
): Promise<string[]> {
  const probes: [permission: string, probe: () => Promise<unknown>][] = [
    ['analytics:dataRetention:view', () => source.retention()],
    ['analytics:conversationDetail:view', () => source.searchState(nobody)],
    ['conversation:communication:view', () => source.conversation(nobody)],
    ['recording:recording:view', () => source.listRecordings(nobody)],
    ['conversation:message:view', () => source.messages(nobody, [nobody])],
    ['quality:survey:view', () => source.surveys(nobody)],
    ['externalContacts:session:view', () => source.journeySessions(nobody)],
    ['gdpr:subject:view', () => source.campaignContacts({ type: 'email', value: nobodysMail })],
    ['outbound:contact:view', () => source.campaignContact({ id: nobody, contactListId: nobody })],
    ['audits:audit:view', () => source.auditQueryState(nobody)],
  ];
  if (needs.summaries) probes.push(['conversation:summary:view', () => source.summary(nobody)]);
  if (needs.protection)
    probes.push(['recording:deletionProtection:apply', () => source.clearDeletionHold([nobody])]);
  const missing: string[] = [];
  for (const [permission, probe] of probes) {
    try {
      await probe();
    } catch (error) {
      const outcome = error instanceof SourceError ? error.outcome : null;
      if (outcome?.kind !== 'failed' || outcome.code !== 'sourcePermissionMissing') throw error;
      missing.push(permission);
    }
  }
  return missing;
}
