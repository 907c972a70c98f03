import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { ConflictError } from '../../core/errors';
import { isFinal } from '../../core/request/states';
import type { Officer } from '../../core/authentication/officer-roles';
import type { OfficerAction } from '../../core/custody/record';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import type { KeyStore, Ledger, RequestKeys, RequestRecord } from '../../ports';
import { statusView, type StatusServices, type StatusView } from '../../services/status-view';
import { DurableOrchestrations } from '../shared/fulfilment';
import { HttpProblem, jsonResponse } from '../shared/http';

/** Longest body of an officer's call, in bytes. */
export const bodyLimit = 16 * 1024;

/** An officer's call about a request. */
export interface OfficerRequest {
  request: HttpRequest;
  context: InvocationContext;
  record: RequestRecord;
  officer: Officer;
}

export type OfficerHandler = (call: OfficerRequest) => Promise<HttpResponseInit>;

/** What every officer's call uses. */
export type OfficerRequestServices = StatusServices & {
  ledger: Pick<Ledger, 'get'>;
  keys: Pick<KeyStore, 'unwrap'>;
};

/** What the handlers of officers' calls have in common. */
export class OfficerRequests {
  constructor(
    private readonly services: OfficerRequestServices,
    private readonly authenticator: {
      actionOf(officer: Officer, justification: string): OfficerAction;
      actorsOf(officer: Officer): string[];
    },
    private readonly limits: OrchestrationLimits,
  ) {}

  /** The action of the officer who makes a call, for the custody record. */
  actionOf({ officer }: OfficerRequest, justification: string): OfficerAction {
    return this.authenticator.actionOf(officer, justification);
  }

  /** The opaque ids under which the officer who makes a call stands in custody records. */
  actorsOf({ officer }: OfficerRequest): string[] {
    return this.authenticator.actorsOf(officer);
  }

  /**
   * Notifies the orchestration of the request; if the task hub is unavailable the sweeper does.
   * @returns the request as it is now; null if it is gone
   */
  async notify({ context, record: { requestId } }: OfficerRequest): Promise<RequestRecord | null> {
    const record = await this.services.ledger.get(requestId);
    if (record === null) return null;
    const orchestrations = new DurableOrchestrations(df.getClient(context), this.limits);
    await orchestrations
      .ensureFulfilment(record)
      .then(() => orchestrations.notify(requestId))
      .then(() => orchestrations.ensureWebhooks(record))
      .catch(() =>
        context.warn(`Request ${requestId} has changed; its orchestration is notified later.`),
      );
    return record;
  }

  /** The present status of a request; null if it is gone. */
  async status(requestId: string): Promise<StatusView | null> {
    const record = await this.services.ledger.get(requestId);
    return record && statusView(this.services, record);
  }

  /** Notifies the orchestration and answers with the status, and with what else the change says. */
  async changed(call: OfficerRequest, more: object = {}): Promise<HttpResponseInit> {
    const record = await this.notify(call);
    const status = record && (await statusView(this.services, record));
    return jsonResponse(200, { ...status, ...more });
  }

  /** @throws HttpProblem 409 if the request's key was destroyed */
  async unwrapKeys({ wrappedSecret }: RequestRecord): Promise<RequestKeys> {
    if (wrappedSecret === null)
      throw new HttpProblem(409, 'wrongState', 'The data of this request has been deleted.');
    return this.services.keys.unwrap(wrappedSecret);
  }
}

export const wrongState = (title = 'The state of the request does not allow this.'): HttpProblem =>
  new HttpProblem(409, 'wrongState', title);

/** @throws HttpProblem 409 if the request has ended, also before its data has been deleted */
export function requireOpen({ state }: RequestRecord): void {
  if (isFinal(state)) throw wrongState('The request has ended.');
}

/** Turns a conflict with the request's state into a problem, and throws any other error as it is. */
export function rejectConflict(error: unknown): never {
  throw error instanceof ConflictError ? wrongState() : error;
}
