import {
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { DefaultAzureCredential } from '@azure/identity';
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ScrubbingProcessor } from '../adapters/telemetry/spans';

/**
 * Starts telemetry, where the environment names a receiver: Application Insights
 * (`APPLICATIONINSIGHTS_CONNECTION_STRING`, reached by the app's identity) or any collector that speaks
 * OTLP over HTTP (`OTEL_EXPORTER_OTLP_ENDPOINT`). It is imported before anything that makes calls, whose
 * modules are instrumented as they are loaded.
 */
function exportersOf(environment: NodeJS.ProcessEnv): [SpanExporter, PushMetricExporter] | null {
  if (environment['OTEL_EXPORTER_OTLP_ENDPOINT'])
    return [new OTLPTraceExporter(), new OTLPMetricExporter()];
  const connectionString = environment['APPLICATIONINSIGHTS_CONNECTION_STRING'];
  if (!connectionString) return null;
  const options = { connectionString, credential: new DefaultAzureCredential() };
  return [new AzureMonitorTraceExporter(options), new AzureMonitorMetricExporter(options)];
}

/** An interval by its name in the OpenTelemetry specification. */
const milliseconds = (name: string, otherwise: number): number => {
  const value = Number(process.env[name]);
  return value > 0 ? value : otherwise;
};

const exporters = exportersOf(process.env);
if (exporters) {
  const [spans, measurements] = exporters;
  const resource = resourceFromAttributes({ 'service.name': 'data-portability' });
  const scheduledDelayMillis = milliseconds('OTEL_BSP_SCHEDULE_DELAY', 5000);
  new NodeTracerProvider({
    resource,
    spanProcessors: [
      new ScrubbingProcessor(new BatchSpanProcessor(spans, { scheduledDelayMillis })),
    ],
  }).register();
  const exportIntervalMillis = milliseconds('OTEL_METRIC_EXPORT_INTERVAL', 60_000);
  const reader = new PeriodicExportingMetricReader({
    exporter: measurements,
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
  });
  metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: [reader] }));
  registerInstrumentations({
    instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
  });
}
