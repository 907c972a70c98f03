import { app } from '@azure/functions';
import * as df from 'durable-functions';
import type { ReadinessOutcome } from '../../core/api/readiness';
import type { Stopwatch } from '../../ports';
import { checkReadiness, readinessRuns, type ReadinessServices } from '../../services/readiness';
import { tryTaskHub } from '../shared/fulfilment';
import { jsonResponse, withProblemDetails } from '../shared/http';
import type { OfficerAuthenticator } from './authenticator';

/** Milliseconds that each check may take; they are made side by side. */
const checkLimit = 8000;
/** Milliseconds for which an answer is given again: the checks make calls that Genesys Cloud counts. */
const answerAge = 10_000;

/**
 * `GET /health/ready`: whether everything that the app needs answers, for officers, and for programs such as a
 * pipeline that deploys. Without a sign-in it is refused (401), which tells a smoke test that the app has loaded
 * with its settings.
 * @param version of the deployed app
 */
export function registerReadiness(
  services: ReadinessServices & { stopwatch: Pick<Stopwatch, 'now'> },
  guard: Pick<OfficerAuthenticator, 'require'>,
  version: string,
): void {
  const { stopwatch } = services;
  let last: { at: number; outcomes: Promise<ReadinessOutcome[]> } | null = null;
  app.http('ready', {
    route: 'health/ready',
    methods: ['GET'],
    authLevel: 'anonymous',
    extraInputs: [df.input.durableClient()],
    handler: withProblemDetails(async (request, context) => {
      await guard.require(request, 'Requests.Read', 'Readiness.Read');
      const at = stopwatch.now();
      if (last === null || at - last.at > answerAge) {
        const hub = (): Promise<void> => tryTaskHub(df.getClient(context));
        last = { at, outcomes: checkReadiness(readinessRuns(services, hub), checkLimit) };
      }
      const checks = await last.outcomes;
      const isReady = checks.every(({ code }) => code !== 'failed');
      return jsonResponse(isReady ? 200 : 503, {
        status: isReady ? 'ready' : 'notReady',
        version,
        checks,
      });
    }),
  });
}
