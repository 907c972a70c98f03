import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { openRequest } from '../../services/environment';
import { mailboxOf, mailPerson } from '../../services/messaging';
import { emptyBody } from '../../core/api/bodies';
import type { RequestRecord } from '../../ports';
import { jsonResponse } from '../shared/http';
import { methodNotOffered, type PortalContext } from './context';
import { codeRefusals } from './step-up';

const confirmBody = z.strictObject({ code: z.string().regex(/^\d{6}$/) });

/** Authenticator apps that people set up once they have proven who they are. */
export function portalApp(portal: PortalContext) {
  const { env } = portal;
  const { stepUp } = env.settings.authentication;

  async function enrol(request: HttpRequest): Promise<HttpResponseInit> {
    await portal.postBody(request, emptyBody);
    const { authenticatorId } = await enrolment(request);
    return jsonResponse(200, await env.authenticators.enrol(authenticatorId));
  }

  async function confirmEnrolment(request: HttpRequest): Promise<HttpResponseInit> {
    const { code } = await portal.postBody(request, confirmBody);
    const { authenticatorId, record } = await enrolment(request);
    const recoveryCodes = await env.authenticators.confirm(authenticatorId, code);
    if (recoveryCodes === null) throw codeRefusals.wrong();
    await env.ledger.note(record.requestId, {
      event: 'authenticatorEnrolled',
      detail: { method: 'totp' },
    });
    await tellOfApp(record);
    return jsonResponse(200, { recoveryCodes });
  }

  /** A mail that nobody expects is how somebody learns that another one got in. */
  async function tellOfApp(record: RequestRecord): Promise<void> {
    const request = await openRequest(env, record.requestId);
    const details = await env.ledger.details(request.record);
    if (mailboxOf(details) === '') return;
    await mailPerson(env, request, details, { kind: 'authenticatorEnrolled' }).catch(
      () => undefined,
    );
  }

  /** @throws HttpProblem 403 without a step-up, 409 when there is an app already or none is wanted */
  async function enrolment(
    request: HttpRequest,
  ): Promise<{ authenticatorId: string; record: RequestRecord }> {
    const record = await portal.steppedUp(request);
    const { contact } = await env.ledger.details(record);
    const authenticatorId = env.authenticators.authenticatorIdOf(
      record.organisation,
      contact?.id ?? '',
    );
    const isWanted = contact !== null && stepUp.offered.includes('totp');
    if (!isWanted || (await env.authenticators.isEnrolled(authenticatorId)))
      throw methodNotOffered();
    return { authenticatorId, record };
  }

  return { enrol, confirmEnrolment };
}
