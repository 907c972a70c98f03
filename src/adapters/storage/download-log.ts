import { existsSync, readFileSync } from 'node:fs';
import type { DownloadLog } from '../../ports';

/** No log, for storage that logs no downloads. */
export const noDownloadLog: DownloadLog = {
  reads: () => Promise.resolve({ until: null, reads: [] }),
};

/** A line of the emulator's log: time, method, path, status. */
const line = /\[([^\]]+)\] "GET \/[^/]+\/packages\/([0-9a-f-]{36})\.zip\?[^"]*" (200|206) /;

/** The log of Azurite, for the embedded default. It does not contain the bytes read. */
export class AzuriteDownloadLog implements DownloadLog {
  constructor(private readonly path: string) {}

  reads(requestId: string): ReturnType<DownloadLog['reads']> {
    const text = existsSync(this.path) ? readFileSync(this.path, 'utf8') : '';
    const found = text.split('\n').flatMap((one) => line.exec(one) ?? []);
    const times: string[] = [];
    let until: string | null = null;
    for (let i = 0; i + 3 < found.length; i += 4) {
      const at = timeOf(found[i + 1] ?? '');
      until = at;
      if (found[i + 2] === requestId) times.push(at);
    }
    return Promise.resolve({ until, reads: times.map((at) => ({ at, bytes: null })) });
  }
}

/** A time of a web server's log (`24/Nov/2026:08:15:30 +0000`) in ISO 8601. */
const timeOf = (text: string): string =>
  new Date(text.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')).toISOString();
