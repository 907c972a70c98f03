import { app } from '@azure/functions';
import type { Environment } from '../activities/environment';
import { addDays } from '../core/time';

/**
 * Forgets, once a day, who has decided what and why, of requests that ended long ago. What was done
 * stays, in a chain that still holds, without anybody's name.
 * @param forgetAfterDays days after everything of a request was deleted
 */
export function registerCleanup(env: Environment, forgetAfterDays: number): void {
  app.timer('cleanup', {
    schedule: '0 30 3 * * *',
    handler: async () => {
      const before = addDays(env.clock.now(), -forgetAfterDays).toISOString();
      for (const { requestId, cleanedAt, forgottenAt } of await env.ledger.list()) {
        if (cleanedAt === null || cleanedAt > before || forgottenAt !== null) continue;
        await env.ledger.forgetCustody(requestId);
        await env.ledger.forgetCallback(requestId);
        await env.ledger.update(requestId, { forgottenAt: env.clock.now().toISOString() });
      }
    },
  });
}
