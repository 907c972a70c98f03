import { SpanKind, SpanStatusCode, type Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { scrubbedAttributes } from './scrub';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Passes on the spans that may be exported: activities, and failed calls of other systems, without
 * queries, ids and messages. Successful calls are counted by metrics and not traced, because an export
 * makes hundreds of thousands. A refusal that belongs to how the app works is no failure.
 */
export class ScrubbingProcessor implements SpanProcessor {
  constructor(private readonly next: SpanProcessor) {}

  onStart(span: Span, context: Context): void {
    this.next.onStart(span, context);
  }

  onEnd(span: ReadableSpan): void {
    const target = span as Writable<ReadableSpan>;
    target.attributes = scrubbedAttributes(span.attributes) as ReadableSpan['attributes'];
    if (isUneventfulCall(span)) return;
    const { 'http.request.method': method, 'url.path': path } = span.attributes;
    if (span.kind !== SpanKind.INTERNAL) target.name = [method, path].filter(Boolean).join(' ');
    if (isExpectedRefusal(span)) target.status = { code: SpanStatusCode.UNSET };
    else target.status = { code: span.status.code };
    target.links = [];
    target.events = span.events.map((event) => ({
      ...event,
      attributes: scrubbedAttributes(event.attributes ?? {}) as ReadableSpan['attributes'],
    }));
    this.next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.next.shutdown();
  }
}

/**
 * Answers that the app asks for on purpose: what does not exist (404), what somebody else was faster with (409), and
 * what has changed meanwhile (412).
 */
const expectedByCaller = new Set([404, 409, 412]);
/** What the app itself answers, beside those, to whoever is not signed in or lacks a role. */
const expectedOfGuards = new Set([401, 403]);

function isExpectedRefusal({ kind, attributes }: ReadableSpan): boolean {
  const code = attributes['http.response.status_code'];
  if (typeof code !== 'number') return false;
  if (kind === SpanKind.CLIENT) return expectedByCaller.has(code);
  return kind === SpanKind.SERVER && (expectedByCaller.has(code) || expectedOfGuards.has(code));
}

function isUneventfulCall({ kind, status, attributes }: ReadableSpan): boolean {
  if (kind !== SpanKind.CLIENT) return false;
  const code = attributes['http.response.status_code'];
  const isFine = typeof code === 'number' && code < 400;
  return isFine && status.code !== SpanStatusCode.ERROR;
}
