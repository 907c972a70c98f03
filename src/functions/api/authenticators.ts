import { app, type HttpRequest } from '@azure/functions';
import { RateLimitedError, SourceError } from '../../core/errors';
import { confirmBody, enrolBody } from '../../core/api/bodies';
import type {
  Authenticators,
  Clock,
  KeyStore,
  Notifier,
  OfficerAuditLog,
  Organisation,
  Settings,
} from '../../ports';
import type { Locales } from '../../core/i18n/translator';
import { tellOfEnrolment } from '../../services/security-notices';
import { defaultOrganisation } from '../../services/submission';
import type { OfficerAuthenticator } from '../officer/authenticator';
import {
  HttpProblem,
  invalidBody,
  jsonResponse,
  parsedBody,
  withProblemDetails,
} from '../shared/http';

const bodyLimit = 4096;

export interface AuthenticatorServices {
  authenticators: Authenticators;
  /** By name. */
  organisations: ReadonlyMap<string, Pick<Organisation, 'source'>>;
  clock: Clock;
  keys: Pick<KeyStore, 'keyedHash'>;
  locales: Locales;
  notifier: Notifier;
  officerAudit: Pick<OfficerAuditLog, 'append'>;
  settings: Pick<Settings, 'branding'>;
}

/**
 * Enrolment of authenticator apps ahead of time, by the company's own customer portal, where customers
 * are signed in already. Its program signs in to the directory with the role `Authenticators.Enrol`.
 */
export function registerAuthenticators(
  services: AuthenticatorServices,
  authenticator: OfficerAuthenticator,
): void {
  const { authenticators, organisations } = services;
  const authenticatorIdOf = async (contact: {
    contactId: string;
    organisation?: string | undefined;
  }): Promise<string> => {
    const name = contact.organisation ?? defaultOrganisation(organisations);
    if (!organisations.has(name))
      throw invalidBody([
        { pointer: '/organisation', detail: 'is not an organisation of the settings' },
      ]);
    return authenticators.authenticatorIdOf(name, contact.contactId);
  };
  const route = (
    name: string,
    path: string,
    handler: (request: HttpRequest) => Promise<unknown>,
  ): void => {
    app.http(name, {
      route: path,
      methods: ['POST'],
      authLevel: 'anonymous',
      handler: withProblemDetails(async (request) => {
        await authenticator.require(request, 'Authenticators.Enrol');
        return jsonResponse(200, await handler(request));
      }),
    });
  };
  route('enrolAuthenticator', 'api/authenticators', async (request) => {
    const contact = await parsedBody(request, enrolBody, bodyLimit);
    return authenticators.enrol(await authenticatorIdOf(contact));
  });
  route('confirmAuthenticator', 'api/authenticators/confirm', async (request) => {
    const { code, ...contact } = await parsedBody(request, confirmBody, bodyLimit);
    const authenticatorId = await authenticatorIdOf(contact);
    const recoveryCodes = await authenticators.confirm(authenticatorId, code);
    if (recoveryCodes === null) throw new HttpProblem(403, 'codeWrong', 'The code is wrong.');
    const subjectNotified = await tellContact(services, contact, authenticatorId);
    return { recoveryCodes, subjectNotified };
  });
  route('removeAuthenticator', 'api/authenticators/remove', async (request) => {
    const contact = await parsedBody(request, enrolBody, bodyLimit);
    await authenticators.remove(await authenticatorIdOf(contact));
    return {};
  });
}

/**
 * Tells a contact of the source that an app was enrolled for them, by the mailbox on file. Nobody else is
 * written to. Where that is not possible, the answer says so to the program, which is to tell them by its
 * own means, and the audit log keeps it.
 */
async function tellContact(
  services: AuthenticatorServices,
  { contactId, organisation }: { contactId: string; organisation?: string | undefined },
  authenticatorId: string,
): Promise<boolean> {
  const { organisations, officerAudit } = services;
  const { source } = organisations.get(organisation ?? defaultOrganisation(organisations)) ?? {};
  const contact = await source?.contactOnFile(contactId).catch(nullIfAway);
  const isTold = !!contact && (await tellOfEnrolment(services, contact, authenticatorId));
  if (!isTold) await officerAudit.append({ event: 'enrolmentNotTold', actor: null, code: null });
  return isTold;
}

function nullIfAway(error: unknown): null {
  if (error instanceof SourceError || error instanceof RateLimitedError) return null;
  throw error;
}
