import { app, type HttpRequest } from '@azure/functions';
import type { Environment } from '../activities/environment';
import { confirmBody, enrolBody } from '../core/api-bodies';
import { answering, HttpProblem, jsonAnswer, parsedBody } from './http';
import type { OfficerGuard } from './officer-guard';

const bodyLimit = 4096;

/**
 * Enrolment of authenticator apps ahead of time, for the company's own portal for customers, where
 * they are signed in already. Its program signs in to the directory with the role `Factors.Enrol`.
 */
export function registerFactors(env: Environment, guard: OfficerGuard): void {
  const factorIdOf = (given: { contactId: string; organisation?: string | undefined }): string => {
    const name = given.organisation ?? [...env.organisations.keys()][0] ?? '';
    if (!env.organisations.has(name))
      throw new HttpProblem(400, 'invalidBody', 'This is not an organisation of the settings.');
    return env.apps.factorIdOf(name, given.contactId);
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
      handler: answering(async (request) => {
        await guard.require(request, 'Factors.Enrol');
        return jsonAnswer(200, await handler(request));
      }),
    });
  };
  route('enrolFactor', 'api/factors', async (request) => {
    const body = await parsedBody(request, enrolBody, bodyLimit);
    return env.apps.enrol(factorIdOf(body));
  });
  route('confirmFactor', 'api/factors/confirm', async (request) => {
    const { code, ...contact } = await parsedBody(request, confirmBody, bodyLimit);
    const recoveryCodes = await env.apps.confirm(factorIdOf(contact), code);
    if (recoveryCodes === null) throw new HttpProblem(403, 'codeWrong', 'This code is not right.');
    return { recoveryCodes };
  });
  route('removeFactor', 'api/factors/remove', async (request) => {
    await env.apps.remove(factorIdOf(await parsedBody(request, enrolBody, bodyLimit)));
    return {};
  });
}
