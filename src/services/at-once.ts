/** Calls that wait for storage at the same time, at most. */
const mostAtOnce = 16;

/** Does the same with each of many things, some of them at a time. @returns the results, in their order */
export async function allAtOnce<T, R>(
  things: readonly T[],
  work: (thing: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < things.length; i += mostAtOnce)
    results.push(...(await Promise.all(things.slice(i, i + mostAtOnce).map(work))));
  return results;
}
