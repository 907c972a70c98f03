import { SourceError } from '../../core/errors';
import type { OptionalPermissions, ProbeSource, Source } from '../../ports';

/** Ids and an address that belong to nobody. */
const nobody = '00000000-0000-0000-0000-000000000000';
const nobodysEmail = 'nobody@permission-probe.invalid';

type ProbedSource = Omit<Source, keyof ProbeSource>;

/**
 * Finds missing permissions by requests for what cannot exist, which are harmless: they are answered
 * with 404 where the permission is granted, and with 403 where it is not.
 * @throws SourceError any other than that of a missing permission
 */
export async function missingPermissions(
  source: ProbedSource,
  needs: OptionalPermissions,
): Promise<string[]> {
  const missing: string[] = [];
  for (const [permission, probe] of probesOf(source, needs)) {
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

type Probe = [permission: string, probe: () => Promise<unknown>];

function probesOf(source: ProbedSource, needs: OptionalPermissions): Probe[] {
  const email = { type: 'email', value: nobodysEmail } as const;
  const probes: Probe[] = [
    ['analytics:dataRetention:view', () => source.retention()],
    ['analytics:conversationDetail:view', () => source.searchState(nobody)],
    ['conversation:communication:view', () => source.conversation(nobody)],
    ['recording:recording:view', () => source.listRecordings(nobody)],
    ['conversation:message:view', () => source.messages(nobody, [nobody])],
    ['quality:survey:view', () => source.surveys(nobody)],
    ['externalContacts:session:view', () => source.journeySessions(nobody)],
    ['gdpr:subject:view', () => source.campaignContacts(email)],
    ['outbound:contact:view', () => source.campaignContact({ id: nobody, contactListId: nobody })],
    ['audits:audit:view', () => source.auditQueryState(nobody)],
  ];
  if (needs.summaries) probes.push(['conversation:summary:view', () => source.summary(nobody)]);
  if (needs.protection)
    probes.push(['recording:deletionProtection:apply', () => source.clearDeletionHold([nobody])]);
  return probes;
}
