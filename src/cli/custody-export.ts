import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CustodyDocument } from '../core/custody/chain';
import { isCalendarDay } from '../core/time/calendar';
import { UsageError, type Api } from './api';
import { requestsIn } from './request-pages';

/** What became of the records that were asked for. */
export interface CustodyExport {
  written: number;
  /** Those that an earlier run has written. */
  kept: number;
  /** Ids of requests whose record was changed: written as it is, without a signature of its end. */
  broken: string[];
}

/**
 * The day from which on requests have ended.
 * @throws UsageError when it is none
 */
export function sinceOf(text: string): string {
  if (!isCalendarDay(text)) throw new UsageError('--since is a day such as 2026-11-01.');
  return `${text}T00:00:00.000Z`;
}

/**
 * Writes the custody record of each request that has ended since a day, and of which nothing else is
 * stored any more, to a file of its own. Files that are there stay, so that a run that was interrupted
 * goes on where it stopped. Names of officers and their reasons are left out: they are deleted earlier
 * than the record, which holds without them.
 */
export async function exportCustody(
  api: Pick<Api, 'get'>,
  since: string,
  folder: string,
): Promise<CustodyExport> {
  const result: CustodyExport = { written: 0, kept: 0, broken: [] };
  mkdirSync(folder, { recursive: true });
  // What ended earlier may have been deleted late, so that all of them are looked at.
  for await (const { requestId, cleanedAt } of requestsIn(api, 'done')) {
    if (cleanedAt === null || cleanedAt < since) continue;
    const file = join(folder, `${requestId}.json`);
    if (existsSync(file)) {
      result.kept += 1;
      continue;
    }
    const record = await api.get<CustodyDocument>(`/${encodeURIComponent(requestId)}/custody`);
    if (record.signature === null) result.broken.push(requestId);
    writeWhole(file, `${JSON.stringify(withoutNames(record))}\n`);
    result.written += 1;
  }
  return result;
}

/** Writes a file that is there as a whole or not at all. */
function writeWhole(file: string, text: string): void {
  const part = `${file}.part`;
  writeFileSync(part, text);
  renameSync(part, file);
}

/** What is checked of a record, and no more. */
const withoutNames = ({
  requestId,
  entries,
  head,
  at,
  signature,
  checkpoints,
  problems,
}: CustodyDocument): CustodyDocument => ({
  requestId,
  entries,
  annotations: [],
  head,
  at,
  signature,
  checkpoints,
  problems,
});

/** What a run says at its end. */
export const custodyExportText = ({ written, kept, broken }: CustodyExport): string =>
  [
    `Written: ${written}. There already: ${kept}.`,
    ...broken.map((requestId) => `The record of ${requestId} was changed, and is not signed.`),
  ].join('\n');
