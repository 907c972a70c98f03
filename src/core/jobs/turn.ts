/** One turn of a job, which need not get through everything at once. */
export interface Turn {
  /** The id that the turn before ended with; null at the beginning. */
  after: string | null;
  /** Whether the turn has had its time. */
  isOver(): boolean;
}

/** The id that a turn ended with; null when nothing is left to do. */
export type Stop = string | null;

/** A turn without an end. */
export const wholeTurn: Turn = { after: null, isOver: () => false };

/**
 * Works through items in the order of their ids, from where the turn before ended, until the turn is over.
 * One item is worked on at least, so that turns get on however short they are.
 */
export async function inTurn<T>(
  turn: Turn,
  items: readonly T[],
  idOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<Stop> {
  const { after } = turn;
  const left = items
    .filter((item) => after === null || idOf(item) > after)
    .sort((one, other) => (idOf(one) < idOf(other) ? -1 : 1));
  for (const [index, item] of left.entries()) {
    await work(item);
    if (index < left.length - 1 && turn.isOver()) return idOf(item);
  }
  return null;
}

const prefixLength = 2;

/** Beginnings of ids, which are evenly spread over them, in their order. */
export const idPrefixes: readonly string[] = Array.from({ length: 16 ** prefixLength }, (_, i) =>
  i.toString(16).padStart(prefixLength, '0'),
);

/** The beginning of an id. */
export const prefixOf = (id: string): string => id.slice(0, prefixLength);

/**
 * The same over items that are read by the beginnings of their ids, so that not all of them are in memory.
 * @param read the items whose ids begin so, in any order
 */
export async function inTurnByPrefix<T>(
  turn: Turn,
  read: (prefix: string) => Promise<readonly T[]>,
  idOf: (item: T) => string,
  work: (item: T) => Promise<void>,
): Promise<Stop> {
  const { after } = turn;
  // The end of a prefix is written as an id after all that begin so.
  const isBefore = (prefix: string): boolean => after !== null && endOfPrefix(prefix) <= after;
  for (const prefix of idPrefixes.filter((one) => !isBefore(one))) {
    const items = await read(prefix);
    const stop = await inTurn(turn, items, idOf, work);
    if (stop !== null) return stop;
    if (items.length > 0 && prefix !== lastPrefix && turn.isOver()) return endOfPrefix(prefix);
  }
  return null;
}

const endOfPrefix = (prefix: string): string => `${prefix}~`;
const lastPrefix = idPrefixes.at(-1);
