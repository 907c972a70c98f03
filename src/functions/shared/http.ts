import type { z } from 'zod';
import { isStorageAway } from '../../adapters/storage/rest-error';
import { ConflictError, MessageNotAcceptedError } from '../../core/errors';
import type { Cookie, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';

/** Headers that every answer carries. */
export const securityHeaders: Record<string, string> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * Headers of a page: what it may load is its own, and nothing runs that does not stand in a file.
 * @param connect further origins that its scripts may call
 * @param showsMail whether it puts HTML mails into frames, which trusted types would refuse
 */
export const pageHeaders = (
  connect: readonly string[],
  showsMail = false,
): Record<string, string> => ({
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
    ...(showsMail ? [] : ["require-trusted-types-for 'script'", "trusted-types 'none'"]),
  ].join('; '),
});

/** A cookie that no script reads and no other host sees. */
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

/** The value of a cookie; '' without. */
export function cookieOf(request: HttpRequest, name: string): string {
  for (const part of (request.headers.get('cookie') ?? '').split(';')) {
    const [key, value] = part.trim().split('=');
    if (key === name && value !== undefined) return value;
  }
  return '';
}

/** Sends the browser to a path of this app. */
export const redirect = (path: `/${string}`, cookies: Cookie[]): HttpResponseInit => ({
  status: 303,
  headers: { ...securityHeaders, Location: path },
  cookies,
});

/**
 * Address that a call came from: the last one of `X-Forwarded-For`, which the platform adds; what
 * stands before it, anybody may have written.
 */
export function addressOf(request: HttpRequest): string {
  const last = (request.headers.get('x-forwarded-for') ?? '').split(',').at(-1)?.trim() ?? '';
  // IPv4 with a port, or IPv6 in brackets with one.
  return last.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
}

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

/**
 * Reads a JSON body of a known shape.
 * @throws HttpProblem as `readJson` does, and 400 naming what is wrong, never what was sent
 */
export async function parsedBody<T>(
  request: HttpRequest,
  schema: z.ZodType<T>,
  limit: number,
): Promise<T> {
  const result = schema.safeParse(await readJson(request, limit));
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    detail: message,
  }));
  throw new HttpProblem(400, 'invalidBody', 'The body is not valid.', { errors });
}

/** What will pass by itself: storage that is away, a message that was not taken. */
function passing(error: unknown): HttpProblem | null {
  if (error instanceof MessageNotAcceptedError) {
    return new HttpProblem(
      503,
      'messageNotAccepted',
      'The message could not be sent. Please try again.',
    );
  }
  if (error instanceof ConflictError)
    return new HttpProblem(503, 'busy', 'Too much happens at once. Please try again.');
  return isStorageAway(error)
    ? new HttpProblem(503, 'storageUnavailable', 'Please try again in a few minutes.')
    : null;
}

/** Runs a handler and turns what it throws into problem details. Unknown errors are told to nobody. */
export const withProblemDetails =
  (handler: (request: HttpRequest, context: InvocationContext) => Promise<HttpResponseInit>) =>
  async (request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> => {
    try {
      return await handler(request, context);
    } catch (error) {
      const known = error instanceof HttpProblem ? error : passing(error);
      if (known) return problemResponse(known, context.invocationId);
      const name = error instanceof Error ? error.name : 'unknown';
      context.error(
        `${context.functionName} failed: ${name} (correlation id ${context.invocationId})`,
      );
      const problem = new HttpProblem(500, 'internalError', 'Something went wrong on our side.');
      return problemResponse(problem, context.invocationId);
    }
  };
