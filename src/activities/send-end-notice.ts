import { RequestClosedError } from '../core/errors';
import { isClosed } from '../core/request/states';
import type { KeyStore, Ledger } from '../ports';
import { notifyOfEnd, type EndNoticeServices } from '../services/end-notices';
import { requestActivity, type ActivityServices } from './activity';

export interface SendEndNoticeServices extends ActivityServices, EndNoticeServices {
  keys: Pick<KeyStore, 'unwrap' | 'keyedHash'>;
  ledger: Pick<Ledger, 'get' | 'update' | 'details' | 'note' | 'noteEnd' | 'custodyEntries'>;
}

/**
 * Tells the person why their request ends and where to complain, before everything stored for it is deleted.
 * An end that an officer has made meanwhile comes first.
 */
export const createSendEndNotice = requestActivity<'sendEndNotice', SendEndNoticeServices>(
  'sendEndNotice',
  async ({ input: { end, mail }, record, services }) => {
    if (isClosed(record.state) && record.state !== end) throw new RequestClosedError();
    await notifyOfEnd(services, record, { end, mail });
    return null;
  },
);
