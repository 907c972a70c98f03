const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether a URL points to this machine. The URL parser has normalised the host name before it is
 * compared, so other spellings of the same address count as well.
 * @param url any text; one that is not a URL is not on loopback
 */
export const isLoopback = (url: string): boolean =>
  URL.canParse(url) && loopbackHosts.has(new URL(url).hostname);
