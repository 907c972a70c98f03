import type { InvocationContext } from '@azure/functions';
import type { Traced } from '../../core/traced';

/** A request, with the host's trace of the call that is about it. */
export const tracedBy = (
  { traceContext }: Pick<InvocationContext, 'traceContext'>,
  requestId: string,
): Traced => ({ requestId, hostTrace: traceContext?.traceParent });
