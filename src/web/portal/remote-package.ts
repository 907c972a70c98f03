import { isRefusal } from '../shared/refusals';
import { pause } from './polling';
import { getLink, type DownloadLink } from './portal-api';

/** Milliseconds before its expiry at which a link is replaced. */
const renewBefore = 60_000;
/** Waits between attempts while the connection is lost, in milliseconds; the last one repeats. */
const waits = [500, 1000, 2000, 5000, 10_000, 15_000];

/** The package was replaced or deleted while it was being read. */
export class PackageGone extends Error {}

/**
 * The package in storage, read in ranges by links that live for minutes. A link is replaced before it
 * expires, or when it is refused. Every range must be of the same version.
 */
export class RemotePackage {
  private link: DownloadLink | null = null;
  private renewing: Promise<DownloadLink> | null = null;
  /** Version of the package, from the first link. */
  private etag: string | null = null;

  /** @param onWait called when the connection is lost, and when it is back */
  constructor(private readonly onWait: (isWaiting: boolean) => void = () => undefined) {}

  /** Size and version. */
  async describe(): Promise<{ bytes: number; etag: string }> {
    const { bytes, etag } = await this.current();
    return { bytes, etag };
  }

  /**
   * Reads bytes of the package. While the connection is lost, or the server cannot answer, it waits and tries
   * again.
   * @param signal ends it, whatever it is waiting for
   * @throws PackageGone if the package was replaced, ApiProblem if the server refuses a new link
   */
  async read(from: number, count: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    for (let attempt = 0; ; attempt += 1) {
      signal?.throwIfAborted();
      const bytes = await this.tryToRead(from, count, signal);
      if (bytes?.length === count) {
        if (attempt > 0) this.onWait(false);
        return bytes;
      }
      // What it is ended by fails a request, too, and is no lost connection.
      signal?.throwIfAborted();
      this.onWait(true);
      await unlessEnded(pause(waits[Math.min(attempt, waits.length - 1)] ?? 0), signal);
    }
  }

  /** Bytes as they have come; null for none. */
  private async tryToRead(
    from: number,
    count: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const link = await unlessEnded(this.current(), signal).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (isRefusal(error)) throw error;
      return null;
    });
    if (link === null) return null;
    const response = await fetch(link.url, {
      headers: { Range: `bytes=${from}-${from + count - 1}`, 'If-Match': this.etag ?? '*' },
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(signal ? { signal } : {}),
    }).catch(() => null);
    if (response?.status === 412 || response?.status === 404) throw new PackageGone();
    // The link has expired by the clock of the server.
    if (response?.status === 403) this.link = null;
    return response?.status === 206 ? bytesOf(response) : null;
  }

  private current(): Promise<DownloadLink> {
    const { link } = this;
    const isGood = link !== null && Date.parse(link.expiresAt) - Date.now() > this.margin(link);
    if (isGood) return Promise.resolve(link);
    this.renewing ??= getLink('page')
      .then((next) => {
        this.etag ??= next.etag;
        this.link = next;
        return next;
      })
      .finally(() => (this.renewing = null));
    return this.renewing;
  }

  /** A link of a minute is not replaced at once. */
  private margin = ({ minutes }: DownloadLink): number => Math.min(renewBefore, minutes * 20_000);
}

/** What a promise gives. @throws the reason of the signal as soon as that ends it */
async function unlessEnded<T>(waiting: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return waiting;
  let end = (): void => undefined;
  const ended = new Promise<never>((_, fail) => {
    end = () => fail(signal.reason as Error);
    signal.addEventListener('abort', end);
  });
  try {
    return await Promise.race([waiting, ended]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const bytesOf = (response: Response): Promise<Uint8Array<ArrayBuffer> | null> =>
  response.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => null,
  );
