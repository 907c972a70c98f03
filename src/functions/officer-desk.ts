import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../activities/environment';
import { ConflictError } from '../core/errors';
import type { Officer } from '../core/officer';
import type { Limits } from '../orchestrators/contract';
import type { RequestKeys, RequestRecord } from '../ports';
import { ensureFulfilment, ensureWebhooks, nudge } from './fulfilment';
import { HttpProblem, jsonAnswer } from './http';
import type { OfficerGuard } from './officer-guard';
import { statusView } from './requests.http';

/** Longest body of an officer's call, in bytes. */
export const bodyLimit = 16 * 1024;

/** A call of an officer about a request. */
export interface Asked {
  request: HttpRequest;
  context: InvocationContext;
  record: RequestRecord;
  officer: Officer;
}

export type OfficerCall = (asked: Asked) => Promise<HttpResponseInit>;

/** What officers' calls have in common. */
export class OfficerDesk {
  constructor(
    readonly env: Environment,
    readonly guard: OfficerGuard,
    private readonly limits: Limits,
  ) {}

  /** Tells the orchestration, or leaves it to the sweeper when the task hub is away. */
  async tell(context: InvocationContext, requestId: string): Promise<void> {
    const client = df.getClient(context);
    const record = await this.env.ledger.get(requestId);
    if (record === null) return;
    await ensureFulfilment(client, record, this.limits)
      .then(() => nudge(client, requestId))
      .then(() => ensureWebhooks(client, record, this.limits))
      .catch(() => context.warn(`Request ${requestId} has changed; it is told later.`));
  }

  /** How a request stands. */
  async answer(requestId: string): Promise<HttpResponseInit> {
    const record = await this.env.ledger.get(requestId);
    return jsonAnswer(200, record === null ? null : await statusView(this.env, record));
  }

  /** @throws HttpProblem 409 when the request's key was destroyed */
  async openKeys({ wrappedSecret }: RequestRecord): Promise<RequestKeys> {
    if (wrappedSecret === null)
      throw new HttpProblem(409, 'notNow', 'Everything of this request has been deleted.');
    return this.env.keys.unwrap(wrappedSecret);
  }
}

export const notNow = (): HttpProblem =>
  new HttpProblem(409, 'notNow', 'The request is not in a state in which this can be done.');

export function conflict(error: unknown): never {
  throw error instanceof ConflictError ? notNow() : error;
}
