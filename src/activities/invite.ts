import type { CodeAndSessionStore, KeyStore, Ledger } from '../ports';
import { mailboxOf, mailPerson, type MessageServices } from '../services/messaging';
import { openRequestActivity, type ActivityServices } from './activity';

export interface InviteServices extends ActivityServices, MessageServices {
  codesAndSessions: Pick<CodeAndSessionStore, 'putInvitation'>;
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
}

/**
 * Emails the link to the portal. The link's token is derived from the request, so a repetition sends
 * the same. An officer handles a person without a mailbox on file.
 */
export const createInvite = openRequestActivity<'invite', InviteServices>('invite', async (on) => {
  const { record, keys, services } = on;
  const details = await services.ledger.details(record);
  await services.codesAndSessions.putInvitation(record.requestId, keys.invitationToken);
  if (mailboxOf(details, record.requester) !== '')
    await mailPerson(services, { request: on, details, message: { kind: 'invitation' } });
  return null;
});
