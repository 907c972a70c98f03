import {
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { metrics, type Attributes } from '@opentelemetry/api';
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
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { requestIds } from '../adapters/telemetry/request-ids';
import { measuredAttributes } from '../adapters/telemetry/scrub';
import { ScrubbingProcessor } from '../adapters/telemetry/spans';
import { invalid, SettingsSource } from '../config/source';
import { telemetry, type TelemetryConfig } from '../config/telemetry';
import { appIdentity } from './identity';

/**
 * Starts telemetry where the settings name a receiver. This module is imported before any that makes
 * calls, because modules are instrumented as they are loaded.
 */
function start({ receiver, spanDelay, metricInterval }: TelemetryConfig): void {
  const exporters = exportersOf(receiver);
  if (exporters === null) return;
  const resource = resourceFromAttributes({ 'service.name': serviceName(process.env) });
  const batches = new BatchSpanProcessor(exporters.spans, { scheduledDelayMillis: spanDelay });
  new NodeTracerProvider({
    resource,
    idGenerator: requestIds,
    // The one set here, whatever OTEL_TRACES_SAMPLER says: without its first span a trace has no beginning, and what
    // is exported is little (see ScrubbingProcessor).
    sampler: new AlwaysOnSampler(),
    spanProcessors: [new ScrubbingProcessor(batches)],
  }).register();
  const reader = new PeriodicExportingMetricReader({
    exporter: exporters.metrics,
    exportIntervalMillis: metricInterval,
    exportTimeoutMillis: Math.min(metricInterval, 30_000),
  });
  const scrubbed = { process: (given: Attributes) => measuredAttributes(given) as Attributes };
  const views = [{ instrumentName: 'http.*', attributesProcessors: [scrubbed] }];
  metrics.setGlobalMeterProvider(new MeterProvider({ resource, readers: [reader], views }));
  registerInstrumentations({
    instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()],
  });
}

/** Name by which installations that report to the same place are told apart: that of the app in Azure. */
const serviceName = ({ WEBSITE_SITE_NAME: site }: NodeJS.ProcessEnv): string =>
  site || 'data-portability';

interface Exporters {
  spans: SpanExporter;
  metrics: PushMetricExporter;
}

function exportersOf(receiver: TelemetryConfig['receiver']): Exporters | null {
  switch (receiver.kind) {
    case 'none':
      return null;
    case 'collector':
      // Both read the collector's address and headers from the OpenTelemetry variables themselves.
      return { spans: new OTLPTraceExporter(), metrics: new OTLPMetricExporter() };
    case 'applicationInsights': {
      const { connectionString } = receiver;
      const options = { connectionString, credential: appIdentity() };
      return {
        spans: new AzureMonitorTraceExporter(options),
        metrics: new AzureMonitorMetricExporter(options),
      };
    }
  }
}

// Wrong settings are reported with all others when the app loads its configuration.
const config = telemetry.read(new SettingsSource(process.env));
if (config !== invalid) start(config);
