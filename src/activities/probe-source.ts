import type { KeyStore, Settings } from '../ports';
import { openRequestActivity, type ActivityServices } from './activity';

export interface ProbeSourceServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  settings: Pick<Settings, 'export'>;
}

/**
 * Checks every permission that the export needs before anything is exported, because the source hides
 * data without an error when one is missing. It also hides contacts of other divisions; a contact that
 * the settings declare for each division shows whether the client sees that division. Fails when the
 * request is closed: its deletion does not wait for a source that is unavailable.
 */
export const createProbeSource = openRequestActivity<'probeSource', ProbeSourceServices>(
  'probeSource',
  async ({ input: { requestId }, organisation, services: { ledger, settings } }) => {
    const { source, divisionContacts } = organisation;
    const missingPermissions = await source.missingPermissions({
      summaries: settings.export.summaries,
      protection: settings.export.deletionHold,
    });
    await ledger.update(requestId, { missingPermissions });
    if (missingPermissions.length > 0) return { problem: 'sourcePermissionMissing' };
    const visibleDivisions: string[] = [];
    const inaccessibleDivisions: string[] = [];
    for (const [division, contactId] of divisionContacts) {
      const isShown = (await source.contactRecord(contactId)) !== null;
      (isShown ? visibleDivisions : inaccessibleDivisions).push(division);
    }
    await ledger.update(requestId, { visibleDivisions, inaccessibleDivisions });
    return { problem: inaccessibleDivisions.length === 0 ? null : 'sourceDivisionInaccessible' };
  },
);
