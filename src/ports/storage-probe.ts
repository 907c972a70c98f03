/** A rule by which pages of other origins may read blobs (CORS). Lists are separated by commas. */
export interface CorsRule {
  allowedOrigins: string;
  allowedMethods: string;
  allowedHeaders: string;
}

export interface BlobServiceProperties {
  corsRules: readonly CorsRule[];
  /** Whether deleted blobs can be recovered for a while. */
  isSoftDeleteEnabled: boolean;
  /** The time by the clock of the service, as an HTTP date. */
  date: string | null;
}

/** Examines how storage is set up. Every method throws when storage refuses or does not answer. */
export interface StorageProbe {
  blobService(): Promise<BlobServiceProperties>;
  /** Names of those containers of the app that anybody can read. */
  publicContainers(): Promise<string[]>;
  /** Creates a table and deletes it. */
  tryTable(): Promise<void>;
  /** Whether an error of these methods says that the app lacks a permission. */
  isForbidden(error: unknown): boolean;
}
