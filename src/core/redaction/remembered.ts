/**
 * What is found for a value, which is kept in mind: the same values come again and again.
 * @param most values that are kept in mind; more of them are found anew each time
 */
export function remembered<T>(find: (value: string) => T, most: number): (value: string) => T {
  const known = new Map<string, { found: T }>();
  return (value) => {
    const one = known.get(value);
    if (one !== undefined) return one.found;
    const found = find(value);
    if (known.size < most) known.set(value, { found });
    return found;
  };
}
