import { app, type HttpRequest } from '@azure/functions';
import { confirmBody, enrolBody } from '../../core/api/bodies';
import type { Authenticators } from '../../ports';
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
  organisations: ReadonlyMap<string, unknown>;
}

/**
 * Enrolment of authenticator apps ahead of time, by the company's own customer portal, where customers
 * are signed in already. Its program signs in to the directory with the role `Authenticators.Enrol`.
 */
export function registerAuthenticators(
  { authenticators, organisations }: AuthenticatorServices,
  authenticator: OfficerAuthenticator,
): void {
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
    const recoveryCodes = await authenticators.confirm(await authenticatorIdOf(contact), code);
    if (recoveryCodes === null) throw new HttpProblem(403, 'codeWrong', 'The code is wrong.');
    return { recoveryCodes };
  });
  route('removeAuthenticator', 'api/authenticators/remove', async (request) => {
    const contact = await parsedBody(request, enrolBody, bodyLimit);
    await authenticators.remove(await authenticatorIdOf(contact));
    return {};
  });
}
