import { isStorageAway } from '../adapters/storage/rest-error';
import { MessageNotTakenError } from '../core/errors';
import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';

/** Headers that every answer carries. */
export const securityHeaders: Record<string, string> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** A refusal with a code that callers may rely on. */
export class HttpProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly extra: Record<string, unknown> = {},
  ) {
    super(title);
  }
}

export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponseInit => ({
  status,
  headers: { ...securityHeaders, 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

/** Problem details (RFC 9457). */
export function problemAnswer(problem: HttpProblem, correlationId: string): HttpResponseInit {
  const { status, code, title, extra } = problem;
  return {
    status,
    headers: { ...securityHeaders, 'Content-Type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify({
      type: `/problems/${code}`,
      title,
      status,
      code,
      correlationId,
      ...extra,
    }),
  };
}

/**
 * Reads a JSON body.
 * @throws HttpProblem 413 when it is longer than `limit` bytes, 415 when it is not declared as JSON,
 *   400 when it is not JSON
 */
export async function readJson(request: HttpRequest, limit: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new HttpProblem(415, 'unsupportedMediaType', 'The body must be application/json.');
  }
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > limit)
    throw new HttpProblem(413, 'bodyTooLarge', `The body is longer than ${limit} bytes.`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new HttpProblem(400, 'malformedJson', 'The body is not JSON.');
  }
}

/** What will pass by itself: storage that is away, a message that was not taken. */
function passing(error: unknown): HttpProblem | null {
  if (error instanceof MessageNotTakenError) {
    return new HttpProblem(
      503,
      'messageNotTaken',
      'The message could not be sent. Please try again.',
    );
  }
  return isStorageAway(error)
    ? new HttpProblem(503, 'storageUnavailable', 'Please try again in a few minutes.')
    : null;
}

/** Runs a handler and turns what it throws into problem details. Unknown errors are told to nobody. */
export const answering =
  (handler: (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>) =>
  async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    try {
      return await handler(request, context);
    } catch (error) {
      const known = error instanceof HttpProblem ? error : passing(error);
      if (known) return problemAnswer(known, context.invocationId);
      const name = error instanceof Error ? error.name : 'unknown';
      context.error(
        `${context.functionName} failed: ${name} (correlation id ${context.invocationId})`,
      );
      const problem = new HttpProblem(500, 'internalError', 'Something went wrong on our side.');
      return problemAnswer(problem, context.invocationId);
    }
  };
