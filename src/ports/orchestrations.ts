import type { RequestRecord } from '../core/request/record';

/** The orchestrations of requests, as the task hub runs them. */
export interface Orchestrations {
  /** Starts the orchestration of a request, unless one is running or nothing is left to do. */
  ensureFulfilment(
    request: Pick<RequestRecord, 'requestId' | 'state' | 'cleanedAt'>,
  ): Promise<void>;
  /** Starts the delivery of a request's webhooks, unless one is running or none is pending. */
  ensureWebhooks(request: Pick<RequestRecord, 'requestId' | 'pendingWebhooks'>): Promise<void>;
  /** Raises the event that the ledger has changed. The orchestration reads the ledger itself. */
  notify(requestId: string): Promise<void>;
}
