import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { gzipSync } from 'node:zlib';
import { lazy } from '../../core/lazy';

/**
 * Answers with a file that never changes, compressed where the browser takes that: neither the Functions host
 * nor the platform does it. Nothing in it is secret, so that its compressed length tells nothing.
 */
export function staticFile(
  content: Buffer,
  headers: Record<string, string>,
): (request: HttpRequest) => HttpResponseInit {
  const compressed = lazy(() => gzipSync(content, { level: 9 }));
  const common = { ...headers, Vary: 'Accept-Encoding' };
  return (request) =>
    /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
      ? { status: 200, headers: { ...common, 'Content-Encoding': 'gzip' }, body: compressed() }
      : { status: 200, headers: common, body: content };
}
