import type { Ledger } from '../ports';
import { mailOfficer, type MessageServices } from '../services/messaging';
import { requestActivity, type ActivityServices } from './activity';

export interface RemindOfficerServices extends ActivityServices, MessageServices {
  ledger: Pick<Ledger, 'get' | 'update' | 'note'>;
}

/** Emails the company's privacy address that a request waits for a decision or has failed. */
export const createRemindOfficer = requestActivity<'remindOfficer', RemindOfficerServices>(
  'remindOfficer',
  async ({ record, services }) => {
    if (record.state === 'needsDecision') await mailOfficer(services, record, 'decision');
    if (record.state === 'failed') await mailOfficer(services, record, 'failed');
    return null;
  },
);
