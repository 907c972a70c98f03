/** Windows that one activity advances together. */
const groupSize = 12;

/** Key of the search of a window, by its index from 0. Keys sort in the order of time. */
export const searchKey = (index: number): string => String(index).padStart(4, '0');

/** Key of a part of a window that was cut, by its index from 0: it extends the key of the window. */
export const partKey = (key: string, index: number): string =>
  `${key}.${String(index).padStart(2, '0')}`;

export const groupCount = (windows: number): number => Math.ceil(windows / groupSize);

/** Searches of a group, from 1; the parts of a window belong to the group of the whole window. */
export const inGroup = <T extends { key: string }>(searches: T[], group: number): T[] =>
  searches.filter(({ key }) => Math.floor(Number(key.slice(0, 4)) / groupSize) === group - 1);
