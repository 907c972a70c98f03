/** Names and numbers by which the pieces of a request's work are found again. Pure. */

/** Windows that one activity moves on together. */
const groupSize = 12;

export const searchKey = (index: number): string => String(index).padStart(4, '0');

export const groupCount = (windows: number): number => Math.ceil(windows / groupSize);

/** Searches of a group, from 1; halves of a window belong to the group of the whole. */
export const inGroup = <T extends { key: string }>(searches: T[], group: number): T[] =>
  searches.filter(({ key }) => Math.floor(Number(key.slice(0, 4)) / groupSize) === group - 1);

export const searchBlob = (key: string): string => `search-${key}.json`;
export const pageBlob = (page: number): string => `page-${String(page).padStart(6, '0')}.json`;

/** Name of a part: one length for all, in the order of the package. The last part sorts behind. */
export const partName = (page: number, round: number): string =>
  `p${String(page).padStart(6, '0')}-${String(round).padStart(5, '0')}`;
export const closingPart = 'q000000-00000';
/** What is of the person and of no conversation: it sorts before the pages. */
export const personPart = 'o000000-00000';
export const personBlob = 'person.json';
export const batchBlob = (page: number): string => `batch-${String(page).padStart(6, '0')}.json`;
export const bulkBlob = (page: number): string => `bulk-${String(page).padStart(6, '0')}.json`;

/** What the names of all fragments of a page begin with. */
export const pagePrefix = (page: number): string => `part-p${String(page).padStart(6, '0')}-`;
export const fragmentBlob = (part: string): string => `part-${part}.json`;
