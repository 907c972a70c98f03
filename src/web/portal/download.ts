import { ApiProblem } from '../shared/api';
import { call, getLink } from './portal-api';
import { PackageGone, RemotePackage } from './remote-package';
import { begunDownload, chooseTarget, openTarget, type Target } from './target';

/** Bytes of one range request. */
const chunkLength = 8 * 1024 * 1024;

export interface DownloadProgress {
  done: number;
  all: number;
  isWaiting: boolean;
}

export type DownloadEnd =
  | { kind: 'done'; file: File | null }
  | { kind: 'paused' }
  /** The session has ended, or the package was replaced. */
  | { kind: 'refused'; code: string };

/**
 * Downloads the package in chunks and resumes where it stopped, also after the page was closed, links
 * have expired or the connection was lost.
 */
export class Download {
  private readonly pausing = new AbortController();

  constructor(private readonly onProgress: (progress: DownloadProgress) => void) {}

  pause(): void {
    this.pausing.abort();
  }

  /** Writes what is missing. The next chunk is being read while one is written. */
  private async transfer(
    remote: RemotePackage,
    target: Target,
    bytes: number,
    report: () => void,
  ): Promise<void> {
    const chunkAt = (at: number): Promise<Uint8Array<ArrayBuffer>> | null => {
      if (at >= bytes) return null;
      const reading = remote.read(at, Math.min(chunkLength, bytes - at), this.pausing.signal);
      // The next await handles it; there is none if writing has failed.
      reading.catch(() => undefined);
      return reading;
    };
    for (let next = chunkAt(target.written); next !== null;) {
      const chunk = await next;
      next = chunkAt(target.written + chunk.length);
      await target.write(chunk);
      report();
    }
  }

  /** Must be called from a click. */
  async run(): Promise<DownloadEnd> {
    let target: Target | null = null;
    try {
      const begun = await begunDownload();
      // The file dialog must follow the click at once, before any call of the server.
      const chosen = begun ?? (await chooseTarget());
      let isWaiting = false;
      let all = 0;
      const report = (): void => this.onProgress({ done: target?.written ?? 0, all, isWaiting });
      const remote = new RemotePackage((now) => {
        isWaiting = now;
        report();
      });
      const { bytes, etag } = await remote.describe();
      all = bytes;
      // A download of another package cannot be resumed.
      const written = chosen.etag === etag ? chosen.written : 0;
      target = await openTarget({ ...chosen, etag, bytes, written });
      await this.transfer(remote, target, bytes, report);
      const file = await target.finish();
      await call('POST', 'delivered', { bytes });
      return { kind: 'done', file };
    } catch (error) {
      await target?.flush().catch(() => undefined);
      if (this.pausing.signal.aborted) return { kind: 'paused' };
      if (error instanceof PackageGone) {
        await target?.discard();
        return { kind: 'refused', code: 'notAvailable' };
      }
      if (error instanceof ApiProblem) return { kind: 'refused', code: error.code };
      if (error instanceof DOMException && error.name === 'AbortError') return { kind: 'paused' };
      if (error instanceof DOMException && error.name === 'QuotaExceededError')
        return { kind: 'refused', code: 'spaceMissing' };
      throw error;
    }
  }
}

/** For browsers that cannot write files: a link with a longer life, opened by the browser itself. */
export async function downloadByBrowser(): Promise<void> {
  const { url } = await getLink('browser');
  // The browser downloads it; the page stays.
  globalThis.location.assign(url);
}
