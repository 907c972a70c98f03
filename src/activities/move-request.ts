import type { Ledger } from '../ports';
import { requestActivity, type ActivityServices } from './activity';

export interface MoveRequestServices extends ActivityServices {
  ledger: Pick<Ledger, 'get' | 'update' | 'move'>;
}

/** Moves a request to the next state. */
export const createMoveRequest = requestActivity<'moveRequest', MoveRequestServices>(
  'moveRequest',
  async ({ input: { requestId, to, reason }, services }) => {
    await services.ledger.move(requestId, to, { reason: reason ?? null });
    return null;
  },
);
