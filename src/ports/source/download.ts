/** Downloads from pre-signed addresses. */
export interface DownloadSource {
  /**
   * Content behind a pre-signed address. A broken transfer resumes where it stopped, from a renewed
   * address when the first has expired. An error page in place of media is refused.
   * @param renew gives another address of the same file, or null when there is none
   */
  download(
    url: string,
    expected: 'media' | 'any',
    renew?: () => Promise<string | null>,
  ): AsyncIterable<Buffer>;
}
