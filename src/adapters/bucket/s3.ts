import {
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { fromWebToken } from '@aws-sdk/credential-provider-web-identity';
import { SourceError } from '../../core/errors';
import type { RecordingBucket } from '../../ports';

export interface S3BucketOptions {
  bucket: string;
  region: string;
  /** An emulator's address on loopback, instead of AWS. */
  endpoint: string | null;
  /** A role of AWS that trusts the app's identity; null where the AWS SDK finds credentials itself. */
  role: WebIdentityRole | null;
}

export interface WebIdentityRole {
  /** Such as `arn:aws:iam::123456789012:role/recordings-reader`. */
  arn: string;
  /** A token of the app's identity, for the audience that the role trusts. */
  token: () => Promise<string>;
  /** An emulator of AWS STS on loopback. */
  stsEndpoint?: string;
}

type AwsCredentialIdentityProvider = Extract<
  NonNullable<S3ClientConfig['credentials']>,
  (...parameters: never[]) => unknown
>;

/** Credentials of an hour for a role, by the app's own identity: no key of AWS is kept anywhere. */
export const credentialsOf =
  ({ arn, token, stsEndpoint }: WebIdentityRole, region: string): AwsCredentialIdentityProvider =>
  async () =>
    fromWebToken({
      roleArn: arn,
      roleSessionName: 'data-portability',
      webIdentityToken: await token(),
      durationSeconds: 3600,
      clientConfig: { region, ...(stsEndpoint === undefined ? {} : { endpoint: stsEndpoint }) },
    })();

const tries = 5;

/** The bucket that Genesys Cloud exports recordings to. */
export class S3RecordingBucket implements RecordingBucket {
  private readonly client: S3Client;

  constructor(private readonly options: S3BucketOptions) {
    this.client = new S3Client({
      region: options.region,
      ...(options.role === null
        ? {}
        : { credentials: credentialsOf(options.role, options.region) }),
      ...(options.endpoint === null ? {} : { endpoint: options.endpoint, forcePathStyle: true }),
    });
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.client
        .send(
          new ListObjectsV2Command({
            Bucket: this.options.bucket,
            Prefix: prefix,
            ContinuationToken: token,
          }),
        )
        .catch(refused);
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  /** A broken transfer goes on where it stopped, with the same version of the object (its ETag). */
  async *read(key: string): AsyncGenerator<Buffer> {
    let received = 0;
    let total: number | undefined;
    let etag: string | undefined;
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const answer = await this.client
        .send(
          new GetObjectCommand({
            Bucket: this.options.bucket,
            Key: key,
            ...(received > 0 ? { Range: `bytes=${received}-`, IfMatch: etag } : {}),
          }),
        )
        .catch(refused);
      total ??= answer.ContentLength;
      etag ??= answer.ETag;
      try {
        for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
          received += chunk.length;
          yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        }
      } catch {
        // Whatever broke, what counts is how far it came.
      }
      if (total === undefined || received === total) return;
    }
    throw new SourceError({ kind: 'retryLater', afterSeconds: 30, reason: 'sourceUnavailable' });
  }
}

/** @throws SourceError: `failed` when AWS refuses, `again` for what passes by itself */
function refused(error: unknown): never {
  const status = error instanceof S3ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
  if (status === 401 || status === 403 || status === 301)
    throw new SourceError({ kind: 'failed', code: 'bucketRefused' });
  throw new SourceError({ kind: 'retryLater', afterSeconds: 30, reason: 'sourceUnavailable' });
}
