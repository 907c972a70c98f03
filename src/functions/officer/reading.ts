import type { HttpResponseInit } from '@azure/functions';
import { linesOf, chainProblems, type CustodyDocument } from '../../core/custody/chain';
import type { KeyStore, Ledger, Settings } from '../../ports';
import { jsonResponse } from '../shared/http';
import type { OfficerHandler } from './officer-requests';

/** All requests, newest first. */
export async function listRequests(ledger: Pick<Ledger, 'list'>): Promise<HttpResponseInit> {
  const records = await ledger.list();
  const rows = records.map(({ requestId, state, reason, createdAt, receivedAt }) => ({
    requestId,
    state,
    reasonCode: reason,
    createdAt,
    receivedAt,
  }));
  return jsonResponse(200, {
    requests: rows.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
  });
}

export interface CustodyServices {
  keys: Pick<KeyStore, 'sign'>;
  ledger: Pick<Ledger, 'custody'>;
  settings: Pick<Settings, 'branding'>;
}

/** The custody record, signed now. */
export const readCustody =
  ({ keys, ledger, settings }: CustodyServices): OfficerHandler =>
  async ({ record: { requestId } }) => {
    const { origin } = new URL(settings.branding.portalOrigin);
    const { entries, annotations } = await ledger.custody(requestId);
    const head = entries.at(-1)?.hash ?? '';
    const document: CustodyDocument = {
      requestId,
      entries,
      annotations: [...annotations].map(([sequence, annotation]) => ({ sequence, ...annotation })),
      head,
      signature: await keys.sign(
        Buffer.from(`${requestId}\n${head}\n`),
        `${origin}/.well-known/jwks.json`,
      ),
    };
    return jsonResponse(200, {
      ...document,
      isIntact: chainProblems(entries, annotations).length === 0,
      custody: linesOf(entries, annotations),
    });
  };

/** The webhooks of a request, in their order. */
export const readWebhooks =
  (ledger: Pick<Ledger, 'webhooks'>): OfficerHandler =>
  async ({ record: { requestId } }) =>
    jsonResponse(200, { events: await ledger.webhooks(requestId) });
