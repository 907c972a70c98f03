import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import * as df from 'durable-functions';
import { emptyBody } from '../../core/api/bodies';
import type { OfficerRole } from '../../core/authentication/officer-roles';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import type { Ledger, RateLimiter } from '../../ports';
import { HttpProblem, parsedBody, withProblemDetails } from '../shared/http';
import { requestOfPath } from '../shared/request-of-path';
import { RoleRequiredProblem, type OfficerAuthenticator } from './authenticator';
import { confirmIdentity, decideContact, type DecisionServices } from './decisions';
import {
  listConversations,
  readEvidence,
  revealIdentifiers,
  type EvidenceServices,
} from './evidence';
import {
  approveHandOver,
  deliverPackage,
  issueOfficerCode,
  recallPackage,
  type AssistedDeliveryServices,
  type OfficerCodeServices,
  type RecallServices,
} from './delivery';
import {
  bodyLimit,
  OfficerRequests,
  type OfficerHandler,
  type OfficerRequestServices,
} from './officer-requests';
import {
  cancelRequest,
  extendRequest,
  refuseRequest,
  retryRequest,
  type ExtensionServices,
  type RetryServices,
} from './outcomes';
import { readHandOver, type HandOverServices } from './hand-over';
import { readReport, type ReportServices } from './report';
import { releaseAgain, type ReleaseAgainServices } from './release-again';
import { previewLetter, type LetterServices } from './letter';
import { listMessages, readMessage, sendAgain, type OfficerMessageServices } from './messages';
import { checkMandate, type MandateServices } from './mandate';
import { readCustody, readStatistics, readWebhooks, type CustodyServices } from './reading';
import {
  readSummary,
  requestCounts,
  requestList,
  requestSearch,
  type RequestListServices,
} from './request-lists';
import type { StatisticsServices } from '../../services/statistics';

export type OfficerServices = OfficerRequestServices &
  EvidenceServices &
  CustodyServices &
  StatisticsServices &
  OfficerMessageServices &
  HandOverServices &
  ReportServices &
  DecisionServices &
  ExtensionServices &
  RetryServices &
  OfficerCodeServices &
  AssistedDeliveryServices &
  MandateServices &
  LetterServices &
  ReleaseAgainServices &
  RecallServices &
  RequestListServices & {
    ledger: Pick<Ledger, 'get' | 'note' | 'webhooks' | 'settleWebhook'>;
    rateLimiter: Pick<RateLimiter, 'tryAcquire'>;
  };

/** The calls of officers, each for the app role that allows it. */
export function registerOfficer(
  services: OfficerServices,
  limits: OrchestrationLimits,
  authenticator: OfficerAuthenticator,
): void {
  const { ledger } = services;
  const requests = new OfficerRequests(services, authenticator, limits);
  const ofAll = (
    name: string,
    method: 'GET' | 'POST',
    route: string,
    handler: (request: HttpRequest) => Promise<HttpResponseInit>,
  ): void =>
    app.http(name, {
      route,
      methods: [method],
      authLevel: 'anonymous',
      handler: withProblemDetails(async (request) => {
        await authenticator.require(request, 'Requests.Read');
        return handler(request);
      }),
    });
  ofAll('listRequests', 'GET', 'api/requests', requestList(services));
  ofAll('countRequests', 'GET', 'api/request-counts', () => requestCounts(services));
  ofAll('searchRequests', 'POST', 'api/requests/search', requestSearch(services));
  ofAll('statistics', 'GET', 'api/statistics', () => readStatistics(services));
  for (const { name, method, path, role, extent, handler } of routesOf(services, requests)) {
    app.http(name, {
      route: `api/requests/{requestId}/${path}`,
      methods: [method],
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: withProblemDetails(async (request, context) => {
        const officer = await authenticator
          .require(request, role)
          .catch((error: unknown) => recordRefusal(services, authenticator, request, error));
        const record = await requestOfPath(ledger, request, extent);
        return handler({ request, context, record, officer });
      }),
    });
  }
}

/** Refusals of one officer that a custody record takes in a day; all are in the audit log. */
const refusalsPerDay = 20;

/**
 * Writes into the custody record of the request concerned that somebody lacked the role for a call. The
 * answer stays the same whether there is such a request or not.
 */
