import { app, type HttpRequest } from '@azure/functions';
import type { Environment } from '../../services/environment';
import { confirmBody, enrolBody } from '../../core/api/bodies';
import { withProblemDetails, HttpProblem, jsonResponse, parsedBody } from '../shared/http';
import type { OfficerAuthenticator } from '../officer/authenticator';

const bodyLimit = 4096;

/**
 * Enrolment of authenticator apps ahead of time, for the company's own portal for customers, where
 * they are signed in already. Its program signs in to the directory with the role `Authenticators.Enrol`.
 */
export function registerAuthenticators(env: Environment, guard: OfficerAuthenticator): void {
  const authenticatorIdOf = (given: {
    contactId: string;
    organisation?: string | undefined;
  }): string => {
    const name = given.organisation ?? [...env.organisations.keys()][0] ?? '';
    if (!env.organisations.has(name))
      throw new HttpProblem(400, 'invalidBody', 'This is not an organisation of the settings.');
    return env.authenticators.authenticatorIdOf(name, given.contactId);
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
        await guard.require(request, 'Authenticators.Enrol');
        return jsonResponse(200, await handler(request));
      }),
    });
  };
  route('enrolAuthenticator', 'api/authenticators', async (request) => {
    const body = await parsedBody(request, enrolBody, bodyLimit);
    return env.authenticators.enrol(authenticatorIdOf(body));
  });
  route('confirmAuthenticator', 'api/authenticators/confirm', async (request) => {
    const { code, ...contact } = await parsedBody(request, confirmBody, bodyLimit);
    const recoveryCodes = await env.authenticators.confirm(authenticatorIdOf(contact), code);
    if (recoveryCodes === null) throw new HttpProblem(403, 'codeWrong', 'This code is not right.');
    return { recoveryCodes };
  });
  route('removeAuthenticator', 'api/authenticators/remove', async (request) => {
    await env.authenticators.remove(
      authenticatorIdOf(await parsedBody(request, enrolBody, bodyLimit)),
    );
    return {};
  });
}
