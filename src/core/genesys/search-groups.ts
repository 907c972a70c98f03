/** Windows that one activity advances together. */
const groupSize = 12;

/** Key of the search of a window, by its index from 0. Halves of a window extend its key. */
export const searchKey = (index: number): string => String(index).padStart(4, '0');

export const groupCount = (windows: number): number => Math.ceil(windows / groupSize);

/** Searches of a group, from 1; the halves of a window belong to the group of the whole window. */
export const inGroup = <T extends { key: string }>(searches: T[], group: number): T[] =>
  searches.filter(({ key }) => Math.floor(Number(key.slice(0, 4)) / groupSize) === group - 1);
