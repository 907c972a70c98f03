import type { KeyStore, Ledger } from '../ports';
import { sendStatutoryNotice, type NoticeServices } from '../services/statutory-notices';
import { requestActivity, type ActivityServices } from './activity';

export interface SendRefusalNoticeServices extends ActivityServices, NoticeServices {
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note'>;
}

/** Notifies the person why their request is refused, before everything stored for it is deleted. */
export const createSendRefusalNotice = requestActivity<
  'sendRefusalNotice',
  SendRefusalNoticeServices
>('sendRefusalNotice', async ({ record, services }) => {
  if (record.state === 'refused') await sendStatutoryNotice(services, record, 'refused');
  return null;
});
