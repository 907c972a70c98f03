import type { KeyStore, Ledger } from '../ports';
import { mailboxOf, mailPerson, type MessageServices } from '../services/messaging';
import { openRequestActivity, type ActivityServices } from './activity';

export interface RemindPersonServices extends ActivityServices, MessageServices {
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
}

/** Reminds a person once who was invited and has not verified their identity. */
export const createRemindPerson = openRequestActivity<'remindPerson', RemindPersonServices>(
  'remindPerson',
  async (on) => {
    const { record, services } = on;
    if (record.verifiedAt !== null) return null;
    const details = await services.ledger.details(record);
    if (mailboxOf(details, record.requester) !== '')
      await mailPerson(services, { request: on, details, message: { kind: 'reminder' } });
    return null;
  },
);
