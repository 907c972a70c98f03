import type { Ledger } from '../ports';
import { deleteOwnObjects, type BucketCleaning } from '../services/bucket-objects';
import { requestActivity, type ActivityServices } from './activity';

export interface MoveRequestServices extends ActivityServices, Omit<BucketCleaning, 'ledger'> {
  ledger: Pick<Ledger, 'get' | 'update' | 'move' | 'note'>;
}

/** Moves a request to the next state. */
export const createMoveRequest = requestActivity<'moveRequest', MoveRequestServices>(
  'moveRequest',
  async ({ input: { requestId, to, reason }, services }) => {
    await services.ledger.move(requestId, to, { reason: reason ?? null });
    // A failed request may wait for an officer for weeks; a retry has its recordings delivered again.
    if (to === 'failed') await deleteOwnObjects(services, requestId);
    return null;
  },
);
