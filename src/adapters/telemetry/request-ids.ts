import type { SpanContext } from '@opentelemetry/api';
import { RandomIdGenerator, type IdGenerator } from '@opentelemetry/sdk-trace-base';
import { lazy } from '../../core/lazy';

type Ids = Pick<SpanContext, 'traceId' | 'spanId'>;

/**
 * Ids of a request's trace, and of its first span, which every other span of the trace points to. They follow from
 * the request's id, so that whatever instance works on the request years later knows them.
 */
export function idsOfRequest(requestId: string): Ids {
  const traceId = requestId.replaceAll('-', '');
  return { traceId, spanId: traceId.slice(0, 16) };
}

/** Random ids, but for the first span of a request. */
class RequestIds implements IdGenerator {
  // The package is read where traces are exported.
  private readonly random = lazy(() => new RandomIdGenerator());
  private chosen: Ids | null = null;

  generateTraceId = (): string => this.chosen?.traceId ?? this.random().generateTraceId();
  generateSpanId = (): string => this.chosen?.spanId ?? this.random().generateSpanId();

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
