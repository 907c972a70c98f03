import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { RpcHttpData } from './protocol';

/** Largest request body the Functions host takes by default (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT). */
const bodyLimit = 104_857_600;

/** Listens on loopback. Rejects when the port is taken. */
export function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** The whole body, or null when it is larger than the host takes. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** One header of a request. */
export const header = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/**
 * All headers of a request, lists joined, and the caller's address behind what `X-Forwarded-For` says
 * already, as the platform adds it.
 */
export const flatHeaders = (request: IncomingMessage): Record<string, string> => {
  const { remoteAddress = '', remotePort = 0 } = request.socket;
  const given = header(request, 'x-forwarded-for');
  const forwarded = [...(given === undefined ? [] : [given]), `${remoteAddress}:${remotePort}`];
  return {
    ...Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    'x-forwarded-for': forwarded.join(', '),
  };
};

/** Sends what a function returned. */
export function writeHttpResponse(
  response: ServerResponse,
  method: string,
  http: RpcHttpData | undefined,
): void {
  const status = Number(http?.statusCode ?? 204);
  for (const [name, value] of Object.entries(http?.headers ?? {})) response.setHeader(name, value);
  const cookies = (http?.cookies ?? []).map(cookieText);
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies);
  response.writeHead(status);
  const body = http?.body?.bytes ?? http?.body?.string;
  response.end(
    body === undefined || method === 'HEAD' || status === 204 || status === 304 ? undefined : body,
  );
}

/** A `Set-Cookie` value from the worker's cookie object; optional values come wrapped. */
export function cookieText(cookie: {
  name: string;
  value: string;
  [attribute: string]: unknown;
}): string {
  const plain = (attribute: string): unknown => {
    const value = cookie[attribute];
    return value !== null && typeof value === 'object' && 'value' in value ? value.value : value;
  };
  const sameSite = plain('sameSite');
  return [
    `${cookie.name}=${cookie.value}`,
    ...(typeof plain('path') === 'string' ? [`Path=${String(plain('path'))}`] : []),
    ...(typeof plain('maxAge') === 'number' ? [`Max-Age=${String(plain('maxAge'))}`] : []),
    ...(plain('httpOnly') === true ? ['HttpOnly'] : []),
    ...(plain('secure') === true ? ['Secure'] : []),
    ...(typeof sameSite === 'string' && sameSite !== 'none' ? [`SameSite=${sameSite}`] : []),
  ].join('; ');
}
