import { isAnnounced, releaseOf } from '../core/package/expiry';
import type { KeyStore, Ledger } from '../ports';
import { mailboxOf, mailOfficer, mailPerson, type MessageServices } from '../services/messaging';
import { openRequestActivity, type ActivityServices } from './activity';

export interface AnnounceServices extends ActivityServices, MessageServices {
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
}

/**
 * Emails the person that the package is available, or available again, with the link of the invitation.
 * Without a mailbox on file, it emails the officer, who hands the package over. A later release counts
 * as announced before the message is sent: the orchestration repeats this activity, and nobody else does.
 */
export const createAnnounce = openRequestActivity<'announce', AnnounceServices>(
  'announce',
  async (on) => {
    const { record, services } = on;
    const release = releaseOf(record);
    if (!isAnnounced(record))
      await services.ledger.update(record.requestId, { announcedRelease: release });
    const details = await services.ledger.details(record);
    if (mailboxOf(details, record.requester) === '')
      await mailOfficer(services, record, 'handOver');
    else {
      const message = { kind: 'available' } as const;
      const until = record.availableUntil;
      await mailPerson(services, { request: on, details, message, until, occasion: release });
    }
    return null;
  },
);
