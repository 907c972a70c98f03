/** What belongs to the trace of a request. */
export interface Traced {
  requestId: string;
  /** The host's trace context of the call (`traceparent`); undefined without one. */
  hostTrace: string | undefined;
}
