/** Calls that wait for storage at the same time, unless a caller says otherwise. */
const mostAtOnce = 16;

/**
 * Does the same with each of many things, some of them at a time.
 * @param most how many at a time
 * @returns the results, in the order of the things
 */
export async function allAtOnce<T, R>(
  things: readonly T[],
  work: (thing: T) => Promise<R>,
  most = mostAtOnce,
): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < things.length; i += most)
    results.push(...(await Promise.all(things.slice(i, i + most).map(work))));
  return results;
}
