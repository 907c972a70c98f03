import type { ActivityInput, ActivityOutput } from '../orchestrators/activity-types';
import { runActivity, type Environment } from '../services/environment';

/**
 * Asks the source for every permission that the export needs, before anything is exported: without
 * one, things would look as if there were none. Divisions hide contacts without a word; a contact
 * that is declared for each tells whether it is shown.
 */
export const createProbeSource =
  (env: Environment) =>
  ({ requestId }: ActivityInput<'probeSource'>) =>
    runActivity(env, requestId, async (env): Promise<ActivityOutput<'probeSource'>> => {
      const missingPermissions = await env.source.missingPermissions({
        summaries: env.settings.export.summaries,
        protection: env.settings.export.deletionHold,
      });
      await env.ledger.update(requestId, { missingPermissions });
      if (missingPermissions.length > 0) return { problem: 'sourcePermissionMissing' };
      const record = await env.ledger.get(requestId);
      const divisions = env.organisations.get(record?.organisation ?? '')?.divisionContacts ?? [];
      const visibleDivisions: string[] = [];
      const inaccessibleDivisions: string[] = [];
      for (const [division, contactId] of divisions) {
        const isShown = (await env.source.contactRecord(contactId, false)) !== null;
        (isShown ? visibleDivisions : inaccessibleDivisions).push(division);
      }
      await env.ledger.update(requestId, { visibleDivisions, inaccessibleDivisions });
      return { problem: inaccessibleDivisions.length === 0 ? null : 'sourceDivisionInaccessible' };
    });
