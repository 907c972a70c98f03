import { existsSync, readFileSync } from 'node:fs';
import type { DownloadLog } from '../../ports';

/** Where nothing logs what storage hands out. */
export const noDownloadLog: DownloadLog = {
  reads: () => Promise.resolve({ until: null, reads: [] }),
};

/** A line of the emulator's log: time, method, path, status. */
const line = /\[([^\]]+)\] "GET \/[^/]+\/packages\/([0-9a-f-]{36})\.zip\?[^"]*" (200|206) /;

/** What Azurite has written into its log, for the embedded default. It does not say how much was read. */
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

/** `24/Nov/2026:08:15:30 +0000`, as logs of web servers write it, in ISO 8601. */
const timeOf = (text: string): string =>
  new Date(text.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 ')).toISOString();
