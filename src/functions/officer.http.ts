import { app } from '@azure/functions';
import * as df from 'durable-functions';
import type { Environment } from '../activities/environment';
import { emptyBody } from '../core/api-bodies';
import type { OfficerRole } from '../core/officer';
import type { Limits } from '../orchestrators/contract';
import { answering, HttpProblem, parsedBody } from './http';
import { officerDecisions } from './officer-decisions';
import { officerDelivery } from './officer-delivery';
import { bodyLimit, OfficerDesk, type OfficerCall } from './officer-desk';
import type { OfficerGuard } from './officer-guard';
import { officerReading } from './officer-reading';
import { requestIdForm } from './requests.http';

/** What only officers may do, each by the role that their directory gives them. */
export function registerOfficer(env: Environment, limits: Limits, guard: OfficerGuard): void {
  const desk = new OfficerDesk(env, guard, limits);
  const reading = officerReading(env);
  const decisions = officerDecisions(desk);
  const delivery = officerDelivery(desk);

  /** Tries again what the ticketing system has not taken and was given up. */
  const retryWebhooks: OfficerCall = async (asked) => {
    const { request, context, record } = asked;
    await parsedBody(request, emptyBody, bodyLimit);
    const { requestId } = record;
    for (const event of await env.ledger.webhooks(requestId)) {
      if (event.state === 'givenUp')
        await env.ledger.settleWebhook(requestId, { ...event, state: 'pending', attempts: 0 });
    }
    await desk.tell(context, requestId);
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
      handler: answering(async (request, context) => {
        const officer = await guard.require(request, role);
        const { requestId = '' } = request.params;
        const record = requestIdForm.test(requestId) ? await env.ledger.get(requestId) : null;
        if (record === null)
          throw new HttpProblem(404, 'requestUnknown', 'There is no such request.');
        return handler({ request, context, record, officer });
      }),
    });
  };
  app.http('listRequests', {
    route: 'api/requests',
    methods: ['GET'],
    authLevel: 'anonymous',
    handler: answering(async (request) => {
      await guard.require(request, 'Requests.Read');
      return reading.list();
    }),
  });
  route('decisionEvidence', 'GET', 'decision', 'Requests.Read', reading.evidence);
  route('requestCustody', 'GET', 'custody', 'Requests.Read', reading.custody);
  route('webhookEvents', 'GET', 'webhooks', 'Requests.Read', reading.webhooks);
  route('retryWebhooks', 'POST', 'webhooks', 'Requests.Decide', retryWebhooks);
  route('decide', 'POST', 'decision', 'Requests.Decide', decisions.decide);
  route('checkIdentity', 'POST', 'identity', 'Requests.Decide', decisions.identity);
  route('cancelRequest', 'POST', 'cancel', 'Requests.Decide', decisions.cancel);
  route('refuseRequest', 'POST', 'refuse', 'Requests.Decide', decisions.refuse);
  route('extendRequest', 'POST', 'extend', 'Requests.Decide', decisions.extend);
  route('retryRequest', 'POST', 'retry', 'Requests.Decide', decisions.retry);
  route('recallRequest', 'POST', 'recall', 'Requests.Recall', delivery.recall);
  route('officerCode', 'POST', 'code', 'Requests.Deliver', delivery.officerCode);
  route('deliverRequest', 'POST', 'deliver', 'Requests.Deliver', delivery.deliver);
}
