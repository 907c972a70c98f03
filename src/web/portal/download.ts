import { ApiProblem } from '../shared/api';
import { isNamed } from '../shared/dom-exceptions';
import { reportDelivery } from './delivery-report';
import { getLink } from './portal-api';
import { PackageGone, RemotePackage } from './remote-package';
import { begunDownload, chooseTarget, forgetBegun, openTarget, type Target } from './target';

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
  /** The person has closed the dialog that asks where to write. */
  | { kind: 'notBegun' }
  /** Why it cannot go on, and whether what was written is given up, so that it can only be begun anew. */
  | { kind: 'refused'; code: string; isLost: boolean };

/**
 * Downloads the package in chunks and resumes where it stopped, also after the page was closed, links
 * have expired or the connection was lost.
 */
export class Download {
  /** Ends what is being read and waited for. */
  private readonly ending = new AbortController();
  private isPaused = false;

  constructor(private readonly onProgress: (progress: DownloadProgress) => void) {}

  pause(): void {
    this.isPaused = true;
    this.ending.abort();
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
      const reading = remote.read(at, Math.min(chunkLength, bytes - at), this.ending.signal);
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
      await reportDelivery(bytes);
      return { kind: 'done', file };
    } catch (error) {
      return await this.endOf(error, target);
    } finally {
      // Nothing is read ahead any more.
      this.ending.abort();
    }
  }

  /** @throws the error where it is none that ends downloads */
  private async endOf(error: unknown, target: Target | null): Promise<DownloadEnd> {
    await target?.flush().catch(() => undefined);
    if (this.isPaused) return { kind: 'paused' };
    if (error instanceof PackageGone || isNamed(error, 'NotFoundError')) {
      await (target === null ? forgetBegun() : target.discard());
      const code = error instanceof PackageGone ? 'notAvailable' : 'fileGone';
      return { kind: 'refused', code, isLost: true };
    }
    if (error instanceof ApiProblem) return { kind: 'refused', code: error.code, isLost: false };
    if (isNamed(error, 'AbortError')) return { kind: 'notBegun' };
    if (isNamed(error, 'QuotaExceededError'))
      return { kind: 'refused', code: 'spaceMissing', isLost: false };
    throw error;
  }
}

/** For browsers that cannot write files: a link with a longer life, opened by the browser itself. */
export async function downloadByBrowser(): Promise<void> {
  const { url } = await getLink('browser');
  // The browser downloads it; the page stays.
  globalThis.location.assign(url);
}
