import { packageEndsAt } from '../core/package/expiry';
import { requestActivity, type ActivityServices } from './activity';

export type ReadRequestServices = ActivityServices;

/** Reads what the orchestration needs to know of a request. */
export const createReadRequest = requestActivity<'readRequest', ReadRequestServices>(
  'readRequest',
  ({ record }) =>
    Promise.resolve({
      state: record.state,
      isVerified: record.verifiedAt !== null,
      decisionVersion: record.decisionVersion,
      endsAt: packageEndsAt(record),
    }),
);
