import { call, getLink, Refusal } from '../shared/api';
import { PackageGone, RemotePackage } from './remote-package';
import { begunDownload, chooseTarget, openTarget, type Target } from './target';

/** Bytes that are asked for at a time. */
const pieceLength = 8 * 1024 * 1024;

export interface DownloadProgress {
  done: number;
  all: number;
  isWaiting: boolean;
}

export type DownloadEnd =
  | { kind: 'done'; file: File | null }
  | { kind: 'paused' }
  /** The session is over, or the package is another one: what was written is kept, or is of no use. */
  | { kind: 'refused'; code: string };

/**
 * Downloads the package piece by piece and goes on where it stopped, also after the page was closed,
 * the links have ended or the connection was gone.
 */
export class Download {
  private readonly pausing = new AbortController();

  constructor(private readonly onProgress: (progress: DownloadProgress) => void) {}

  pause(): void {
    this.pausing.abort();
  }

  /** Writes what is missing; a piece is on its way while the one before is written. */
  private async transfer(
    remote: RemotePackage,
    target: Target,
    bytes: number,
    tell: () => void,
  ): Promise<void> {
    const pieceAt = (at: number): Promise<Uint8Array<ArrayBuffer>> | null => {
      if (at >= bytes) return null;
      const reading = remote.read(at, Math.min(pieceLength, bytes - at), this.pausing.signal);
      // Heard by whoever awaits it next; nobody does when writing has failed.
      reading.catch(() => undefined);
      return reading;
    };
    for (let next = pieceAt(target.written); next !== null;) {
      const piece = await next;
      next = pieceAt(target.written + piece.length);
      await target.write(piece);
      tell();
    }
  }

  /** Must be called from a click. */
  async run(): Promise<DownloadEnd> {
    let target: Target | null = null;
    try {
      const begun = await begunDownload();
      // The dialog belongs to the click, so it comes before anything is asked of the server.
      const chosen = begun ?? (await chooseTarget());
      let isWaiting = false;
      let all = 0;
      const tell = (): void => this.onProgress({ done: target?.written ?? 0, all, isWaiting });
      const remote = new RemotePackage((now) => {
        isWaiting = now;
        tell();
      });
      const { bytes, etag } = await remote.describe();
      all = bytes;
      // What was begun of another package is of no use.
      const written = chosen.etag === etag ? chosen.written : 0;
      target = await openTarget({ ...chosen, etag, bytes, written });
      await this.transfer(remote, target, bytes, tell);
      const file = await target.finish();
      await call('POST', 'delivered', { bytes });
      return { kind: 'done', file };
    } catch (error) {
      await target?.settle().catch(() => undefined);
      if (this.pausing.signal.aborted) return { kind: 'paused' };
      if (error instanceof PackageGone) {
        await target?.discard();
        return { kind: 'refused', code: 'notAvailable' };
      }
      if (error instanceof Refusal) return { kind: 'refused', code: error.code };
      if (error instanceof DOMException && error.name === 'AbortError') return { kind: 'paused' };
      if (error instanceof DOMException && error.name === 'QuotaExceededError')
        return { kind: 'refused', code: 'spaceMissing' };
      throw error;
    }
  }
}

/** For browsers that cannot write by themselves: a link with a life of its own, followed once. */
export async function downloadByBrowser(): Promise<void> {
  const { url } = await getLink('browser');
  // It goes to the browser's download and nowhere into the page.
  globalThis.location.assign(url);
}
