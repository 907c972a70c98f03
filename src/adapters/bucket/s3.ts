import {
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type GetObjectCommandOutput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { fromWebToken } from '@aws-sdk/credential-provider-web-identity';
import { SourceError } from '../../core/errors';
import type { BucketObject, BucketVersion, RecordingBucket } from '../../ports';

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

/** Credentials of an hour for a role, by the app's own identity, so that no key of AWS is stored. */
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

const attempts = 5;

/** The bucket to which Genesys Cloud exports recordings. */
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

  async list(prefix: string): Promise<BucketObject[]> {
    const input = { Bucket: this.options.bucket, Prefix: prefix };
    const objects: BucketObject[] = [];
    try {
      for await (const { Contents = [], KeyCount } of paginateListObjectsV2(
        { client: this.client },
        input,
      )) {
        const found = Contents.flatMap(({ Key, ETag, LastModified }) =>
          Key === undefined ? [] : [{ key: Key, stamp: stampOf(ETag, LastModified) }],
        );
        // The SDK takes any XML for a listing; only a complete one says how many keys it has.
        if (found.length !== KeyCount) throw unavailable();
        objects.push(...found);
      }
    } catch (error) {
      return refused(error);
    }
    return objects;
  }

  async current(key: string): Promise<BucketVersion | null> {
    try {
      const { ETag, LastModified, VersionId } = await this.client.send(
        new HeadObjectCommand({ Bucket: this.options.bucket, Key: key }),
      );
      // A bucket whose versioning was switched off has the version "null" beside older ones.
      return { key, stamp: stampOf(ETag, LastModified), versionId: VersionId ?? null };
    } catch (error) {
      if (statusOf(error) === 404) return null;
      return refused(error);
    }
  }

  async delete({ key, versionId }: BucketVersion): Promise<void> {
    const { bucket: Bucket } = this.options;
    await this.client
      .send(
        new DeleteObjectCommand({
          Bucket,
          Key: key,
          ...(versionId === null ? {} : { VersionId: versionId }),
        }),
      )
      .catch((error: unknown) => {
        if (statusOf(error) !== 404) refused(error);
      });
  }

  async hasExpiry(): Promise<boolean | null> {
    try {
      const { Rules = [] } = await this.client.send(
        new GetBucketLifecycleConfigurationCommand({ Bucket: this.options.bucket }),
      );
      return Rules.some(
        ({ Status, Expiration }) => Status === 'Enabled' && Expiration?.Days !== undefined,
      );
    } catch (error) {
      // AWS answers 404 where there is no configuration, and 403 where it may not be read.
      return statusOf(error) === 404 ? false : null;
    }
  }

  /**
   * Reads an object. A broken transfer resumes where it stopped, with the same version (ETag). An object
   * without an announced length is not accepted, because it may have been cut.
   */
  async *read(key: string): AsyncGenerator<Buffer> {
    let received = 0;
    let total: number | undefined;
    let etag: string | undefined;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const answer = await this.client
        .send(
          new GetObjectCommand({
            Bucket: this.options.bucket,
            Key: key,
            ...(received > 0 ? { Range: `bytes=${received}-`, IfMatch: etag } : {}),
          }),
        )
        .catch(refused);
      total ??= totalOf(answer);
      etag ??= answer.ETag;
      try {
        for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
          received += chunk.length;
          yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        }
      } catch {
        // Whatever broke the transfer, the next attempt resumes after the bytes received.
      }
      if (received === total) return;
    }
    throw unavailable();
  }
}

/** Content and time of writing, as listing and reading both tell them: to the second. */
const stampOf = (etag: string | undefined, at: Date | undefined): string =>
  `${etag ?? ''} ${at === undefined ? '' : Math.floor(at.getTime() / 1000)}`;

const statusOf = (error: unknown): number =>
  ((error ?? {}) as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;

/** Bytes of the whole object, as the answer with all or a part of it says. */
const totalOf = ({
  ContentLength,
  ContentRange,
}: Pick<GetObjectCommandOutput, 'ContentLength' | 'ContentRange'>): number | undefined =>
  ContentRange === undefined ? ContentLength : Number(/\/(\d+)$/.exec(ContentRange)?.[1]);

const unavailable = (): SourceError =>
  new SourceError({ kind: 'retryLater', afterSeconds: 30, reason: 'sourceUnavailable' });

/** @throws SourceError: `failed` when S3 or STS refuses or has no such bucket, else `retryLater` */
function refused(error: unknown): never {
  if (error instanceof SourceError) throw error;
  const { $metadata, name } = (error ?? {}) as {
    $metadata?: { httpStatusCode?: number };
    name?: unknown;
  };
  const status = $metadata?.httpStatusCode ?? 0;
  // An object that is missing has 404 as well, under another name.
  if (name === 'NoSuchBucket' || name === 'InvalidBucketName')
    throw new SourceError({ kind: 'failed', code: 'bucketNotFound' });
  if (status === 401 || status === 403 || status === 301)
    throw new SourceError({ kind: 'failed', code: 'bucketRefused' });
  throw unavailable();
}
