import { isAnnounced } from '../core/package/expiry';
import { jobFailedLine } from '../core/request/log-lines';
import { isClosed } from '../core/request/states';
import type { ExpiredTokens, Ledger, OpenRequest, Orchestrations, RateLimiter } from '../ports';
import { deliverIntakes, type IntakeDeliveryServices, type IntakeLog } from './intake';
import { sendPendingMessages, type PendingMessageServices } from './pending-messages';

/** What the sweeper uses. */
export type SweepServices = PendingMessageServices &
  IntakeDeliveryServices & {
    ledger: Pick<Ledger, 'listOpen'>;
    rateLimiter: Pick<RateLimiter, 'purgeExpired'>;
    tokens: ExpiredTokens;
  };

const isAvailable = ({ state }: OpenRequest): boolean =>
  state === 'available' || state === 'delivered';

/** Whether the ledger holds something that the orchestration waits for. */
const isLedgerAhead = (record: OpenRequest): boolean =>
  (record.state === 'awaitingVerification' && record.verifiedAt !== null) ||
  (record.state === 'needsDecision' && record.decisionVersion > record.resolvedDecisionVersion) ||
  (isAvailable(record) && !isAnnounced(record)) ||
  isClosed(record.state);

/** Minutes between two deletions of limits, tokens and sessions that have expired: they count for nothing since. */
const purgeMinutes = 10;

/**
 * Sends pending messages, deletes expired limits and tokens, and brings the task hub up to the ledger: starts any open request that has no
 * instance, and raises the event again where the ledger is ahead. A lost event delays a request by a
 * minute at most. Without open requests there are no messages to send, and one call of storage finds that out.
 * What was entered on the intake page is sent last: a ticketing system that is slow or away delays nothing else.
 */
export async function sweep(
  services: SweepServices,
  orchestrations: Orchestrations,
  log: IntakeLog,
): Promise<void> {
  try {
    await catchUp(services, orchestrations);
  } finally {
    if (services.settings.intake !== null)
      await deliverIntakes(services, log).catch((error: unknown) => {
        log.warn(jobFailedLine('sweeper', error));
      });
  }
}

async function catchUp(services: SweepServices, orchestrations: Orchestrations): Promise<void> {
  const open = await services.ledger.listOpen();
  if (open.length > 0) await sendPendingMessages(services);
  for (const record of open) {
    await orchestrations.ensureFulfilment(record);
    await orchestrations.ensureWebhooks(record);
    if (isLedgerAhead(record)) await orchestrations.notify(record.requestId);
  }
  if (services.clock.now().getUTCMinutes() % purgeMinutes === 0) {
    await services.rateLimiter.purgeExpired();
    await services.tokens.purgeExpired();
  }
}
