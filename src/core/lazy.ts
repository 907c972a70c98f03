/**
 * Makes something when it is first asked for, and keeps it. What costs time to load, and not every call
 * needs, is so made by the first call that needs it.
 * @param make may throw; then it is tried again at the next call
 */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
