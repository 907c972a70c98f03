/** Orchestration versioning, as host.json sets it. */
export interface Versioning {
  defaultVersion: string | null;
  /** versionMatchStrategy: None, Strict or CurrentOrOlder. */
  match: string;
  /** versionFailureStrategy: Reject leaves an instance to other hosts, Fail fails it. */
  onMismatch: string;
}

/** Whether a host runs instances of a version. */
export function runsVersion(
  { defaultVersion, match }: Versioning,
  version: string | null,
): boolean {
  if (match === 'Strict') return version === defaultVersion;
  if (match !== 'CurrentOrOlder') return true;
  return (version ?? '').localeCompare(defaultVersion ?? '', 'en', { numeric: true }) <= 0;
}
