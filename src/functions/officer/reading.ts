import { checkpointOf, linesOf, type CustodyDocument } from '../../core/custody/chain';
import { checkpointText } from '../../core/custody/heads';
import { checkCustody, type CustodyCheckServices } from '../../services/custody';
import type { Clock, KeyStore, Ledger, Settings } from '../../ports';
import { jsonResponse } from '../shared/http';
import type { OfficerHandler } from './officer-requests';

export type CustodyServices = CustodyCheckServices & {
  clock: Clock;
  keys: Pick<KeyStore, 'sign'>;
  settings: Pick<Settings, 'branding'>;
};

/** The custody record, signed now unless it was changed. */
export const readCustody =
  (services: CustodyServices): OfficerHandler =>
  async ({ record: { requestId } }) => {
    const { clock, keys, settings } = services;
    const { origin } = new URL(settings.branding.portalOrigin);
    const { record, problems, checkpoints } = await checkCustody(services, requestId);
    const { entries, annotations } = record;
    const head = entries.at(-1)?.hash ?? '';
    const now = checkpointOf({ requestId, entries, head, at: clock.now().toISOString() });
    const document: CustodyDocument = {
      requestId,
      entries,
      annotations: [...annotations].map(([sequence, annotation]) => ({ sequence, ...annotation })),
      head,
      at: now.at,
      signature:
        problems.length > 0
          ? null
          : await keys.sign(Buffer.from(checkpointText(now)), `${origin}/.well-known/jwks.json`),
      checkpoints,
      problems,
    };
    return jsonResponse(200, {
      ...document,
      isIntact: problems.length === 0,
      custody: linesOf(entries, annotations),
    });
  };

/** The webhooks of a request, in their order. */
export const readWebhooks =
  (ledger: Pick<Ledger, 'webhooks'>): OfficerHandler =>
  async ({ record: { requestId } }) =>
    jsonResponse(200, { events: await ledger.webhooks(requestId) });
