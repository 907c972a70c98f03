import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { openRequest } from '../activities/environment';
import { mailboxOf, mailPerson } from '../activities/messaging';
import { emptyBody } from '../core/api-bodies';
import type { RequestRecord } from '../ports';
import { jsonAnswer } from './http';
import { methodNotOffered, type PortalDesk } from './portal-desk';
import { codeRefusals } from './portal-step-up';

const confirmBody = z.strictObject({ code: z.string().regex(/^\d{6}$/) });

/** Authenticator apps that people set up once they have proven who they are. */
export function portalApp(desk: PortalDesk) {
  const { env } = desk;
  const { stepUp } = env.settings;

  async function enrol(request: HttpRequest): Promise<HttpResponseInit> {
    await desk.postBody(request, emptyBody);
    const { factorId } = await enrolment(request);
    return jsonAnswer(200, await env.apps.enrol(factorId));
  }

  async function confirmEnrolment(request: HttpRequest): Promise<HttpResponseInit> {
    const { code } = await desk.postBody(request, confirmBody);
    const { factorId, record } = await enrolment(request);
    const recoveryCodes = await env.apps.confirm(factorId, code);
    if (recoveryCodes === null) throw codeRefusals.wrong();
    await env.ledger.note(record.requestId, {
      event: 'factorEnrolled',
      detail: { method: 'totp' },
    });
    await tellOfApp(record);
    return jsonAnswer(200, { recoveryCodes });
  }

  /** A mail that nobody expects is how somebody learns that another one got in. */
  async function tellOfApp(record: RequestRecord): Promise<void> {
    const request = await openRequest(env, record.requestId);
    const details = await env.ledger.details(request.record);
    if (mailboxOf(details) === '') return;
    await mailPerson(env, request, details, { kind: 'factorEnrolled' }).catch(() => undefined);
  }

  /** @throws HttpProblem 403 without a step-up, 409 when there is an app already or none is wanted */
  async function enrolment(
    request: HttpRequest,
  ): Promise<{ factorId: string; record: RequestRecord }> {
    const record = await desk.steppedUp(request);
    const { contact } = await env.ledger.details(record);
    const factorId = env.apps.factorIdOf(record.organisation, contact?.id ?? '');
    const isWanted = contact !== null && stepUp.offered.includes('totp');
    if (!isWanted || (await env.apps.isEnrolled(factorId))) throw methodNotOffered();
    return { factorId, record };
  }

  return { enrol, confirmEnrolment };
}
