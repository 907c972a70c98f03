import type { SubjectFilter } from './subject-filter';

/**
 * Most predicates in one filter. The API document states no limit; a query of this length is far below
 * the size of request that is refused, and most people need one: a second doubles the jobs of the search.
 */
export const mostPredicates = 200;

/** Filters that together find what one filter finds, each with no more predicates than are allowed. */
export function batchesOf({ type, predicates }: SubjectFilter): SubjectFilter[] {
  const count = Math.max(1, Math.ceil(predicates.length / mostPredicates));
  return Array.from({ length: count }, (_, i) => ({
    type,
    predicates: predicates.slice(i * mostPredicates, (i + 1) * mostPredicates),
  }));
}
