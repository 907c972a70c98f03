import { ROOT_CONTEXT, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Traced } from '../../core/traced';
import { tellable } from '../../core/errors';
import type { ActivityResult } from '../../core/results';
import { idsOfRequest, requestIds } from './request-ids';

const tracer = trace.getTracer('portability');

/** The form of a trace context of the host (W3C Trace Context); anything else is left out. */
const traceParent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Attributes of a span of a request. The host's own trace of the call is an attribute, because a span has one parent
 * only, and links are not exported.
 */
const attributesOf = ({ requestId, hostTrace }: Traced): Record<string, string> => ({
  'portability.request': requestId,
  ...(hostTrace !== undefined && traceParent.test(hostTrace)
    ? { 'portability.host.traceparent': hostTrace }
    : {}),
});

/** Begins the trace of a request: exports the span that every span of its activities points to. */
export function beginTrace(traced: Traced): void {
  const attributes = attributesOf(traced);
  requestIds
    .choosing(idsOfRequest(traced.requestId), () =>
      tracer.startSpan('createRequest', { attributes, root: true }),
    )
    .end();
}

/**
 * Runs an activity as a span of its request's trace. The id of the trace is that of the request, so that
 * everything about a request is one trace, on whatever instance and day it ran.
 */
export function traced<T>(
  activity: string,
  request: Traced,
  work: () => Promise<ActivityResult<T>>,
): Promise<ActivityResult<T>> {
  const parent = trace.setSpanContext(ROOT_CONTEXT, {
    ...idsOfRequest(request.requestId),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
  const attributes = { ...attributesOf(request), 'portability.activity': activity };
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
