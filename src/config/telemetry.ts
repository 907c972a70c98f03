import { alternatives, group } from './combine';
import { integer, text } from './formats';
import { required, shared, withDefault, type ValueOf } from './setting';
import { topic } from './topic';

export const telemetry = topic(
  'Telemetry',
  'Where traces and metrics go: to a collector, to Application Insights, or nowhere.',
  group({
    receiver: alternatives({
      none: {},
      collector: {
        endpoint: required('OTEL_EXPORTER_OTLP_ENDPOINT', text, {
          description: 'Collector that speaks OTLP over HTTP.',
          example: 'http://127.0.0.1:4318',
        }),
      },
      applicationInsights: {
        connectionString: shared(
          required('APPLICATIONINSIGHTS_CONNECTION_STRING', text, {
            description:
              "Application Insights, reached by the app's identity. The Functions host reads it as well.",
          }),
        ),
      },
    }),
    spanDelay: withDefault('OTEL_BSP_SCHEDULE_DELAY', integer(1, 3_600_000), {
      default: '5000',
      unit: 'milliseconds',
      description: 'Pause between two exports of spans.',
    }),
    metricInterval: withDefault('OTEL_METRIC_EXPORT_INTERVAL', integer(1, 3_600_000), {
      default: '60000',
      unit: 'milliseconds',
      description: 'Pause between two exports of metrics.',
    }),
  }),
);

export type TelemetryConfig = ValueOf<typeof telemetry>;
