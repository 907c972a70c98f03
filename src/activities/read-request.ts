import { expiryReminderAt, isAnnounced, packageEndsAt } from '../core/package/expiry';
import type { Settings } from '../ports';
import { requestActivity, type ActivityServices } from './activity';

export interface ReadRequestServices extends ActivityServices {
  settings: Pick<Settings, 'delivery'>;
}

/** Reads what the orchestration needs to know of a request. */
export const createReadRequest = requestActivity<'readRequest', ReadRequestServices>(
  'readRequest',
  ({ record, services }) =>
    Promise.resolve({
      state: record.state,
      isVerified: record.verifiedAt !== null,
      decisionVersion: record.decisionVersion,
      endsAt: packageEndsAt(record),
      expiryReminderAt: expiryReminderAt(record, services.settings.delivery),
      isAnnounced: isAnnounced(record),
    }),
);
