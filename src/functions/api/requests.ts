import {
  app,
  type HttpRequest,
  type HttpResponseInit,
  type InvocationContext,
} from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../../services/environment';
import { newRequest } from '../../core/request/record';
import { sentenceOf } from '../../core/package/availability-report';
import { legalClockOf } from '../../core/request/legal-clock';
import { noStatutoryNotices } from '../../core/messages/statutory-notices';
import { expectedOf, itemKinds } from '../../core/package/items';
import { InvalidBodyError, parseRequestBody } from '../../core/api/request-body';
import { isAllowedCallback, type WebhookTarget } from '../../core/api/webhooks';
import { fallbackLocale, translator } from '../../core/i18n/translator';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import type { RequestRecord } from '../../ports';
import { ensureFulfilment } from '../shared/fulfilment';
import { withProblemDetails, HttpProblem, jsonResponse, readJson } from '../shared/http';

const bodyLimit = 64 * 1024;
export const requestIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The first organisation of the settings is asked where a request names none. */
const defaultOrganisation = (env: Environment): string => [...env.organisations.keys()][0] ?? '';

/**
 * A request's id follows from its ticket's, so that the same ticket is the same request; each
 * organisation is asked by a request of its own.
 */
function requestIdOf(env: Environment, ticketId: string, organisation: string): string {
  const isDefault = organisation === defaultOrganisation(env);
  const hash = env.keys.keyedHash(
    'request',
    isDefault ? ticketId : JSON.stringify([ticketId, organisation]),
  );
  return hash.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The report in English, the language of the API; null before there is one. */
function sentencesOf(
  { locales: languages }: Environment,
  { availability }: RequestRecord,
): string[] | null {
  const english = translator(languages, fallbackLocale);
  return availability?.map((statement) => sentenceOf(statement, english)) ?? null;
}

/** What the API tells of a request. Nothing of the person: identifiers never come back. */
export async function statusView(
  env: Environment,
  record: RequestRecord,
): Promise<Record<string, unknown>> {
  const counts = await env.items.counts(record.requestId);
  const progress = itemKinds.map((kind) => [
    kind,
    { expected: expectedOf(counts[kind]), ...counts[kind] },
  ]);
  return {
    requestId: record.requestId,
    state: record.state,
    reason: record.reason,
    createdAt: record.createdAt,
    receivedAt: record.receivedAt,
    verifiedAt: record.verifiedAt,
    verifiedBy: record.verifiedBy,
    legalClock: legalClockOf(record, env.settings.legalClock, env.clock.now()),
    conversations: record.conversations,
    progress: Object.fromEntries(progress) as Record<string, unknown>,
    waiting: record.waiting,
    missingPermissions: record.missingPermissions,
    inaccessibleDivisions: record.inaccessibleDivisions,
    unprotectedConversations: record.unprotectedConversations,
    organisation: record.organisation,
    searched: record.searched,
    availability: sentencesOf(env, record),
    packageBytes: record.packageBytes,
    availableUntil: record.availableUntil,
    links: { self: `/api/requests/${record.requestId}` },
  };
}

/** `POST /api/requests` and `GET /api/requests/{id}`, for the ticketing system's function key. */
export function registerRequests(
  env: Environment,
  limits: OrchestrationLimits,
  defaultRegion: string | null,
): void {
  async function create(
    request: HttpRequest,
    context: InvocationContext,
  ): Promise<HttpResponseInit> {
    const { body, identifiers } = checkedBody(await readJson(request, bodyLimit), defaultRegion);
    const organisation = body.organisation ?? defaultOrganisation(env);
    if (!env.organisations.has(organisation)) {
      const errors = [
        { pointer: '/organisation', detail: 'is not an organisation of the settings' },
      ];
      throw new HttpProblem(400, 'invalidBody', 'The body is not a valid request.', { errors });
    }
    if (
      body.callback !== undefined &&
      !isAllowedCallback(body.callback, env.settings.callbacks.hosts)
    ) {
      const errors = [{ pointer: '/callback', detail: 'is not an address that may be told' }];
      throw new HttpProblem(400, 'invalidBody', 'The body is not a valid request.', { errors });
    }
    const requestId = requestIdOf(env, body.ticketId, organisation);
    const record = newRequest({
      requestId,
      organisation,
      createdAt: env.clock.now().toISOString(),
      receivedAt: new Date(body.receivedAt).toISOString(),
      bodyHash: env.keys.keyedHash('body', JSON.stringify({ ...body, identifiers })),
      wrappedSecret: await env.keys.createSecret(),
      hasCallback: body.callback !== undefined,
    });
    const details = {
      ticketId: body.ticketId,
      identifiers,
      name: body.name ?? null,
      locale: body.locale,
      timeZone: body.timeZone,
      contactMatches: null,
      contact: null,
      decision: null,
      statutoryNotices: noStatutoryNotices,
    };
    const target: WebhookTarget | null =
      body.callback === undefined ? null : { url: body.callback, ticketId: body.ticketId };
    const callback =
      target && (await env.keys.encryptWithMasterKey(JSON.stringify(target), requestId));
    const stored = await env.ledger.create(record, details, callback);
    if (!stored.created && stored.record.bodyHash !== record.bodyHash) {
      throw new HttpProblem(
        409,
        'ticketConflict',
        'This ticket has a request with another content.',
      );
    }
    try {
      await ensureFulfilment(df.getClient(context), stored.record, limits);
    } catch {
      // The ledger has the request; the sweeper starts it as soon as the task hub is back.
      context.warn(`Request ${requestId} is stored and could not be started yet.`);
    }
    const view = await statusView(env, stored.record);
    const location = { Location: `/api/requests/${requestId}` };
    return jsonResponse(stored.created ? 202 : 200, view, location);
  }

  async function status(request: HttpRequest): Promise<HttpResponseInit> {
    const { requestId = '' } = request.params;
    const record = requestIdForm.test(requestId) ? await env.ledger.get(requestId) : null;
    if (record === null) throw new HttpProblem(404, 'requestNotFound', 'There is no such request.');
    return jsonResponse(200, await statusView(env, record));
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
    handler: withProblemDetails(status),
  });
  app.http('health', {
    route: 'health',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: () => jsonResponse(200, { status: 'ok' }),
  });
}

function checkedBody(
  value: unknown,
  defaultRegion: string | null,
): ReturnType<typeof parseRequestBody> {
  try {
    return parseRequestBody(value, defaultRegion);
  } catch (error) {
    if (!(error instanceof InvalidBodyError)) throw error;
    throw new HttpProblem(400, 'invalidBody', error.message, { errors: error.problems });
  }
}
