import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultKind } from './faults';
import type { Answer } from './operation';

/** Sends an answer as JSON; a fault may end it in the middle. */
export function sendJson(
  response: ServerResponse,
  { status, body, headers = {} }: Answer,
  fault: FaultKind | null,
): void {
  if (body === undefined) {
    response.writeHead(status, { ...headers, 'Content-Length': '0' }).end();
    return;
  }
  const json = { 'Content-Type': 'application/json', ...headers };
  const bytes = Buffer.from(JSON.stringify(body));
  if (fault === 'truncated') return sendHalf(response, bytes, json, status);
  response.writeHead(status, json).end(fault === 'cutJson' ? halfOf(bytes) : bytes);
}

/** Announces the whole content and ends in the middle. */
export function sendHalf(
  response: ServerResponse,
  bytes: Buffer,
  headers: Record<string, string>,
  status = 200,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length });
  response.write(halfOf(bytes), () => response.destroy());
}

const halfOf = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));

/** Sends the whole content or, for a `Range` of one part, that part (RFC 9110 section 14). */
export function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  type: string,
): void {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const headers = { 'Content-Type': type, 'Accept-Ranges': 'bytes' };
  if (from === '' && to === '') {
    response.writeHead(200, { ...headers, 'Content-Length': bytes.length });
    response.end(bytes);
    return;
  }
  const start = from === '' ? Math.max(0, bytes.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
  if (start > end) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
    return;
  }
  response.writeHead(206, {
    ...headers,
    'Content-Length': end - start + 1,
    'Content-Range': `bytes ${start}-${end}/${bytes.length}`,
  });
  response.end(bytes.subarray(start, end + 1));
}
