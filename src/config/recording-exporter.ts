import { z } from 'zod';
import { alternatives, choice } from './combine';
import { loopbackUrl, text } from './formats';
import { optional, required, withDefault, type ValueOf } from './setting';
import { topic } from './topic';

const awsCredentials = alternatives({
  sdk: {},
  role: {
    arn: required(
      'S3_ROLE_ARN',
      z
        .string()
        .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role'),
      {
        description:
          'AWS role that the app assumes by its own identity, so that no AWS key is kept. Without it, the AWS SDK finds credentials by itself.',
        example: 'arn:aws:iam::123456789012:role/recordings-reader',
      },
    ),
    tokenScope: required('S3_TOKEN_SCOPE', text, {
      description: 'Scope of the token that the role trusts.',
      example: 'api://AWS-APP-ID/.default',
    }),
  },
});

export const recordingExporter = topic(
  'Recording exporter',
  'How recordings are fetched from Genesys Cloud.',
  choice(
    withDefault('RECORDING_EXPORTER', z.enum(['formatted', 'batch', 'bulkS3']), {
      default: 'formatted',
      description:
        '`formatted`: one by one, in `AUDIO_FORMAT`; `batch`: as recorded, with the fewest calls; `bulkS3`: as recorded, through a bucket.',
    }),
    {
      formatted: {},
      batch: {},
      bulkS3: {
        bucket: required('S3_BUCKET', z.string().min(3), {
          description: 'Bucket that Genesys Cloud exports recordings to.',
          example: 'shop-recordings',
        }),
        integrationId: required('GENESYS_EXPORT_INTEGRATION_ID', text, {
          description: 'Id of the AWS S3 recording bulk actions integration.',
        }),
        region: withDefault('S3_REGION', text, {
          default: 'eu-central-1',
          description: 'AWS region of the bucket.',
        }),
        endpoint: optional('S3_ENDPOINT', loopbackUrl, {
          description: 'Address of an S3 emulator on loopback.',
        }),
        credentials: awsCredentials,
      },
    },
  ),
);

export type RecordingExporterConfig = ValueOf<typeof recordingExporter>;
