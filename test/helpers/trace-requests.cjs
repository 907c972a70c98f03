// Does what its argument says, as JSON, with the telemetry of the app as the environment sets it up, and exports it:
// { begin: boolean, requestId, hostTrace, activities: { name, calls: { kind, status }[] }[] }[]. Then it makes a call that
// nobody answers.
require('../../dist/src/composition/telemetry.js');
const { beginTrace, traced } = require('../../dist/src/adapters/telemetry/trace.js');
const { metrics, SpanStatusCode, trace } = require('@opentelemetry/api');

function call({ kind, status }) {
  const attributes = { 'http.request.method': 'GET', 'http.response.status_code': status };
  const span = trace.getTracer('calls').startSpan('GET', { kind, attributes });
  span.recordException(new TypeError('jane@mail.example is unknown'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'jane@mail.example is unknown' });
  span.end();
}

async function main() {
  for (const { begin, requestId, hostTrace, activities } of JSON.parse(process.argv[2])) {
    if (begin) beginTrace({ requestId, hostTrace });
    for (const { name, calls } of activities)
      await traced(name, { requestId, hostTrace }, () => {
        calls.forEach(call);
        return Promise.resolve({ kind: 'done', value: null });
      });
  }
  await fetch('http://127.0.0.1:2/jane').catch(() => undefined);
  await metrics.getMeterProvider().forceFlush();
  await trace.getTracerProvider().getDelegate().forceFlush();
  process.exit(0);
}
main();
