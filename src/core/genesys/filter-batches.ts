import type { SubjectFilter } from './subject-filter';

/**
 * Predicates in one filter. The API document states no most; the body of a call is limited, and a person
 * with ten numbers and mailboxes and some merged contacts has fewer.
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
