/** Downloads of packages as storage has logged them. */
export interface DownloadLog {
  /**
   * @returns reads of the package, and the time up to which the log is complete (ISO 8601); `until` is
   *   null where there is no log
   */
  reads(
    requestId: string,
  ): Promise<{ until: string | null; reads: { at: string; bytes: number | null }[] }>;
}
