import { halveWindow, type SearchWindow } from './search-windows';
import { msPerDay } from '../time/time';

/**
 * A recording job of the source that writes the recordings of a page to a bucket: those of the
 * conversations that began in its window. A page has several once the source has refused a window.
 */
export interface BulkJob {
  window: SearchWindow;
  /** Null while the source has not taken it. */
  jobId: string | null;
  isExecuted: boolean;
  isDone: boolean;
  attempts: number;
}

/** A job that was not submitted yet. */
export const newBulkJob = (window: SearchWindow): BulkJob => ({
  window,
  jobId: null,
  isExecuted: false,
  isDone: false,
  attempts: 0,
});

/** The whole days (UTC) in which conversations began. */
export function daysOfStarts(starts: readonly string[]): SearchWindow {
  const times = starts.map((start) => Date.parse(start));
  const day = (time: number): number => Math.floor(time / msPerDay);
  return {
    from: new Date(day(Math.min(...times)) * msPerDay).toISOString(),
    to: new Date((day(Math.max(...times)) + 1) * msPerDay).toISOString(),
  };
}

/** Whether a conversation began in a window. */
export const isIn = ({ from, to }: SearchWindow, start: string): boolean =>
  Date.parse(start) >= Date.parse(from) && Date.parse(start) < Date.parse(to);

/**
 * The jobs in the place of one that the source has refused, or that fails again and again: its window
 * is halved, and what holds no conversation is left out.
 * @returns null when the window cannot be halved
 */
export function halveJob({ window }: BulkJob, starts: readonly string[]): BulkJob[] | null {
  return (
    halveWindow(window)
      ?.filter((half) => starts.some((start) => isIn(half, start)))
      .map(newBulkJob) ?? null
  );
}

/**
 * Prefixes of the bucket under which a conversation's recordings may be: by the organisation and the
 * hour (UTC) in which the conversation began. The source does not document whether numbers are padded.
 */
export function bucketPrefixes(
  organizationId: string,
  conversationId: string,
  start: string,
): string[] {
  const year = start.slice(0, 4);
  const padded = [start.slice(5, 7), start.slice(8, 10), start.slice(11, 13)];
  const forms = [padded, padded.map((text) => String(Number(text)))];
  const prefixes = forms.map(
    ([month = '', day = '', hour = '']) =>
      `${organizationId}/year=${year}/month=${month}/day=${day}/hour=${hour}/conversation_id=${conversationId}/`,
  );
  return [...new Set(prefixes)];
}

/** The recording that an object holds, and its file extension; null for metadata and transcripts. */
export function recordingOfKey(key: string): { recordingId: string; ending: string } | null {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const dot = name.indexOf('.');
  if (dot <= 0) return null;
  const ending = name.slice(dot + 1).toLowerCase();
  return /^[a-z0-9]{1,5}$/.test(ending) && ending !== 'json'
    ? { recordingId: name.slice(0, dot), ending }
    : null;
}
