import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { emptyBody } from '../../core/api/bodies';
import { hasRecord } from '../../core/subject/contact';
import type { Authenticators, KeyStore, Ledger, RequestRecord, Settings } from '../../ports';
import { mailboxOf, mailPerson, type MessageServices } from '../../services/messaging';
import { jsonResponse } from '../shared/http';
import { methodNotOffered, type PortalContext } from './context';
import { codeProblems } from './step-up';

const confirmBody = z.strictObject({ code: z.string().regex(/^\d{6}$/) });

/** What the enrolment of an authenticator app uses. */
export type EnrolmentServices = MessageServices & {
  authenticators: Pick<Authenticators, 'authenticatorIdOf' | 'confirm' | 'enrol' | 'isEnrolled'>;
  keys: Pick<KeyStore, 'unwrap'>;
  ledger: Pick<Ledger, 'details' | 'note'>;
  settings: Pick<Settings, 'authentication'>;
};

/** Authenticator apps that people set up at the portal after a step-up. */
export class PortalEnrolment {
  constructor(
    private readonly services: EnrolmentServices,
    private readonly portal: PortalContext,
  ) {}

  enrol = async (request: HttpRequest): Promise<HttpResponseInit> => {
    await this.portal.postBody(request, emptyBody);
    const { authenticatorId } = await this.enrolment(request);
    return jsonResponse(200, await this.services.authenticators.enrol(authenticatorId));
  };

  confirm = async (request: HttpRequest): Promise<HttpResponseInit> => {
    const { authenticators, ledger } = this.services;
    const { code } = await this.portal.postBody(request, confirmBody);
    const { authenticatorId, record } = await this.enrolment(request);
    const recoveryCodes = await authenticators.confirm(authenticatorId, code);
    if (recoveryCodes === null) throw codeProblems.wrong();
    const fact = { event: 'authenticatorEnrolled', detail: { method: 'totp' } } as const;
    await ledger.note(record.requestId, fact);
    await this.notifyPerson(record);
    return jsonResponse(200, { recoveryCodes });
  };

  /** An email that the person does not expect shows them that somebody else has got in. */
  private async notifyPerson(record: RequestRecord): Promise<void> {
    if (record.wrappedSecret === null) return;
    const details = await this.services.ledger.details(record);
    if (mailboxOf(details, record.requester) === '') return;
    const keys = await this.services.keys.unwrap(record.wrappedSecret);
    const message = { kind: 'authenticatorEnrolled' } as const;
    await mailPerson(this.services, { request: { record, keys }, details, message }).catch(
      () => undefined,
    );
  }

  /** @throws HttpProblem 403 without a step-up, 409 if apps are not offered or one is enrolled */
  private async enrolment(
    request: HttpRequest,
  ): Promise<{ authenticatorId: string; record: RequestRecord }> {
    const { authenticators, ledger, settings } = this.services;
    const record = await this.portal.steppedUp(request);
    // An app is the person's: who acts for them must not be able to ask in their name later.
    if (record.requester !== undefined) throw methodNotOffered();
    const { contact } = await ledger.details(record);
    const isOffered = settings.authentication.stepUp.offered.includes('totp');
    if (contact === null || !hasRecord(contact) || !isOffered) throw methodNotOffered();
    const authenticatorId = await authenticators.authenticatorIdOf(record.organisation, contact.id);
    if (await authenticators.isEnrolled(authenticatorId)) throw methodNotOffered();
    return { authenticatorId, record };
  }
}
