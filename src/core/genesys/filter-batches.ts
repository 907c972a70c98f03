import { subjectIdentifiersOf } from '../subject/contact';
import type { Identifier } from '../subject/identifiers';
import { personWithoutRecord } from '../subject/no-contact';
import { subjectFilter, type SubjectFilter } from './subject-filter';

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

/** Some identifiers, and the filter that finds the conversations with any of them. */
export interface IdentifierBatch {
  identifiers: Identifier[];
  filter: SubjectFilter;
}

/**
 * The filters by which the conversations of identifiers are counted. All spellings of an identifier stand
 * in one filter: what another filter finds as well needs no id to be known again by.
 */
export function batchesByIdentifier(identifiers: readonly Identifier[]): IdentifierBatch[] {
  const batches: IdentifierBatch[] = [];
  for (const identifier of identifiers) {
    const filter = subjectFilter(subjectIdentifiersOf(personWithoutRecord([identifier])));
    const last = batches.at(-1);
    const predicates = [...(last?.filter.predicates ?? []), ...filter.predicates];
    if (last === undefined || predicates.length > mostPredicates)
      batches.push({ identifiers: [identifier], filter });
    else {
      last.identifiers.push(identifier);
      last.filter = { ...filter, predicates };
    }
  }
  return batches;
}