async function recordRefusal(
  { ledger, rateLimiter }: Pick<OfficerServices, 'ledger' | 'rateLimiter'>,
  authenticator: OfficerAuthenticator,
  request: HttpRequest,
  error: unknown,
): Promise<never> {
  if (!(error instanceof RoleRequiredProblem)) throw error;
  const { officer, role } = error;
  const record = await requestOfPath(ledger, request).catch(nullIfUnknown);
  // Once the names of a record have been deleted, no new one is written.
  if (record === null || record.annotationsDeletedAt !== null) throw error;
  const { requestId } = record;
  const action = authenticator.actionOf(officer, '');
  const key = `${requestId}\0${action.actor}`;
  if (await rateLimiter.tryAcquire('roleRefused', key, refusalsPerDay, 86_400))
    await ledger.note(requestId, { event: 'roleRefused', detail: { role } }, {}, action);
  throw error;
}

function nullIfUnknown(error: unknown): null {
  if (error instanceof HttpProblem) return null;
  throw error;
}

/** A call about one request. */
interface OfficerRoute {
  name: string;
  method: 'GET' | 'POST';
  /** Below the path of the request. */
  path: string;
  role: OfficerRole;
  /** How much of the request is read for it. */
  extent: 'record' | 'whole';
  handler: OfficerHandler;
}

function routesOf(services: OfficerServices, requests: OfficerRequests): OfficerRoute[] {
  const { ledger } = services;
  const get =
    (extent: OfficerRoute['extent']) =>
    (name: string, path: string, handler: OfficerHandler): OfficerRoute => ({
      name,
      method: 'GET',
      path,
      role: 'Requests.Read',
      extent,
      handler,
    });
  const read = get('record');
  const readWhole = get('whole');
  const post =
    (role: OfficerRole) =>
    (name: string, path: string, handler: OfficerHandler): OfficerRoute => ({
      name,
      method: 'POST',
      path,
      role,
      // What is posted changes the request next, and often needs its personal part.
      extent: 'whole',
      handler,
    });
  const decide = post('Requests.Decide');
  const recall = post('Requests.Recall');
  const deliver = post('Requests.Deliver');
  return [
    readWhole('requestSummary', 'summary', readSummary(services, requests)),
    readWhole('decisionEvidence', 'decision', readEvidence(services)),
    readWhole('doubtfulConversations', 'decision/conversations', listConversations(services)),
    read('requestCustody', 'custody', readCustody(services)),
    readWhole('previewLetter', 'letter', previewLetter(services)),
    read('webhookEvents', 'webhooks', readWebhooks(ledger)),
    read('requestReport', 'report', readReport(services)),
    read('handOver', 'hand-over', readHandOver(services, requests)),
    read('requestMessages', 'messages', listMessages(services)),
    decide('readMessage', 'messages/{messageId}/text', readMessage(services, requests)),
    decide('sendAgain', 'messages/{messageId}/send-again', sendAgain(services, requests)),
    decide('retryWebhooks', 'webhooks', retryWebhooks(ledger, requests)),
    decide('decide', 'decision', decideContact(services, requests)),
    decide('revealIdentifiers', 'decision/reveal', revealIdentifiers(services, requests)),
    decide('checkIdentity', 'identity', confirmIdentity(services, requests)),
    decide('checkMandate', 'mandate', checkMandate(services, requests)),
    decide('cancelRequest', 'cancel', cancelRequest(services, requests)),
    decide('refuseRequest', 'refuse', refuseRequest(services, requests)),
    decide('extendRequest', 'extend', extendRequest(services, requests)),
    decide('retryRequest', 'retry', retryRequest(services, requests)),
    recall('recallRequest', 'recall', recallPackage(services, requests)),
    deliver('officerCode', 'code', issueOfficerCode(services, requests)),
    deliver('approveHandOver', 'approve', approveHandOver(services, requests)),
    deliver('releaseAgain', 'release', releaseAgain(services, requests)),
    deliver('deliverRequest', 'deliver', deliverPackage(services, requests)),
  ];
}

/** Sends failed webhooks again. */
const retryWebhooks =
  (ledger: Pick<Ledger, 'webhooks' | 'settleWebhook'>, requests: OfficerRequests): OfficerHandler =>
  async (call) => {
    await parsedBody(call.request, emptyBody, bodyLimit);
    const { requestId } = call.record;
    for (const event of await ledger.webhooks(requestId)) {
      if (event.state === 'failed')
        await ledger.settleWebhook(requestId, { ...event, state: 'pending', attempts: 0 }, null);
    }
    await requests.notify(call);
    return readWebhooks(ledger)(call);
  };
