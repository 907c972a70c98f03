import type { ActivityInput, ActivityOutput } from '../orchestrators/contract';
import { guarded, type Environment } from './environment';

/**
 * Asks the source for every permission that the export needs, before anything is exported: without
 * one, things would look as if there were none. Divisions hide contacts without a word; a contact
 * that is declared for each tells whether it is shown.
 */
export const createProbeSource =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'probeSource'>) =>
    guarded(env, requestId, async (env): Promise<ActivityOutput<'probeSource'>> => {
      const missingPermissions = await env.source.missingPermissions({
        summaries: env.settings.exportSummaries,
        protection: env.settings.protectFromDeletion,
      });
      await env.ledger.update(requestId, { missingPermissions });
      if (missingPermissions.length > 0) return { problem: 'sourcePermissionMissing' };
      const record = await env.ledger.get(requestId);
      const divisions = env.organisations.get(record?.organisation ?? '')?.divisionContacts ?? [];
      const shownDivisions: string[] = [];
      const hiddenDivisions: string[] = [];
      for (const [division, contactId] of divisions) {
        const isShown = (await env.source.contactRecord(contactId, false)) !== null;
        (isShown ? shownDivisions : hiddenDivisions).push(division);
      }
      await env.ledger.update(requestId, { shownDivisions, hiddenDivisions });
      return { problem: hiddenDivisions.length === 0 ? null : 'sourceDivisionHidden' };
    });
