/** Optional parts of the export, each of which needs a permission of its own. */
export interface OptionalPermissions {
  summaries: boolean;
  protection: boolean;
}

/** Checks of the client's permissions. */
export interface ProbeSource {
  /** Names of permissions that the export needs and the client lacks. */
  missingPermissions(needs: OptionalPermissions): Promise<string[]>;
}
