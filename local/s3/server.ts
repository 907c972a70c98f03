import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3';
import S3rver from 's3rver';
import { s3Credentials, s3Region } from './emulator';

/** An S3 emulator on 127.0.0.1 with one bucket, its objects under `directory`. */
export async function startS3(options: {
  port: number;
  directory: string;
  bucket: string;
}): Promise<{ stop: () => Promise<void> }> {
  const server = new S3rver({
    address: '127.0.0.1',
    port: options.port,
    silent: true,
    directory: options.directory,
    configureBuckets: [{ name: options.bucket, configs: [] }],
  });
  await server.run();
  return { stop: () => server.close() };
}

/** Puts objects into a bucket of the emulator. */
export function s3Writer(
  endpoint: string,
  bucket: string,
): (key: string, content: Buffer) => Promise<void> {
  const client = new S3Client({
    endpoint,
    region: s3Region,
    forcePathStyle: true,
    credentials: s3Credentials,
    // The emulator stores the chunk headers that come with a checksum in the trailer.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return async (key, content) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
  };
}
