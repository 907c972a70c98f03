import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import { tellable } from '../../core/errors';
import type { ActivityResult } from '../../core/results';

const tracer = trace.getTracer('portability');

/**
 * Runs an activity as a span of its request's trace. The id of the trace is that of the request, so that
 * everything about a request is one trace, on whatever instance and day it ran.
 */
export function traced<T>(
  activity: string,
  requestId: string,
  work: () => Promise<ActivityResult<T>>,
): Promise<ActivityResult<T>> {
  const traceId = requestId.replaceAll('-', '');
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId: traceId.slice(0, 16),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
  const attributes = { 'portability.request': requestId, 'portability.activity': activity };
  return tracer.startActiveSpan(activity, { attributes }, parent, async (span) => {
    try {
      const result = await work();
      span.setAttribute('portability.outcome', result.kind);
      if (result.kind === 'retryLater') span.setAttribute('portability.reason', result.reason);
      if (result.kind === 'failed') {
        span.setAttribute('portability.reason', result.code);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      return result;
    } catch (error) {
      // Classes and codes of errors only: messages of libraries repeat what they were given.
      span.setAttribute('error.type', tellable(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
