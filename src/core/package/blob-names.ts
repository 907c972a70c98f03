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

/** Names of parts have one length, because the ids of blocks must, and sort as the package goes. */
const partLabel = (letter: string, page: number, round: number): string =>
  `${letter}${String(page).padStart(6, '0')}-${String(round).padStart(8, '0')}`;

/** More rounds than a page ever takes, so that the rounds of two collections cannot meet. */
const roundsPerCollection = 5000;

/** First round of the n-th collection, from 1. */
export const firstRoundOf = (collection: number): number =>
  (collection - 1) * roundsPerCollection + 1;

/** The collection that a round belongs to. */
export const collectionOf = (round: number): number =>
  Math.floor((round - 1) / roundsPerCollection) + 1;

export const partName = (page: number, round: number): string => partLabel('p', page, round);
/** What is of the person and of no conversation: it sorts before the pages. */
export const personPart = partLabel('o', 0, 0);
/** Tables, report and tag files sort behind the pages, and the directory behind everything. */
export const metadataPart = partLabel('q', 0, 0);
export const directoryPart = partLabel('z', 0, 0);

export const personBlob = 'person.json';
/** What of the person the viewer shows. */
export const personViewBlob = 'person-view.json';
export const batchBlob = (page: number): string => `batch-${String(page).padStart(6, '0')}.json`;
export const deletionHoldPrefix = 'protected-';
export const deletionHoldBlob = (page: number): string =>
  `${deletionHoldPrefix}${String(page).padStart(8, '0')}`;
export const bulkPrefix = 'bulk-';
export const bulkBlob = (page: number): string =>
  `${bulkPrefix}${String(page).padStart(6, '0')}.json`;

/** What the names of all fragments of a page begin with. */
export const pagePrefix = (page: number): string =>
  `part-${partName(page, 0).split('-')[0] ?? ''}-`;
export const partManifestPrefix = 'part-';
export const partManifestBlob = (part: string): string => `${partManifestPrefix}${part}.json`;
/** Where each part begins in the package, in the order of the fragments. */
export const startsBlob = 'starts.json';

/** Folder of the viewer in a package, and its script with the texts of a part. */
export const viewerFolder = 'viewer/';
export const viewerPageOf = (part: string): string => `${viewerFolder}pages/${part}.js`;
