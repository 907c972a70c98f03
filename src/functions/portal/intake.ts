import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { emptyBody } from '../../core/api/bodies';
import { intakeBody } from '../../core/api/intake';
import type { Puzzles } from '../../ports';
import { takeIntake, type IntakeLimits, type IntakeServices } from '../../services/intake';
import { networkOf } from '../shared/address';
import { HttpProblem, invalidBody, jsonResponse, withProblemDetails } from '../shared/http';
import { portalPost, type PortalPostServices } from './context';

/** Ten identifiers, a name and a solution. */
const bodyLimit = 12 * 1024;

export type PortalIntakeServices = IntakeServices &
  PortalPostServices & { puzzles: Pick<Puzzles, 'issue'> };

/** The calls of the intake page. Nobody has to be known to make them, and they tell nothing of anybody. */
export function registerIntake(services: PortalIntakeServices, limits: IntakeLimits): void {
  async function puzzle(request: HttpRequest): Promise<HttpResponseInit> {
    await portalPost(services, request, emptyBody);
    return jsonResponse(200, await services.puzzles.issue());
  }

  async function take(request: HttpRequest): Promise<HttpResponseInit> {
    const body = await portalPost(services, request, intakeBody, bodyLimit);
    const outcome = await takeIntake(services, limits, body, networkOf(request));
    switch (outcome.kind) {
      case 'taken':
        return jsonResponse(202, { reference: outcome.reference });
      case 'invalid':
        throw invalidBody(outcome.problems);
      case 'puzzleWrong':
        throw new HttpProblem(403, 'puzzleWrong', 'The puzzle was not solved.');
      case 'puzzleExpired':
        throw new HttpProblem(403, 'puzzleExpired', 'The puzzle is no longer valid.');
      case 'tooMany':
        throw new HttpProblem(429, 'tooManyIntakes', 'Too many requests from here today.');
      case 'full':
        throw new HttpProblem(429, 'intakeFull', 'No more requests are taken today.');
    }
  }

  const post = (name: string, path: string, handler: typeof take): void =>
    app.http(name, {
      route: `portal/api/intake${path}`,
      methods: ['POST'],
      authLevel: 'anonymous',
      handler: withProblemDetails(handler),
    });
  post('intakePuzzle', '/puzzle', puzzle);
  post('intake', '', take);
}
