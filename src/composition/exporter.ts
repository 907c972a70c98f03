import { S3RecordingBucket, type WebIdentityRole } from '../adapters/bucket/s3';
import type { RecordingExporterConfig } from '../config/recording-exporter';
import type { RecordingBucket } from '../ports';
import type { AppIdentity } from './identity';

type BulkConfig = Extract<RecordingExporterConfig, { kind: 'bulkS3' }>;

/** The bucket that Genesys Cloud exports recordings to; null with the other exporters. */
export function bucketOf(
  config: RecordingExporterConfig,
  credential: AppIdentity,
): RecordingBucket | null {
  switch (config.kind) {
    case 'formatted':
    case 'batch':
      return null;
    case 'bulkS3':
      return new S3RecordingBucket({
        bucket: config.bucket,
        region: config.region,
        endpoint: config.endpoint,
        role: roleOf(config.credentials, credential),
      });
  }
}

function roleOf(
  config: BulkConfig['credentials'],
  credential: AppIdentity,
): WebIdentityRole | null {
  if (config.kind === 'sdk') return null;
  const { arn, tokenScope } = config;
  return { arn, token: async () => (await credential.getToken(tokenScope)).token };
}
