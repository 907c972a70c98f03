import type { SpanContext } from '@opentelemetry/api';
import type { IdGenerator } from '@opentelemetry/sdk-trace-base';
import { randomBytes } from 'node:crypto';

type Ids = Pick<SpanContext, 'traceId' | 'spanId'>;

/**
 * Ids of a request's trace, and of its first span, which every other span of the trace points to. They follow from
 * the request's id, so that whatever instance works on the request years later knows them.
 */
export function idsOfRequest(requestId: string): Ids {
  const traceId = requestId.replaceAll('-', '');
  return { traceId, spanId: traceId.slice(0, 16) };
}

/** Random ids of the length that W3C Trace Context has for them. */
const randomId = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Random ids, but for the first span of a request. */
class RequestIds implements IdGenerator {
  private chosen: Ids | null = null;

  generateTraceId = (): string => this.chosen?.traceId ?? randomId(16);
  generateSpanId = (): string => this.chosen?.spanId ?? randomId(8);

  /** Starts one span with these ids. */
  choosing<T>(ids: Ids, start: () => T): T {
    this.chosen = ids;
    try {
      return start();
    } finally {
      this.chosen = null;
    }
  }
}

/** The ids of this process, for its one provider of traces. */
export const requestIds = new RequestIds();
