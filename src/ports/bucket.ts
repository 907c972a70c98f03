/** An object of the bucket as a listing shows it. */
export interface BucketObject {
  key: string;
  /** Tells this version of the object from every other: its content and when it was written. */
  stamp: string;
}

/** A version of an object. */
export interface BucketVersion extends BucketObject {
  /** Id of the version; null in a bucket that keeps no versions. */
  versionId: string | null;
}

/** The bucket to which the source exports recordings. All throw SourceError, as the source does. */
export interface RecordingBucket {
  list(prefix: string): Promise<BucketObject[]>;
  read(key: string): AsyncIterable<Buffer>;
  /** The version that is there now; null without the object. */
  current(key: string): Promise<BucketVersion | null>;
  /** Deletes this version of an object, and no other. One that is gone is no problem. */
  delete(version: BucketVersion): Promise<void>;
  /** Whether a lifecycle rule lets objects expire; null where that may not be read. */
  hasExpiry(): Promise<boolean | null>;
}

/** An object that a request reads. */
export interface UsedObject extends BucketVersion {
  /** Whether the request's own job has delivered it. */
  isOwn: boolean;
}

/** Which objects of the bucket requests use, and which versions their own jobs have delivered. */
export interface BucketLedger {
  /** Stores that a request uses an object. What was its own stays its own. */
  use(requestId: string, object: UsedObject): Promise<void>;
  usedBy(requestId: string): Promise<UsedObject[]>;
  /** Requests that use an object. */
  usersOf(key: string): Promise<string[]>;
  forget(requestId: string, key: string): Promise<void>;
}
