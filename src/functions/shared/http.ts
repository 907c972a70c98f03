import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { parseCookie } from 'cookie';
import type { z } from 'zod';
import type { FieldProblem } from '../../core/api/request-body';
import {
  classOf,
  ConflictError,
  MessageNotAcceptedError,
  StorageUnavailableError,
} from '../../core/errors';

/** Headers of every response. */
export const securityHeaders: Record<string, string> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

export interface PageOptions {
  /** Further origins that the page's scripts may call. */
  connect?: readonly string[];
  /** Trusted types that the page's scripts may make; none without them. */
  trustedTypes?: readonly string[];
}

/** Headers of a page. It loads from its own origin only, and runs no inline script. */
export const pageHeaders = ({ connect = [], trustedTypes = [] }: PageOptions = {}): Record<
  string,
  string
> => ({
  ...securityHeaders,
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    'media-src blob:',
    "frame-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${trustedTypes.length === 0 ? "'none'" : trustedTypes.join(' ')}`,
  ].join('; '),
});

/** A cookie that no script can read and no other host receives. */
export const sessionCookie = (
  name: `__Host-${string}`,
  value: string,
  maxAge?: number,
  sameSite: 'Strict' | 'Lax' = 'Strict',
): Cookie => ({
  name,
  value,
  path: '/',
  httpOnly: true,
  secure: true,
  sameSite,
  ...(maxAge === undefined ? {} : { maxAge }),
});

/** The value of a cookie; '' without one. */
export const cookieOf = (request: HttpRequest, name: string): string =>
  parseCookie(request.headers.get('cookie') ?? '')[name] ?? '';

/** Redirects the browser to a path of this app. */
export const redirect = (path: `/${string}`, cookies: Cookie[]): HttpResponseInit => ({
  status: 303,
  headers: { ...securityHeaders, Location: path },
  cookies,
});

/** A refusal, with a stable code for callers. */
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

/** A body that is not valid: every problem at once. */
export const invalidBody = (errors: readonly FieldProblem[]): HttpProblem =>
  new HttpProblem(400, 'invalidBody', 'The body is not valid.', { errors });

/** A query that is not valid: every problem at once. */
export const invalidQuery = (errors: readonly FieldProblem[]): HttpProblem =>
  new HttpProblem(400, 'invalidQuery', 'The query is not valid.', { errors });

export const jsonResponse = (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpResponseInit => ({
  status,
  headers: { ...securityHeaders, 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(body),
});

/** Problem details (RFC 9457). */
export function problemResponse(problem: HttpProblem, correlationId: string): HttpResponseInit {
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
 * @param limit longest body in bytes
 * @throws HttpProblem 413 if the body is longer, 415 if its type is not JSON, 400 if it is not JSON
 */
export async function readJson(request: HttpRequest, limit: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new HttpProblem(415, 'unsupportedMediaType', 'The body must be application/json.');
  }
  const tooLarge = (): HttpProblem =>
    new HttpProblem(413, 'bodyTooLarge', `The body must not be longer than ${limit} bytes.`);
  // The host has buffered it by now, up to its own limit (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const bytes = Buffer.from(await request.arrayBuffer());
  if (bytes.length > limit) throw tooLarge();
  const text = bytes.toString('utf8');
  if (depthOf(text) > deepestBody)
    throw new HttpProblem(400, 'malformedJson', 'The body is nested too deep.');
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'malformedJson', 'The body is not valid JSON.');
  }
}

/** Levels of lists and objects; no body of the API has more than four. */
const deepestBody = 16;

/** How deep JSON is nested. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, (depth += 1));
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}

/**
 * Reads a JSON body and checks it against a schema.
 * @throws HttpProblem as `readJson` does, and 400 with the problems, which never repeat what was sent
 */
export async function parsedBody<T>(
  request: HttpRequest,
  schema: z.ZodType<T>,
  limit: number,
): Promise<T> {
  const result = schema.safeParse(await readJson(request, limit));
  if (result.success) return result.data;
  throw invalidBody(problemsIn(result.error));
}

/**
 * Reads what follows the path after `?` and checks it against a schema.
 * @throws HttpProblem 400 with the problems, which never repeat what was sent
 */
export function parsedQuery<T>(request: HttpRequest, schema: z.ZodType<T>): T {
  const result = schema.safeParse(Object.fromEntries(request.query));
  if (result.success) return result.data;
  throw invalidQuery(problemsIn(result.error));
}

const problemsIn = ({ issues }: z.ZodError): FieldProblem[] =>
  issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    detail: message,
  }));

/** The problem of an error that a retry may solve; null for any other error. */
function temporaryProblem(error: unknown): HttpProblem | null {
  if (error instanceof MessageNotAcceptedError)
    return new HttpProblem(503, 'messageNotAccepted', 'The message could not be sent. Retry.');
  if (error instanceof ConflictError)
    return new HttpProblem(503, 'conflictingUpdate', 'Conflicting update. Retry.');
  if (error instanceof StorageUnavailableError)
    return new HttpProblem(503, 'storageUnavailable', 'Storage is unavailable. Retry later.');
  return null;
}

/** Runs a handler and turns what it throws into problem details, which reveal no unknown error. */
export const withProblemDetails =
  (handler: (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>) =>
  async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    try {
      return await handler(request, context);
    } catch (error) {
      const known = error instanceof HttpProblem ? error : temporaryProblem(error);
      if (known) return problemResponse(known, context.invocationId);
      context.error(
        `${context.functionName} failed: ${classOf(error)} (correlation id ${context.invocationId})`,
      );
      const problem = new HttpProblem(500, 'internalError', 'Internal error.');
      return problemResponse(problem, context.invocationId);
    }
  };
