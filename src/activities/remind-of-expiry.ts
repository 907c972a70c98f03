import { expiryReminderAt, releaseOf } from '../core/package/expiry';
import { atTime } from '../core/time/time';
import type { KeyStore, Ledger, Settings } from '../ports';
import { mailboxOf, mailOfficer, mailPerson, type MessageServices } from '../services/messaging';
import { openRequestActivity, type ActivityServices } from './activity';

export interface RemindOfExpiryServices extends ActivityServices, MessageServices {
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
  settings: MessageServices['settings'] & Pick<Settings, 'delivery'>;
}

/**
 * Reminds the person, once for each release, that the package will be deleted; without a mailbox on file,
 * the officer who hands it over. The reminder is noted last, so that it is repeated after a crash; the
 * outbox sends it once.
 */
export const createRemindOfExpiry = openRequestActivity<'remindOfExpiry', RemindOfExpiryServices>(
  'remindOfExpiry',
  async (on) => {
    const { record, services } = on;
    if (expiryReminderAt(record, services.settings.delivery) === null) return null;
    // Repeated until a mail server accepts it, it must not outlast the package.
    const until = record.availableUntil;
    if (until !== null && services.clock.now() >= atTime(until)) return null;
    const details = await services.ledger.details(record);
    const occasion = releaseOf(record);
    if (mailboxOf(details, record.requester) === '')
      await mailOfficer(services, record, 'handOver');
    else {
      const message = { kind: 'expiring' } as const;
      await mailPerson(services, { request: on, details, message, until, occasion });
    }
    await services.ledger.update(record.requestId, { remindedRelease: occasion });
    return null;
  },
);
