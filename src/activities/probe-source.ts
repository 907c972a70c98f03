import type { KeyStore, Ledger } from '../ports';
import { checkPermissions } from '../services/permissions';
import { openRequestActivity, type ActivityServices } from './activity';

export interface ProbeSourceServices extends ActivityServices {
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'move'>;
}

/**
 * Checks every permission that the export needs before anything is exported, and before anybody is told
 * that there is no data, because the source hides data without an error when one is missing. It also
 * hides contacts of other divisions; a contact that the settings declare for each division shows whether
 * the client sees that division. Fails when the request is closed: its deletion does not wait for a
 * source that is unavailable.
 */
export const createProbeSource = openRequestActivity<'probeSource', ProbeSourceServices>(
  'probeSource',
  async ({ input: { requestId }, record, organisation, services }) => {
    const { ledger } = services;
    // The person has done their part; while the source is away, the request waits for that alone.
    if (record.state === 'awaitingVerification') await ledger.move(requestId, 'identifying');
    if (!(await checkPermissions(services, organisation, requestId)))
      return { problem: 'sourcePermissionMissing' };
    const { source, divisionContacts } = organisation;
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
