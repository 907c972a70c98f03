import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import type { Traced } from '../../core/traced';
import { InvalidBodyError, parseRequestBody } from '../../core/api/request-body';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import type { Ledger } from '../../ports';
import { statusView, type StatusServices } from '../../services/status-view';
import { submitRequest, type Submission, type SubmissionServices } from '../../services/submission';
import { DurableOrchestrations } from '../shared/fulfilment';
import {
  HttpProblem,
  invalidBody,
  jsonResponse,
  readJson,
  withProblemDetails,
} from '../shared/http';
import { tracedBy } from '../shared/traced';
import { requestOfPath } from '../shared/request-of-path';

const bodyLimit = 64 * 1024;

export type RequestServices = SubmissionServices &
  StatusServices & {
    ledger: Pick<Ledger, 'get'>;
    /** Begins the trace of a new request. */
    beginTrace: (request: Traced) => void;
  };

/** `POST /api/requests` and `GET /api/requests/{id}`, for the ticketing system's function key. */
export function registerRequests(
  services: RequestServices,
  limits: OrchestrationLimits,
  defaultRegion: string | null,
): void {
  async function create(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    const submission = checkedBody(await readJson(request, bodyLimit), defaultRegion);
    const outcome = await submitRequest(services, submission);
    if (outcome.kind === 'invalid') throw invalidBody(outcome.problems);
    if (outcome.kind === 'ticketConflict')
      throw new HttpProblem(
        409,
        'ticketConflict',
        'This ticket already has a request with different content.',
      );
    const { record, isNew } = outcome;
    const { requestId } = record;
    if (isNew) services.beginTrace(tracedBy(context, requestId));
    try {
      await new DurableOrchestrations(df.getClient(context), limits).ensureFulfilment(record);
    } catch {
      // The ledger has the request; the sweeper starts it as soon as the task hub is available.
      context.warn(`Request ${requestId} is stored; its orchestration could not be started yet.`);
    }
    const location = { Location: `/api/requests/${requestId}` };
    return jsonResponse(isNew ? 202 : 200, await statusView(services, record), location);
  }

  app.http('createRequest', {
    route: 'api/requests',
    methods: ['POST'],
    authLevel: 'function',
    extraInputs: [df.input.durableClient()],
    handler: withProblemDetails(create),
  });
  app.http('requestStatus', {
    route: 'api/requests/{requestId}',
    methods: ['GET'],
    authLevel: 'function',
    handler: withProblemDetails(async (request) => {
      const record = await requestOfPath(services.ledger, request);
      return jsonResponse(200, await statusView(services, record));
    }),
  });
  app.http('health', {
    route: 'health',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: () => jsonResponse(200, { status: 'ok' }),
  });
}

/** @throws HttpProblem 400 */
function checkedBody(value: unknown, defaultRegion: string | null): Submission {
  try {
    return parseRequestBody(value, defaultRegion);
  } catch (error) {
    throw error instanceof InvalidBodyError ? invalidBody(error.problems) : error;
  }
}
