import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../../services/environment';
import { ConflictError } from '../../core/errors';
import type { Officer } from '../../core/authentication/officer';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import type { RequestKeys, RequestRecord } from '../../ports';
import { ensureFulfilment, ensureWebhooks, notifyOrchestration } from '../shared/fulfilment';
import { HttpProblem, jsonResponse } from '../shared/http';
import type { OfficerAuthenticator } from './authenticator';
import { statusView } from '../api/requests';

/** Longest body of an officer's call, in bytes. */
export const bodyLimit = 16 * 1024;

/** A call of an officer about a request. */
export interface OfficerRequest {
  request: HttpRequest;
  context: InvocationContext;
  record: RequestRecord;
  officer: Officer;
}

export type OfficerCall = (asked: OfficerRequest) => Promise<HttpResponseInit>;

/** What officers' calls have in common. */
export class OfficerRequests {
  constructor(
    readonly env: Environment,
    readonly guard: OfficerAuthenticator,
    private readonly limits: OrchestrationLimits,
  ) {}

  /** Tells the orchestration, or leaves it to the sweeper when the task hub is away. */
  async notify(context: InvocationContext, requestId: string): Promise<void> {
    const client = df.getClient(context);
    const record = await this.env.ledger.get(requestId);
    if (record === null) return;
    await ensureFulfilment(client, record, this.limits)
      .then(() => notifyOrchestration(client, requestId))
      .then(() => ensureWebhooks(client, record, this.limits))
      .catch(() => context.warn(`Request ${requestId} has changed; it is told later.`));
  }

  /** How a request stands. */
  async statusResponse(requestId: string): Promise<HttpResponseInit> {
    const record = await this.env.ledger.get(requestId);
    return jsonResponse(200, record === null ? null : await statusView(this.env, record));
  }

  /** @throws HttpProblem 409 when the request's key was destroyed */
  async openKeys({ wrappedSecret }: RequestRecord): Promise<RequestKeys> {
    if (wrappedSecret === null)
      throw new HttpProblem(409, 'wrongState', 'Everything of this request has been deleted.');
    return this.env.keys.unwrap(wrappedSecret);
  }
}

export const wrongState = (): HttpProblem =>
  new HttpProblem(409, 'wrongState', 'The request is not in a state in which this can be done.');

export function conflict(error: unknown): never {
  throw error instanceof ConflictError ? wrongState() : error;
}
