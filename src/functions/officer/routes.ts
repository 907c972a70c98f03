import { app } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../../services/environment';
import { emptyBody } from '../../core/api/bodies';
import type { OfficerRole } from '../../core/authentication/officer';
import type { OrchestrationLimits } from '../../orchestrators/activity-types';
import { withProblemDetails, HttpProblem, parsedBody } from '../shared/http';
import { officerDecisions } from './decisions';
import { officerDelivery } from './delivery';
import { bodyLimit, OfficerRequests, type OfficerCall } from './officer-requests';
import type { OfficerAuthenticator } from './authenticator';
import { officerReading } from './reading';
import { requestIdForm } from '../api/requests';

/** What only officers may do, each by the role that their directory gives them. */
export function registerOfficer(
  env: Environment,
  limits: OrchestrationLimits,
  guard: OfficerAuthenticator,
): void {
  const officerRequests = new OfficerRequests(env, guard, limits);
  const reading = officerReading(env);
  const decisionVersion = officerDecisions(officerRequests);
  const delivery = officerDelivery(officerRequests);

  /** Tries again what the ticketing system has not taken and was given up. */
  const retryWebhooks: OfficerCall = async (asked) => {
    const { request, context, record } = asked;
    await parsedBody(request, emptyBody, bodyLimit);
    const { requestId } = record;
    for (const event of await env.ledger.webhooks(requestId)) {
      if (event.state === 'failed')
        await env.ledger.settleWebhook(requestId, { ...event, state: 'pending', attempts: 0 });
    }
    await officerRequests.notify(context, requestId);
    return reading.webhooks(asked);
  };

  const route = (
    name: string,
    method: 'GET' | 'POST',
    path: string,
    role: OfficerRole,
    handler: OfficerCall,
  ): void => {
    app.http(name, {
      route: `api/requests/{requestId}/${path}`,
      methods: [method],
      authLevel: 'anonymous',
      extraInputs: [df.input.durableClient()],
      handler: withProblemDetails(async (request, context) => {
        const officer = await guard.require(request, role);
        const { requestId = '' } = request.params;
        const record = requestIdForm.test(requestId) ? await env.ledger.get(requestId) : null;
        if (record === null)
          throw new HttpProblem(404, 'requestNotFound', 'There is no such request.');
        return handler({ request, context, record, officer });
      }),
    });
  };
  app.http('listRequests', {
    route: 'api/requests',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: withProblemDetails(async (request) => {
      await guard.require(request, 'Requests.Read');
      return reading.list();
    }),
  });
  route('decisionEvidence', 'GET', 'decision', 'Requests.Read', reading.evidence);
  route('requestCustody', 'GET', 'custody', 'Requests.Read', reading.custody);
  route('webhookEvents', 'GET', 'webhooks', 'Requests.Read', reading.webhooks);
  route('retryWebhooks', 'POST', 'webhooks', 'Requests.Decide', retryWebhooks);
  route('decide', 'POST', 'decision', 'Requests.Decide', decisionVersion.decide);
  route('checkIdentity', 'POST', 'identity', 'Requests.Decide', decisionVersion.identity);
  route('cancelRequest', 'POST', 'cancel', 'Requests.Decide', decisionVersion.cancel);
  route('refuseRequest', 'POST', 'refuse', 'Requests.Decide', decisionVersion.refuse);
  route('extendRequest', 'POST', 'extend', 'Requests.Decide', decisionVersion.extend);
  route('retryRequest', 'POST', 'retry', 'Requests.Decide', decisionVersion.retry);
  route('recallRequest', 'POST', 'recall', 'Requests.Recall', delivery.recall);
  route('officerCode', 'POST', 'code', 'Requests.Deliver', delivery.officerCode);
  route('deliverRequest', 'POST', 'deliver', 'Requests.Deliver', delivery.deliver);
}
